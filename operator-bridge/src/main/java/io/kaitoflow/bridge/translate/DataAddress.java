package io.kaitoflow.bridge.translate;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The part of the rule about data URLs that needs no name service: the form, and hosts that are written as what they must not be.
 * Whoever connects checks the resolved address again, and after every redirect.
 */
record DataAddress(String url) {

    private static final List<String> METADATA_HOSTS =
            List.of("metadata", "metadata.google.internal", "metadata.azure.internal", "instance-data");

    private static final String READABLE = "Give an address that everyone with the right may read.";

    private static final String OWN_MIRROR =
            "The host of a mirror of your own has to stand in data.allowedHosts of the chart, or in KAITOFLOW_ALLOWED_HOSTS of the command.";

    private static final String INSIDE = "must not point at this machine, a private network or a metadata service";

    private static final Pattern HUB_NAME = Pattern.compile("[\\w.-]+/[\\w.-]+");
    private static final Pattern BEHIND_HOST = Pattern.compile("https?://[^/?#]+[/?#]", Pattern.CASE_INSENSITIVE);

    /** A rule that a URL breaks, and what to write. */
    record Broken(String rule, String cure) {}

    /** The rule that the URL breaks, if it breaks one. */
    Optional<Broken> brokenRule(TranslatorSettings settings) {
        Optional<URI> uri = parse();
        if (uri.isEmpty()) {
            return Optional.of(unreadableCharacter()
                    .orElseGet(() -> new Broken("must be an http or https URL with a host", addressed())));
        }
        String host = host(uri.get());
        if (isMetadata(host)) {
            return Optional.of(new Broken(INSIDE, READABLE));
        }
        return !settings.allows(host, port(uri.get())) && forbidden(host)
                ? Optional.of(new Broken(INSIDE, READABLE + " " + OWN_MIRROR))
                : Optional.empty();
    }

    private String addressed() {
        return HUB_NAME.matcher(url).matches()
                ? "A file of a data set of the Hugging Face hub is https://huggingface.co/datasets/" + url
                        + "/resolve/main/FILE."
                : READABLE;
    }

    /** Behind the host; in it, no other spelling would help. */
    private Optional<Broken> unreadableCharacter() {
        try {
            new URI(url);
            return Optional.empty();
        } catch (URISyntaxException e) {
            boolean behindHost = BEHIND_HOST
                    .matcher(url.substring(0, Math.max(0, e.getIndex())))
                    .lookingAt();
            return behindHost ? Optional.of(escaped(url.charAt(e.getIndex()))) : Optional.empty();
        }
    }

    private static Broken escaped(char found) {
        String name = found == ' ' ? "a space" : "the character " + found;
        return new Broken(
                "holds " + name + ", which no URL can hold as it is",
                "Write it as " + String.format(Locale.ROOT, "%%%02X", (int) found) + ".");
    }

    private Optional<URI> parse() {
        try {
            URI uri = new URI(url);
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static String host(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    /** A machine is told its own secrets there, so no setting allows it. */
    private static boolean isMetadata(String host) {
        return METADATA_HOSTS.contains(host)
                || literal(host).filter(InetAddress::isLinkLocalAddress).isPresent();
    }

    private static boolean forbidden(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || literal(host).filter(DataAddress::internal).isPresent();
    }

    /** The address that a host spells out, also in the old forms that resolvers accept: 2130706433, 0x7f.1, 0177.0.0.1. */
    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(host.startsWith("[") ? InetAddress.ofLiteral(host) : Inet4Address.ofPosixLiteral(host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean internal(InetAddress address) {
        boolean uniqueLocal = address.getAddress().length == 16 && (address.getAddress()[0] & 0xfe) == 0xfc;
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || uniqueLocal;
    }
}

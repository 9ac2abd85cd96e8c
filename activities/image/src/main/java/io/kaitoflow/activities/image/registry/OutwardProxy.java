package io.kaitoflow.activities.image.registry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The proxy through which an installation reaches what is outside of it: registries, hubs, and data by URL. The API server, Temporal
 * and what else is inside is reached directly.
 */
public final class OutwardProxy extends ProxySelector {

    /** {@code http://HOST:PORT}. */
    public static final String VARIABLE = "KAITOFLOW_PROXY";

    /** Hosts, and suffixes that begin with a dot, between commas, that are reached directly. */
    public static final String EXCEPTIONS = "KAITOFLOW_NO_PROXY";

    private static final String TEMPORAL = "KAITOFLOW_TEMPORAL_ADDRESS";
    private static final List<String> INSIDE = List.of(".svc", ".cluster.local", "localhost", "127.0.0.1");

    private final Proxy proxy;
    private final List<String> direct;

    private OutwardProxy(Proxy proxy, List<String> direct) {
        this.proxy = proxy;
        this.direct = direct;
    }

    /**
     * Every connection to the outside that this process opens afterwards goes through the proxy that the environment names.
     *
     * @throws IllegalArgumentException when the variable is set and names none
     */
    public static void use(Map<String, String> environment) {
        find(environment).ifPresent(ProxySelector::setDefault);
    }

    static Optional<OutwardProxy> find(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(VARIABLE))
                .filter(text -> !text.isBlank())
                .map(text -> new OutwardProxy(parse(text.strip()), exceptions(environment)));
    }

    private static Proxy parse(String text) {
        URI address = URI.create(text);
        if (!"http".equals(address.getScheme())
                || address.getHost() == null
                || address.getPort() < 0
                || address.getUserInfo() != null) {
            throw new IllegalArgumentException(VARIABLE + ": \"" + text
                    + "\" must be http://HOST:PORT; a proxy that asks for a name is not possible.");
        }
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(address.getHost(), address.getPort()));
    }

    private static List<String> exceptions(Map<String, String> environment) {
        String temporal = environment.getOrDefault(TEMPORAL, "").replaceFirst(":\\d+$", "");
        return Stream.concat(
                        Stream.concat(INSIDE.stream(), Stream.of(temporal)),
                        Arrays.stream(environment.getOrDefault(EXCEPTIONS, "").split(",")))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    @Override
    public List<Proxy> select(URI target) {
        String host = Optional.ofNullable(target.getHost()).orElse("").toLowerCase(Locale.ROOT);
        return List.of(isDirect(host) ? Proxy.NO_PROXY : proxy);
    }

    /** A name without a dot is one of the network that the process is in. */
    private boolean isDirect(String host) {
        return !host.contains(".")
                || direct.stream().anyMatch(name -> name.startsWith(".") ? host.endsWith(name) : host.equals(name));
    }

    /** Whoever connected says so. */
    @Override
    public void connectFailed(URI target, SocketAddress address, IOException failure) {}
}

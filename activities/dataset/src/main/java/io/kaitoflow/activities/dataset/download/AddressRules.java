package io.kaitoflow.activities.dataset.download;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which addresses a user's URL may lead to: the public internet, and hosts on the allow-list. The *resolved* address
 * decides, so a public name that points inside is refused too, and so is every hop of a redirect.
 */
public final class AddressRules {

    /** Azure's wire server: a public-looking address that answers only inside a virtual machine. */
    private static final String AZURE_WIRE_SERVER = "168.63.129.16";

    private static final String ANY_HOST = "*";

    private final Set<String> allowedHosts;
    private final HostResolver resolver;

    /** Names to addresses; {@link InetAddress#getAllByName} outside tests. */
    @FunctionalInterface
    public interface HostResolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /**
     * @param allowedHosts {@code host} or {@code host:port}, for mirrors inside the cluster
     * @param resolver asked anew before every connection
     */
    public AddressRules(Set<String> allowedHosts, HostResolver resolver) {
        this.allowedHosts = Set.copyOf(allowedHosts);
        this.resolver = resolver;
    }

    /** The public internet and these hosts. */
    public static AddressRules publicInternetAnd(Set<String> allowedHosts) {
        return new AddressRules(allowedHosts, InetAddress::getAllByName);
    }

    /** Every host, for addresses that the operator of this system chose and no user can. */
    public static AddressRules anyHost() {
        return publicInternetAnd(Set.of(ANY_HOST));
    }

    /**
     * @throws DownloadException.Refused when the address may not be asked
     * @throws DownloadException.Unreachable when the name has no address
     */
    public void check(URI address) {
        String shown = Addresses.shown(address);
        requireHttp(address, shown);
        String host = hostOf(address, shown);
        if (isAllowed(address, host)) {
            return;
        }
        for (InetAddress resolved : resolve(host, shown)) {
            if (!isPublic(resolved)) {
                throw new DownloadException.Refused(shown + " leads to " + resolved.getHostAddress()
                        + ", which is not a public address; add " + host
                        + " to the allowed hosts if it is a mirror of yours.");
            }
        }
    }

    private static void requireHttp(URI address, String shown) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        if (!List.of("http", "https").contains(scheme)) {
            throw new DownloadException.Refused(shown + " is not an http(s) address.");
        }
        if (address.getUserInfo() != null) {
            throw new DownloadException.Refused(shown + " holds a user name or password; leave it out.");
        }
    }

    private static String hostOf(URI address, String shown) {
        String host = address.getHost();
        if (host == null || host.isEmpty()) {
            throw new DownloadException.Refused(shown + " names no host.");
        }
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return bare.toLowerCase(Locale.ROOT);
    }

    private boolean isAllowed(URI address, String host) {
        return allowedHosts.contains(ANY_HOST)
                || allowedHosts.contains(host)
                || allowedHosts.contains(host + ":" + Addresses.port(address));
    }

    private InetAddress[] resolve(String host, String shown) {
        try {
            return resolver.resolve(host);
        } catch (UnknownHostException e) {
            throw new DownloadException.Unreachable(shown + ": the name " + host + " has no address.", e);
        }
    }

    private static boolean isPublic(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        return address instanceof Inet4Address four ? isPublic(four) : isPublicSix(address.getAddress());
    }

    private static boolean isPublic(Inet4Address address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        boolean thisNetwork = first == 0;
        boolean carrierGrade = first == 100 && (second & 0xc0) == 64;
        boolean protocolAssignments = first == 192 && second == 0 && bytes[2] == 0;
        boolean benchmarking = first == 198 && (second & 0xfe) == 18;
        boolean reserved = first >= 240;
        return !thisNetwork
                && !carrierGrade
                && !protocolAssignments
                && !benchmarking
                && !reserved
                && !address.getHostAddress().equals(AZURE_WIRE_SERVER);
    }

    private static boolean isPublicSix(byte[] bytes) {
        boolean uniqueLocal = (bytes[0] & 0xfe) == 0xfc;
        return !uniqueLocal && isPublicBehindTranslation(bytes);
    }

    /** NAT64 (64:ff9b::/96) and 6to4 (2002::/16) carry an IPv4 address that a gateway would connect to. */
    private static boolean isPublicBehindTranslation(byte[] bytes) {
        boolean nat64 = bytes[0] == 0 && bytes[1] == 0x64 && (bytes[2] & 0xff) == 0xff && (bytes[3] & 0xff) == 0x9b;
        boolean sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02;
        if (!nat64 && !sixToFour) {
            return true;
        }
        int start = nat64 ? 12 : 2;
        byte[] inner = Arrays.copyOfRange(bytes, start, start + 4);
        try {
            return isPublic(InetAddress.getByAddress(inner));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Four bytes are always an address", e);
        }
    }
}

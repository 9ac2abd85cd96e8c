package io.kaitoflow.activities.dataset.download;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which addresses a user's URL may lead to: the public internet, and hosts on the allow-list, unless these lead to where a machine is
 * told about itself. The *resolved* address decides, so a public name that points inside is refused too, and so is every hop of a redirect.
 */
public final class AddressRules {

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
        if (allowedHosts.contains(ANY_HOST)) {
            return;
        }
        boolean allowed = isAllowed(address);
        for (InetAddress resolved : resolve(host, shown)) {
            check(new ResolvedAddress(resolved), allowed, shown, host);
        }
    }

    private static void check(ResolvedAddress resolved, boolean allowed, String shown, String host) {
        String leads = shown + " leads to " + resolved.address().getHostAddress() + ", which is not a public address";
        if (resolved.isMetadata()) {
            throw new DownloadException.Refused(
                    leads + " but one where a machine is told its own secrets; no setting allows it.");
        }
        if (!allowed && !resolved.isPublic()) {
            throw new DownloadException.Refused(leads + "; if it is a mirror of yours, add " + host
                    + " to data.allowedHosts of the chart, or to the variable " + AllowedHosts.VARIABLE
                    + " of the command.");
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

    /** An address of IPv6 has its brackets in the list too, as before a port. */
    private boolean isAllowed(URI address) {
        String host = address.getHost().toLowerCase(Locale.ROOT);
        return allowedHosts.contains(host) || allowedHosts.contains(host + ":" + Addresses.port(address));
    }

    private InetAddress[] resolve(String host, String shown) {
        try {
            return resolver.resolve(host);
        } catch (UnknownHostException e) {
            throw new DownloadException.Unreachable(shown + ": the name " + host + " has no address.", e);
        }
    }
}

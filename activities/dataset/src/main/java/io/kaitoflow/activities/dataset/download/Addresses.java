package io.kaitoflow.activities.dataset.download;

import java.net.URI;

/** What may be said of an address in messages, and what its parts mean. */
public final class Addresses {

    private Addresses() {}

    /** The address without user, query and fragment, which may hold a secret. */
    public static String shown(URI address) {
        String host = address.getHost() == null ? "" : address.getHost();
        String port = address.getPort() < 0 ? "" : ":" + address.getPort();
        String path = address.getPath() == null ? "" : address.getPath();
        return address.getScheme() + "://" + host + port + path;
    }

    static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    }

    static boolean sameOrigin(URI one, URI other) {
        return String.valueOf(one.getScheme()).equalsIgnoreCase(other.getScheme())
                && String.valueOf(one.getHost()).equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }
}

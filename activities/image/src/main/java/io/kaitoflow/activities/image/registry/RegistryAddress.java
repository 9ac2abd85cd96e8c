package io.kaitoflow.activities.image.registry;

import io.kaitoflow.presets.ImageReference;
import java.net.URI;
import java.util.Locale;

/**
 * Where a registry listens. Plain http is spoken with this machine alone.
 *
 * @param name as image references write it; credentials are filed under it
 * @param base scheme, host and port
 */
public record RegistryAddress(String name, URI base) {

    private static final String DOCKER_HUB = "docker.io";

    public static RegistryAddress of(ImageReference image) {
        return named(image.registry());
    }

    static RegistryAddress named(String name) {
        String host = name.equals(DOCKER_HUB) ? "registry-1.docker.io" : name;
        String scheme = isThisMachine(host.replaceFirst(":\\d+$", "")) ? "http" : "https";
        return new RegistryAddress(name, URI.create(scheme + "://" + host));
    }

    /** Whether credentials may go to this address. */
    static boolean mayCarrySecrets(URI address) {
        return "https".equals(address.getScheme())
                || ("http".equals(address.getScheme()) && isThisMachine(String.valueOf(address.getHost())));
    }

    static boolean sameHost(URI one, URI other) {
        return one.getScheme().equals(other.getScheme())
                && one.getAuthority()
                        .toLowerCase(Locale.ROOT)
                        .equals(other.getAuthority().toLowerCase(Locale.ROOT));
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost") || host.matches("127\\.\\d+\\.\\d+\\.\\d+") || host.equals("[::1]");
    }

    URI resolve(String path) {
        return base.resolve(path);
    }

    @Override
    public String toString() {
        return base.toString();
    }
}

package io.kaitoflow.activities.dataset.source;

import java.nio.file.Path;
import java.util.Set;

/**
 * How data is fetched.
 *
 * @param downloads folder that keeps what was downloaded, one folder per owner
 * @param allowedHosts {@code host} or {@code host:port} that may have a private address: mirrors inside the cluster
 */
public record FetchSettings(Path downloads, Set<String> allowedHosts) {

    public FetchSettings {
        allowedHosts = Set.copyOf(allowedHosts);
    }
}

package io.kaitoflow.activities.dataset.download;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One file to get.
 *
 * @param address where it is
 * @param target where it goes; its folder must exist
 * @param label what progress reports call it
 * @param bearer sent to the address's own origin only, never to where it redirects
 */
public record Download(URI address, Path target, String label, Optional<String> bearer) {

    @Override
    public String toString() {
        return "Download[" + Addresses.shown(address) + " to " + target + "]";
    }
}

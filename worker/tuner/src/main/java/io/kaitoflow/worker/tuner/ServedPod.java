package io.kaitoflow.worker.tuner;

import io.kaitoflow.activities.image.registry.OutwardProxy;
import io.kaitoflow.activities.image.registry.PrivateAuthorities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A server's pod as the containers beside the server see it.
 *
 * @param served the file that says what is to be served
 * @param files what the server gets
 */
record ServedPod(Path served, ServedFiles files) {

    /** @throws IllegalArgumentException when a variable is not set */
    static ServedPod of(Map<String, String> environment) {
        PrivateAuthorities.trust(environment);
        OutwardProxy.use(environment);
        LocalHome home = new LocalHome(Path.of(required(environment, "KAITOFLOW_HOME")));
        WorkspaceObjects objects = PodObjects.in(Path.of(required(environment, "KAITOFLOW_SECRETS")), environment);
        return new ServedPod(
                Path.of(required(environment, "KAITOFLOW_SERVED")),
                new ServedFiles(LocalRooms.ofPod(home, objects, environment)));
    }

    /** What is to be served now, letter by letter. */
    String wanted() throws IOException {
        return Files.readString(served);
    }

    private static String required(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is not set.");
        }
        return value;
    }
}

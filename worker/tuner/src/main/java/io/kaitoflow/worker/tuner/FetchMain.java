package io.kaitoflow.worker.tuner;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.kaitoflow.activities.image.registry.PrivateAuthorities;
import io.kaitoflow.workflows.rollout.ServedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a server's model and adapters to its pod, before the server starts, and ends. What is there already, whole and by its
 * digest, is kept.
 */
public final class FetchMain {

    private FetchMain() {}

    /** The process; it ends with 1 and one sentence when something cannot be had. */
    public static void main(String[] arguments) throws IOException {
        System.setProperty("logback.configurationFile", "io/kaitoflow/worker/tuner/logback.xml");
        Logger log = LoggerFactory.getLogger(FetchMain.class);
        try {
            fetch(System.getenv());
            log.info("Everything is here");
        } catch (RuntimeException refused) {
            log.debug("Fetching failed", refused);
            // The last line is what the kubelet quotes.
            System.err.println(refused.getMessage());
            System.exit(1);
        }
    }

    private static void fetch(Map<String, String> environment) throws IOException {
        PrivateAuthorities.trust(environment);
        PodEnvironment pod = new PodEnvironment(environment);
        LocalHome home = new LocalHome(Path.of(pod.required("KAITOFLOW_HOME")));
        WorkspaceObjects objects = PodObjects.in(Path.of(pod.required("KAITOFLOW_SECRETS")), environment);
        ServedModel served = JsonMapper.builder()
                .addModule(new Jdk8Module())
                .build()
                .readValue(Path.of(pod.required("KAITOFLOW_SERVED")).toFile(), ServedModel.class);
        new ServedFiles(LocalRooms.ofPod(home, objects, environment)).fetch(served);
    }
}

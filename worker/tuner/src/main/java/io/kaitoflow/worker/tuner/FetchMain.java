package io.kaitoflow.worker.tuner;

import java.io.IOException;
import java.nio.file.Path;
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
            ServedPod pod = ServedPod.of(System.getenv());
            String wanted = pod.wanted();
            Path model = pod.files().fetch(wanted);
            if ("vllm".equals(System.getenv("KAITOFLOW_RUNTIME"))) {
                pod.files().configureVllm(wanted, model);
            }
            log.info("Everything is here");
        } catch (RuntimeException refused) {
            log.debug("Fetching failed", refused);
            // The last line is what the kubelet quotes.
            System.err.println(refused.getMessage());
            System.exit(1);
        }
    }
}

package io.kaitoflow.worker.tuner;

import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.workflows.failure.FailureKind;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stays beside a server and brings the adapters that its pod is to serve next, whenever those change. Whoever may change the pod's
 * annotation decides that; no request reaches this process.
 */
public final class FollowMain {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    /** A registry may be away for a moment; whoever waits for the adapters does so for a minute. */
    private static final Duration REGISTRY_PATIENCE = Duration.ofSeconds(40);

    private final ServedPod pod;
    private final Logger log;
    private String seen = "";
    private long wantedSince;

    private FollowMain(ServedPod pod, Logger log) {
        this.pod = pod;
        this.log = log;
    }

    /** The process; it ends only when it is told to. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.setProperty("logback.configurationFile", "io/kaitoflow/worker/tuner/logback.xml");
        FollowMain follower = new FollowMain(ServedPod.of(System.getenv()), LoggerFactory.getLogger(FollowMain.class));
        follower.follow();
    }

    private void follow() throws IOException, InterruptedException {
        String wanted = pod.wanted();
        wantedSince = System.nanoTime();
        while (true) {
            if (!wanted.equals(seen)) {
                bring(wanted);
            }
            Thread.sleep(LOOK_AGAIN);
            String now = pod.wanted();
            if (!now.equals(wanted)) {
                wanted = now;
                wantedSince = System.nanoTime();
            }
        }
    }

    private void bring(String wanted) throws IOException {
        try {
            pod.files().bring(wanted);
            seen = wanted;
            log.info("The adapters are here");
        } catch (ImageException refused) {
            log.warn("The adapters cannot be had: {}", refused.getMessage());
            if (!mayPass(refused)) {
                pod.files().refuse(wanted, String.valueOf(refused.getMessage()));
                seen = wanted;
            }
        }
    }

    private boolean mayPass(ImageException refused) {
        return refused.kind() == FailureKind.REGISTRY_UNAVAILABLE
                && System.nanoTime() - wantedSince < REGISTRY_PATIENCE.toNanos();
    }
}

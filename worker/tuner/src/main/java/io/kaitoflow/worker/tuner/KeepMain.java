package io.kaitoflow.worker.tuner;

import io.kaitoflow.activities.image.parking.ParkedFolder;
import io.kaitoflow.activities.image.parking.ParkingDoor;
import io.kaitoflow.presets.Digest;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one result that could not be pushed into a volume, and stays until it is ended: whoever brings it may ask twice. */
public final class KeepMain {

    private KeepMain() {}

    /** The process; it ends with 1 and one sentence when it cannot begin. */
    public static void main(String[] arguments) throws InterruptedException {
        System.setProperty("logback.configurationFile", "io/kaitoflow/worker/tuner/logback.xml");
        Logger log = LoggerFactory.getLogger(KeepMain.class);
        try {
            keep(new PodEnvironment(System.getenv()), log);
        } catch (RuntimeException broken) {
            log.debug("Keeping failed", broken);
            // The last line is what the kubelet quotes.
            System.err.println(broken.getMessage());
            System.exit(1);
        }
    }

    private static void keep(PodEnvironment pod, Logger log) throws InterruptedException {
        ParkedFolder folder = new ParkedFolder(Path.of(pod.required("KAITOFLOW_PARKED")));
        int port = Integer.parseInt(pod.required("KAITOFLOW_PARKING_PORT"));
        try (ParkingDoor door = new ParkingDoor(port, folder, Digest.parse(pod.required("KAITOFLOW_PARKS")))) {
            log.info("Probes are answered on port {}", door.port());
            new CountDownLatch(1).await();
        }
    }
}

package io.kaitoflow.worker.control;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kaitoflow.bridge.reconcile.BridgePace;
import io.kaitoflow.bridge.reconcile.ClusterClient;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process of the control plane's pod; it ends on SIGTERM, giving the lease back first. */
public final class ControlMain {

    private static final Logger LOG = LoggerFactory.getLogger(ControlMain.class);

    private ControlMain() {}

    /** Runs until it is told to stop. */
    public static void main(String[] arguments) throws InterruptedException {
        ControlSettings settings = ControlSettings.from(System.getenv());
        LOG.info("{}", settings);
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(stop, stopped), "stop"));
        try {
            serve(settings, stop);
        } finally {
            stopped.countDown();
        }
    }

    private static void serve(ControlSettings settings, CountDownLatch stop) throws InterruptedException {
        AtomicReference<BooleanSupplier> healthy = new AtomicReference<>(() -> true);
        AtomicBoolean serving = new AtomicBoolean();
        try (KubernetesClient client = client(settings);
                HealthEndpoint health = new HealthEndpoint(
                        settings.healthPort(), () -> healthy.get().getAsBoolean(), serving::get);
                ControlPlane plane = new ControlPlane(settings, client, BridgePace.standard(), Clock.systemUTC())) {
            healthy.set(plane::healthy);
            serving.set(true);
            LOG.info("Ready; probes are answered on port {}", health.port());
            stop.await();
            serving.set(false);
        }
    }

    private static KubernetesClient client(ControlSettings settings) {
        Config config = settings.kubeconfig()
                .map(file -> Config.fromKubeconfig(file.toFile()))
                .orElseGet(() -> new ConfigBuilder().build());
        return ClusterClient.prepared(new KubernetesClientBuilder().withConfig(config))
                .build();
    }

    private static void await(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

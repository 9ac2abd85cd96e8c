package io.kaitoflow.worker.control;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kaitoflow.activities.image.registry.OutwardProxy;
import io.kaitoflow.activities.image.registry.PrivateAuthorities;
import io.kaitoflow.activities.nodes.quota.CapTrial;
import io.kaitoflow.activities.preflight.OwnNodes;
import io.kaitoflow.bridge.admission.AdmissionServer;
import io.kaitoflow.bridge.reconcile.BridgePace;
import io.kaitoflow.bridge.reconcile.ClusterClient;
import io.kaitoflow.bridge.reconcile.OtherInstallations;
import io.kaitoflow.temporal.TemporalException;
import io.kaitoflow.temporal.codec.CodecEndpoint;
import io.kaitoflow.worker.control.metrics.ControlMetrics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of the control plane's pod. It waits for Temporal for as long as that takes, and says so to the probes; it ends on
 * SIGTERM, finishing calls under way and giving the lease back first.
 */
public final class ControlMain {

    private static final Logger LOG = logger();

    private static final String KARPENTER = "karpenter.sh/v1";

    /** Between two tries to reach Temporal. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** Between two looks for an installation that began at the same moment. */
    private static final Duration LOOK_AROUND = Duration.ofSeconds(30);

    /** Kubernetes kills after thirty seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final ControlSettings settings;
    private final BridgePace pace;
    private final Clock clock;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    ControlMain(ControlSettings settings, BridgePace pace, Clock clock) {
        this.settings = settings;
        this.pace = pace;
        this.clock = clock;
    }

    /** Its settings are named here and not by the file's own default name, since other processes share this class path. */
    private static Logger logger() {
        System.setProperty("logback.configurationFile", "io/kaitoflow/worker/control/logback.xml");
        return LoggerFactory.getLogger(ControlMain.class);
    }

    /** Runs until it is told to stop. */
    public static void main(String[] arguments) throws InterruptedException {
        new ControlMain(ControlSettings.from(System.getenv()), BridgePace.standard(), Clock.systemUTC()).run();
    }

    void run() throws InterruptedException {
        LOG.info("{}", settings);
        PrivateAuthorities.trust(System.getenv());
        OutwardProxy.use(System.getenv());
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        try {
            serve();
        } finally {
            stopped.countDown();
        }
    }

    private void serve() throws InterruptedException {
        Health health = new Health();
        Optional<AdmissionServer> webhook = Optional.empty();
        Optional<CodecEndpoint> codec = Optional.empty();
        try (KubernetesClient client = client();
                ControlMetrics metrics = new ControlMetrics();
                HealthEndpoint probes =
                        new HealthEndpoint(settings.healthPort(), health::dead, health::missing, metrics::text)) {
            LOG.info("Probes are answered on port {}", probes.port());
            Thread.startVirtualThread(() -> greet(client));
            webhook = webhook(client);
            codec = codec();
            work(client, health, metrics);
        } finally {
            webhook.ifPresent(AdmissionServer::close);
            codec.ifPresent(CodecEndpoint::close);
        }
    }

    /** A first call loads the client's classes and shakes hands while Temporal is connected to; whoever needs an answer asks again. */
    private static void greet(KubernetesClient client) {
        try {
            client.getKubernetesVersion();
        } catch (KubernetesClientException unanswered) {
            LOG.debug("The API server does not answer yet", unanswered);
        }
    }

    /** What the cluster lacks for machines to be bought; an API server that does not say so is asked by everything else too. */
    private Optional<String> missing(KubernetesClient client) {
        try {
            return settings.machines().buyer() == Buyer.KARPENTER && client.getApiResources(KARPENTER) == null
                    ? Optional.of("The cluster knows no NodeClaims (" + KARPENTER
                            + "): install Karpenter or gpu-provisioner, or set "
                            + "nodes.provisioner to azure, or to none for nodes of your own.")
                    : Optional.empty();
        } catch (KubernetesClientException unanswered) {
            return Optional.empty();
        }
    }

    private void work(KubernetesClient client, Health health, ControlMetrics metrics) throws InterruptedException {
        OtherInstallations others = new OtherInstallations(client, settings.installation());
        do {
            Optional<String> missing = others.inTheWay().or(() -> missing(client));
            if (missing.isPresent()) {
                LOG.warn("{} It is looked for again.", missing.get());
                health.without(missing.get());
                continue;
            }
            try (ControlPlane plane = new ControlPlane(settings, client, pace, clock, metrics.times())) {
                health.serving(plane);
                metrics.read(plane::figures);
                metrics.readQueues(plane::queues);
                LOG.info("Ready");
                awaitEnd(others);
                health.without("The control plane is stopping.");
                metrics.read(Optional::empty);
                metrics.readQueues(List::of);
            } catch (TemporalException nobody) {
                LOG.warn("{} It is tried again.", nobody.getMessage());
                health.without(String.valueOf(nobody.getMessage()));
            }
        } while (!stop.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS));
        LOG.info("Stopped; the lease is given back");
    }

    /** Waits until it is told to stop, or has to give way. */
    private void awaitEnd(OtherInstallations others) throws InterruptedException {
        Optional<String> elder = Optional.empty();
        while (elder.isEmpty() && !stop.await(LOOK_AROUND.toMillis(), TimeUnit.MILLISECONDS)) {
            elder = others.elder();
        }
    }

    private Optional<AdmissionServer> webhook(KubernetesClient client) {
        Optional<AdmissionServer> server = settings.admission()
                .map(admission -> AdmissionServer.start(
                        admission,
                        ControlPlane.translator(settings.machines(), settings.allowed(), clock),
                        new CapOutlook(
                                ControlPlane.plans(settings.machines(), OwnNodes.UNKNOWN, clock),
                                new CapTrial(settings.machines().caps())),
                        client));
        server.ifPresentOrElse(
                started -> LOG.info("The webhook is served on port {}", started.port()),
                () -> LOG.info(
                        "The webhook is off: KAITOFLOW_ADMISSION_CERTIFICATE and KAITOFLOW_ADMISSION_KEY are not set."
                                + " What is wrong is refused before anything is bought; whether an author may make pods is asked"
                                + " by the policy of helm/admission alone."));
        return server;
    }

    private Optional<CodecEndpoint> codec() {
        Optional<CodecEndpoint> endpoint = settings.privacy()
                .flatMap(privacy -> privacy.people().map(people -> CodecEndpoint.start(people, privacy.codec())));
        endpoint.ifPresent(started -> LOG.info("Payloads are decrypted for people on port {}", started.port()));
        return endpoint;
    }

    private KubernetesClient client() {
        Config config = settings.kubeconfig()
                .map(file -> Config.fromKubeconfig(file.toFile()))
                .orElseGet(() -> new ConfigBuilder().build());
        return ClusterClient.prepared(new KubernetesClientBuilder().withConfig(config))
                .build();
    }

    private void stop() {
        stop.countDown();
        try {
            if (!stopped.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The control plane did not stop within {} s and ends all the same", PATIENCE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

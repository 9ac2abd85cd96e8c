package io.kaitoflow.worker.control;

import io.kaitoflow.activities.dataset.download.AllowedHosts;
import io.kaitoflow.activities.rollout.cluster.ClusterSettings;
import io.kaitoflow.bridge.admission.AdmissionSettings;
import io.kaitoflow.bridge.reconcile.Installation;
import io.kaitoflow.bridge.reconcile.WatchedNamespaces;
import io.kaitoflow.bridge.translate.TranslatorSettings;
import io.kaitoflow.temporal.TemporalAccess;
import io.kaitoflow.temporal.TemporalAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that an installation says to the control plane; read once, checked whole, without a secret in it.
 *
 * @param temporal where runs are kept
 * @param access lets the control plane in there
 * @param kubeconfig of the cluster; empty inside it
 * @param installation in whose namespace the control plane lives, and its lease
 * @param identity of this replica, unique among all
 * @param machines where they come from
 * @param allowed what workspaces may ask for
 * @param push how results are pushed without a secret; empty when a secret is always needed
 * @param rollout how tuners and servers are run
 * @param healthPort on which probes ask; 0 takes any free one
 * @param admission how the webhook is served; empty when it is off
 * @param door through which tuners reach Temporal; empty where they reach it themselves
 * @param privacy keeps payloads secret; empty when they are kept as they are
 */
public record ControlSettings(
        TemporalAddress temporal,
        TemporalAccess access,
        Optional<Path> kubeconfig,
        Installation installation,
        String identity,
        MachineSettings machines,
        TranslatorSettings allowed,
        Optional<PushSettings> push,
        ClusterSettings rollout,
        int healthPort,
        Optional<AdmissionSettings> admission,
        Optional<DoorSettings> door,
        Optional<PrivacySettings> privacy) {

    private static final int HIGHEST_PORT = 65_535;
    private static final String CERTIFICATE = "KAITOFLOW_ADMISSION_CERTIFICATE";
    private static final String KEY = "KAITOFLOW_ADMISSION_KEY";

    /** @throws IllegalArgumentException that names the variable, its value and the rule */
    public static ControlSettings from(Map<String, String> environment) {
        ClusterSettings rollout = ClusterSettings.from(environment);
        Optional<PushSettings> push = PushSettings.from(rollout.pods().push(), environment);
        return new ControlSettings(
                new TemporalAddress(
                        text(environment, "KAITOFLOW_TEMPORAL_ADDRESS", "127.0.0.1:7233"),
                        text(environment, "KAITOFLOW_TEMPORAL_NAMESPACE", TemporalAddress.DEFAULT_NAMESPACE)),
                access(environment),
                Optional.ofNullable(environment.get("KUBECONFIG")).map(Path::of),
                installation(environment),
                text(environment, "KAITOFLOW_REPLICA", text(environment, "HOSTNAME", "control")),
                MachineSettings.from(environment, text(environment, "KAITOFLOW_NAMESPACE", "default")),
                new TranslatorSettings(AllowedHosts.of(environment).hosts(), push.isPresent()),
                push,
                rollout,
                port("KAITOFLOW_HEALTH_PORT", text(environment, "KAITOFLOW_HEALTH_PORT", "8080")),
                admission(environment),
                DoorSettings.from(environment),
                PrivacySettings.from(environment));
    }

    /**
     * Who this installation is.
     *
     * @throws IllegalArgumentException that names the variable, its value and the rule
     */
    public static Installation installation(Map<String, String> environment) {
        return new Installation(
                text(environment, "KAITOFLOW_NAMESPACE", "default"),
                environment.getOrDefault("KAITOFLOW_SERVICE_ACCOUNT", ""),
                text(environment, "KAITOFLOW_INSTALLATION", "kaitoflow"),
                watched(environment.getOrDefault("KAITOFLOW_WATCH_NAMESPACES", "")));
    }

    private static WatchedNamespaces watched(String names) {
        try {
            return WatchedNamespaces.parse(names);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("KAITOFLOW_WATCH_NAMESPACES: " + wrong.getMessage(), wrong);
        }
    }

    /** A folder with an API key or certificates, and whether the connection is encrypted without any. */
    private static TemporalAccess access(Map<String, String> environment) {
        TemporalAccess access = Optional.ofNullable(environment.get("KAITOFLOW_TEMPORAL_ACCESS"))
                .map(Path::of)
                .map(TemporalAccess::by)
                .orElseGet(TemporalAccess::open);
        return Boolean.parseBoolean(environment.getOrDefault("KAITOFLOW_TEMPORAL_TLS", "false"))
                ? access.overTls()
                : access;
    }

    /** On as soon as it has a certificate. */
    private static Optional<AdmissionSettings> admission(Map<String, String> environment) {
        boolean certificate = environment.containsKey(CERTIFICATE);
        if (certificate != environment.containsKey(KEY)) {
            throw new IllegalArgumentException(CERTIFICATE + " and " + KEY
                    + " must both be set, to PEM files; leave both out to serve no webhook.");
        }
        return certificate
                ? Optional.of(new AdmissionSettings(
                        new InetSocketAddress(
                                text(environment, "KAITOFLOW_ADMISSION_HOST", "0.0.0.0"),
                                port(
                                        "KAITOFLOW_ADMISSION_PORT",
                                        text(environment, "KAITOFLOW_ADMISSION_PORT", "9443"))),
                        Path.of(text(environment, CERTIFICATE, "")),
                        Path.of(text(environment, KEY, "")),
                        AdmissionSettings.BUDGET))
                : Optional.empty();
    }

    static int port(String name, String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > HIGHEST_PORT) {
            throw new IllegalArgumentException(name + ": \"" + text + "\" must be a port number.");
        }
        return Integer.parseInt(text);
    }

    static String text(Map<String, String> environment, String name, String otherwise) {
        String value = environment.getOrDefault(name, otherwise).strip();
        if (value.isEmpty()) {
            throw new IllegalArgumentException(name + " must not be empty; leave it out for " + otherwise + ".");
        }
        return value;
    }
}

package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.nodes.azure.AzureIdentity;
import io.kaitoflow.activities.nodes.azure.AzureSettings;
import io.kaitoflow.activities.nodes.byo.OwnNodeSettings;
import io.kaitoflow.activities.nodes.karpenter.KarpenterSettings;
import io.kaitoflow.activities.nodes.karpenter.NodeClaimSpec;
import io.kaitoflow.activities.nodes.quota.Cap;
import io.kaitoflow.activities.nodes.quota.Caps;
import io.kaitoflow.activities.rollout.cluster.ClusterSettings;
import io.kaitoflow.activities.rollout.cluster.access.PushAccount;
import io.kaitoflow.bridge.admission.AdmissionSettings;
import io.kaitoflow.bridge.reconcile.Installation;
import io.kaitoflow.bridge.reconcile.WatchedNamespaces;
import io.kaitoflow.bridge.translate.TranslatorSettings;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.MachineFile;
import io.kaitoflow.temporal.TemporalAccess;
import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.codec.CodecSettings;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSettingsTest {

    @Test
    void defaults() {
        assertThat(ControlSettings.from(Map.of()))
                .isEqualTo(new ControlSettings(
                        TemporalAddress.of("127.0.0.1:7233"),
                        TemporalAccess.open(),
                        Optional.empty(),
                        new Installation("default", "", "kaitoflow", WatchedNamespaces.all()),
                        "control",
                        new MachineSettings(
                                Buyer.KARPENTER,
                                "azure",
                                List.of(),
                                new KarpenterSettings(
                                        new NodeClaimSpec.NodeClassRef(
                                                "karpenter.azure.com", "AKSNodeClass", "default"),
                                        "kaitoflow",
                                        ByteSize.ofGibibytes(200),
                                        Duration.ofMinutes(2)),
                                new OwnNodeSettings("default", "kaitoflow"),
                                Optional.empty(),
                                Caps.none(),
                                GpuCatalogue.load()),
                        TranslatorSettings.strict(),
                        Optional.empty(),
                        ClusterSettings.from(Map.of()),
                        8080,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void everyVariableCounts() {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "KAITOFLOW_ADMISSION_CERTIFICATE", "/tls/tls.crt",
                "KAITOFLOW_ADMISSION_KEY", "/tls/tls.key",
                "KAITOFLOW_ADMISSION_HOST", "127.0.0.1",
                "KAITOFLOW_ADMISSION_PORT", "8443",
                "KAITOFLOW_RUNTIME_IMAGE", "registry.example/kaitoflow-runtime:1"));
        environment.putAll(Map.of(
                "KAITOFLOW_TEMPORAL_ADDRESS", "temporal:7233",
                "KAITOFLOW_TEMPORAL_NAMESPACE", "models",
                "KUBECONFIG", "/etc/kubeconfig",
                "KAITOFLOW_NAMESPACE", "kaitoflow-system",
                "KAITOFLOW_REPLICA", "control-1",
                "KAITOFLOW_CLOUD", "aws",
                "KAITOFLOW_NODE_CLASS", "karpenter.k8s.aws/EC2NodeClass/gpu",
                "KAITOFLOW_INSTALLATION", "blue",
                "KAITOFLOW_NODE_DISK", "500 GiB",
                "KAITOFLOW_HEALTH_PORT", "9090"));

        environment.putAll(Map.of("KAITOFLOW_TEMPORAL_ACCESS", "/temporal", "KAITOFLOW_TEMPORAL_TLS", "true"));
        environment.putAll(Map.of("KAITOFLOW_NODES", "none", "KAITOFLOW_ZONES", "us-east-1a, us-east-1b"));

        assertThat(ControlSettings.from(environment))
                .isEqualTo(new ControlSettings(
                        new TemporalAddress("temporal:7233", "models"),
                        TemporalAccess.by(Path.of("/temporal")).overTls(),
                        Optional.of(Path.of("/etc/kubeconfig")),
                        new Installation("kaitoflow-system", "", "blue", WatchedNamespaces.all()),
                        "control-1",
                        machinesOfAnotherCloud(),
                        TranslatorSettings.strict(),
                        Optional.empty(),
                        ClusterSettings.from(environment),
                        9090,
                        Optional.of(new AdmissionSettings(
                                new InetSocketAddress("127.0.0.1", 8443),
                                Path.of("/tls/tls.crt"),
                                Path.of("/tls/tls.key"),
                                Duration.ofMillis(1500))),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void hostsThatDataMayComeFromAreReadForWorkspacesAndForTheirPods() {
        ControlSettings settings = ControlSettings.from(Map.of("KAITOFLOW_ALLOWED_HOSTS", "Minio:9000,nexus.svc"));

        assertThat(settings.allowed()).isEqualTo(new TranslatorSettings(Set.of("minio:9000", "nexus.svc"), false));
        assertThat(settings.rollout().pods().mirrors()).contains("Minio:9000,nexus.svc");
        assertThatThrownBy(() -> ControlSettings.from(Map.of("KAITOFLOW_ALLOWED_HOSTS", "http://minio")))
                .hasMessageContaining("KAITOFLOW_ALLOWED_HOSTS: \"http://minio\" must be a host or host:port");
    }

    @Test
    void aServiceAccountPushesWhereNoSecretIsNamed() {
        ControlSettings settings = ControlSettings.from(
                Map.of("KAITOFLOW_PUSH_ACCOUNT", "kaitoflow-push", "KAITOFLOW_PUSH_TENANT", "company"));

        assertThat(settings.allowed().workloadIdentity()).isTrue();
        assertThat(settings.push())
                .contains(new PushSettings(
                        new PushAccount("kaitoflow-push"),
                        Optional.of("company"),
                        URI.create("https://login.microsoftonline.com/")));
        assertThatThrownBy(() -> ControlSettings.from(Map.of("KAITOFLOW_PUSH_ACCOUNT", "My Account")))
                .hasMessage("KAITOFLOW_PUSH_ACCOUNT: \"My Account\" must be the name of a service account.");
    }

    @Test
    void anInstallationHasAnAccountAndNamespaces() {
        assertThat(ControlSettings.installation(
                        Map.of("KAITOFLOW_SERVICE_ACCOUNT", "control", "KAITOFLOW_WATCH_NAMESPACES", "team-a, team-b")))
                .isEqualTo(new Installation(
                        "default", "control", "kaitoflow", new WatchedNamespaces(Set.of("team-a", "team-b"))));
        assertThatThrownBy(() -> ControlSettings.from(Map.of("KAITOFLOW_WATCH_NAMESPACES", "Team A")))
                .hasMessageContaining("KAITOFLOW_WATCH_NAMESPACES: \"Team A\" cannot be a namespace");
    }

    @Test
    void capsOfNamespacesAreReadAndWhatIsNoneIsNamedWithItsVariable() {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "KAITOFLOW_QUOTAS",
                "{\"default\":{\"gpus\":8},\"namespaces\":{\"team-a\":{\"usdPerHour\":29.5,\"usdPerMonth\":4000}}}"));
        assertThat(ControlSettings.from(environment).machines().caps())
                .isEqualTo(new Caps(
                        Optional.of(new Cap(OptionalInt.of(8), Optional.empty(), Optional.empty())),
                        Map.of(
                                "team-a",
                                new Cap(
                                        OptionalInt.empty(),
                                        Optional.of(new BigDecimal("29.5")),
                                        Optional.of(new BigDecimal(4000))))));

        environment.put("KAITOFLOW_QUOTAS", "{\"team-a\":8}");
        assertThatThrownBy(() -> ControlSettings.from(environment)).hasMessageContaining("KAITOFLOW_QUOTAS");
    }

    @Test
    void machinesAndPricesOfOnesOwnAreReadAndAMistakeIsNamedWithItsVariable(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("catalogue.yaml"), """
                skus: [{name: Standard_NC24ads_A100_v4, price: {hourlyUsd: 2.9, asOf: 2026-11-01}}]
                """);
        Map<String, String> environment = Map.of("KAITOFLOW_CATALOGUE", file.toString());
        assertThat(ControlSettings.from(environment).machines().catalogue())
                .isEqualTo(GpuCatalogue.load().with(MachineFile.read(file)));

        Files.writeString(file, "skus: [{name: Standard_NC24ads_A100_v4, price: {hourlyUsd: -1, asOf: 2026-11-01}}]");
        assertThatThrownBy(() -> ControlSettings.from(environment))
                .hasMessage("KAITOFLOW_CATALOGUE: " + file
                        + ": skus: Standard_NC24ads_A100_v4: price: hourlyUsd: -1 must be"
                        + " 0 or more. Write what an hour of the whole machine costs in US dollars.");
    }

    @Test
    void everyVariableOfTheGatewayCounts() {
        Map<String, String> environment = new TreeMap<>(Map.of("KAITOFLOW_GATEWAY_KEYS", "/gateway/keys"));
        assertThat(ControlSettings.from(environment).door())
                .contains(new DoorSettings(
                        new InetSocketAddress("0.0.0.0", 7243), Path.of("/gateway/keys"), Optional.empty()));

        environment.putAll(Map.of(
                "KAITOFLOW_GATEWAY_TLS", "/gateway/tls",
                "KAITOFLOW_GATEWAY_HOST", "127.0.0.1",
                "KAITOFLOW_GATEWAY_PORT", "7443"));
        assertThat(ControlSettings.from(environment).door())
                .contains(new DoorSettings(
                        new InetSocketAddress("127.0.0.1", 7443),
                        Path.of("/gateway/keys"),
                        Optional.of(Path.of("/gateway/tls"))));
    }

    @Test
    void everyVariableOfPrivacyCounts() {
        Map<String, String> environment = new TreeMap<>(Map.of("KAITOFLOW_PAYLOAD_KEYS", "/payloads"));
        assertThatThrownBy(() -> ControlSettings.from(environment))
                .hasMessageContaining("KAITOFLOW_PAYLOAD_KEYS needs KAITOFLOW_GATEWAY_KEYS");

        environment.put("KAITOFLOW_GATEWAY_KEYS", "/gateway/keys");
        assertThat(ControlSettings.from(environment).privacy())
                .contains(new PrivacySettings(Path.of("/payloads"), Optional.empty()));

        environment.putAll(Map.of(
                "KAITOFLOW_CODEC_TOKEN", "/codec/token",
                "KAITOFLOW_CODEC_HOST", "127.0.0.1",
                "KAITOFLOW_CODEC_PORT", "9234",
                "KAITOFLOW_CODEC_ORIGINS", "http://127.0.0.1:8233, https://temporal.example"));
        assertThat(ControlSettings.from(environment).privacy())
                .contains(new PrivacySettings(
                        Path.of("/payloads"),
                        Optional.of(new CodecSettings(
                                new InetSocketAddress("127.0.0.1", 9234),
                                Path.of("/codec/token"),
                                Set.of("http://127.0.0.1:8233", "https://temporal.example")))));
    }

    private static MachineSettings machinesOfAnotherCloud() {
        return new MachineSettings(
                Buyer.NONE,
                "aws",
                List.of("us-east-1a", "us-east-1b"),
                new KarpenterSettings(
                        new NodeClaimSpec.NodeClassRef("karpenter.k8s.aws", "EC2NodeClass", "gpu"),
                        "blue",
                        ByteSize.ofGibibytes(500),
                        Duration.ofMinutes(2)),
                new OwnNodeSettings("kaitoflow-system", "blue"),
                Optional.empty(),
                Caps.none(),
                GpuCatalogue.load());
    }

    @Test
    void everyVariableOfAzureCounts() {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "KAITOFLOW_NODES", "azure",
                "KAITOFLOW_AZURE_SUBSCRIPTION", "s",
                "KAITOFLOW_AZURE_RESOURCE_GROUP", "g",
                "KAITOFLOW_AZURE_CLUSTER", "c",
                "KAITOFLOW_AZURE_DISK", "ephemeral",
                "KAITOFLOW_AZURE_GPU_DRIVER", "none",
                "KAITOFLOW_AZURE_SUBNET", "/subnets/gpu",
                "AZURE_TENANT_ID", "t",
                "AZURE_CLIENT_ID", "i"));
        assertThatThrownBy(() -> ControlSettings.from(environment))
                .hasMessageContaining("azure.workload.identity/use=true");

        environment.put("AZURE_FEDERATED_TOKEN_FILE", "/var/token");
        assertThat(ControlSettings.from(environment).machines().azure())
                .contains(new AzureSettings(
                        new AzureSettings.Cluster("s", "g", "c"),
                        new AzureIdentity.Workload("t", "i", Path.of("/var/token")),
                        "kaitoflow",
                        ByteSize.ofGibibytes(200),
                        true,
                        false,
                        Optional.of("/subnets/gpu")));

        environment.put("KAITOFLOW_AZURE_CLIENT_SECRET_FILE", "/var/secret");
        assertThat(ControlSettings.from(environment).machines().azure())
                .map(AzureSettings::identity)
                .contains(new AzureIdentity.ServicePrincipal("t", "i", Path.of("/var/secret")));
    }

    @Test
    void aBadValueIsNamedWithItsRule() {
        assertThatThrownBy(() -> ControlSettings.from(Map.of("KAITOFLOW_NODE_CLASS", "AKSNodeClass")))
                .hasMessageContaining("KAITOFLOW_NODE_CLASS: \"AKSNodeClass\" must be group/kind/name");
        assertThatThrownBy(() -> ControlSettings.from(Map.of("KAITOFLOW_NODES", "gcp")))
                .hasMessageContaining("KAITOFLOW_NODES: \"gcp\" must be one of karpenter, azure, none");
        assertThatThrownBy(() -> ControlSettings.from(Map.of("KAITOFLOW_NODES", "azure")))
                .hasMessageContaining("KAITOFLOW_AZURE_SUBSCRIPTION must be set where KAITOFLOW_NODES is azure");
        assertThatThrownBy(() -> ControlSettings.from(Map.of("KAITOFLOW_HEALTH_PORT", "99999")))
                .hasMessageContaining("must be a port number");
        assertThatThrownBy(() -> ControlSettings.from(Map.of("KAITOFLOW_NAMESPACE", " ")))
                .hasMessageContaining("KAITOFLOW_NAMESPACE must not be empty");
        assertThatThrownBy(() -> ControlSettings.from(Map.of("KAITOFLOW_ADMISSION_KEY", "/tls/tls.key")))
                .hasMessageContaining("KAITOFLOW_ADMISSION_CERTIFICATE and KAITOFLOW_ADMISSION_KEY must both be set");
    }
}

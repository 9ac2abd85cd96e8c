package io.kaitoflow.bridge.admission;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfigBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kaitoflow.bridge.translate.TranslatorSettings;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.testcluster.ApiServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** Our webhook in this JVM, with the definition and the webhook's manifest applied to a real API server. */
public final class Webhook implements AutoCloseable {

    private static final Path HELM = Path.of("..", "helm");

    private static final String ROLE = "kaitoflow-admission";

    private final AdmissionServer server;
    private final KubernetesClient own;
    private final KubernetesClient client;
    private final List<HasMetadata> manifest;

    private Webhook(AdmissionServer server, KubernetesClient own, KubernetesClient client, List<HasMetadata> manifest) {
        this.server = server;
        this.own = own;
        this.client = client;
        this.manifest = manifest;
    }

    /** @param folder for the certificate */
    public static Webhook register(ApiServer cluster, Path folder) {
        TestCertificate certificate = TestCertificate.in(folder);
        AdmissionSettings settings = new AdmissionSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                certificate.certificate(),
                certificate.key(),
                AdmissionSettings.BUDGET);
        KubernetesClient client = cluster.client();
        install(cluster);
        KubernetesClient own = restricted(cluster);
        AdmissionServer server = AdmissionServer.start(settings, translator(), wish -> List.of(), own);
        List<HasMetadata> manifest = manifest(client);
        ValidatingWebhookConfiguration hook = manifest.stream()
                .filter(ValidatingWebhookConfiguration.class::isInstance)
                .map(ValidatingWebhookConfiguration.class::cast)
                .findFirst()
                .orElseThrow();
        hook.getWebhooks()
                .getFirst()
                .setClientConfig(new WebhookClientConfigBuilder()
                        .withUrl("https://127.0.0.1:" + server.port() + "/validate")
                        .withCaBundle(certificate.encoded())
                        .build());
        client.resourceList(manifest).serverSideApply();
        return new Webhook(server, own, client, manifest);
    }

    /** Applies the definition as the chart carries it, and waits until it is served. */
    public static void install(ApiServer cluster) {
        cluster.define(HELM.resolve("crds").resolve("workspaces.kaito.sh.yaml"), "workspaces.kaito.sh");
    }

    /** A client that may do what the manifest's role allows, and nothing else: not one Secret can be read with it. */
    private static KubernetesClient restricted(ApiServer cluster) {
        cluster.client()
                .resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(ROLE)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", ROLE)
                        .addNewSubject("rbac.authorization.k8s.io", "User", ROLE, null)
                        .build())
                .serverSideApply();
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(cluster.clientConfig())
                        .withImpersonateUsername(ROLE)
                        .build())
                .build();
    }

    static WorkspaceTranslator translator() {
        Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
        return new WorkspaceTranslator(PresetCatalogue.load(), GpuCatalogue.load(), TranslatorSettings.strict(), clock);
    }

    private static List<HasMetadata> manifest(KubernetesClient client) {
        try (InputStream yaml = Files.newInputStream(HELM.resolve("admission").resolve("webhook.yaml"))) {
            return client.load(yaml).items();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the server; the API server still asks it. */
    void stopAnswering() {
        server.close();
    }

    /** Another one in its place. */
    Webhook again(ApiServer cluster, Path folder) {
        close();
        return register(cluster, folder);
    }

    @Override
    public void close() {
        client.resourceList(manifest).delete();
        server.close();
        own.close();
    }
}

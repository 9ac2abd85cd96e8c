package io.kaitoflow.bridge.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.Kubectl.Answer;
import io.kaitoflow.testcluster.WithApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What authors may name, as a real API server decides it by itself: no webhook is there. */
@ExtendWith(WithApiServer.class)
class AuthorPolicyIT {

    private static final String POLICY =
            Path.of("..", "helm", "admission", "policy.yaml").toString();

    private static final String PLAIN = "inference: {preset: {name: a}}";
    private static final String TEMPLATE = "inference: {template: {spec: {containers: [{name: a, image: a}]}}}";
    private static final String PUSHED =
            "tuning: {preset: {name: a}, method: lora, config: recipe, input: {urls: [https://a.b/c]}, output: {image: a/b:1, imagePushSecret: push}}";
    private static final String READ =
            "tuning: {preset: {name: a}, method: lora, input: {volumeSource: {persistentVolumeClaim: {claimName: rows}}}, output: {image: a/b:1}}";
    private static final String WRITTEN =
            "tuning: {preset: {name: a}, method: lora, input: {urls: [https://a.b/c]}, output: {volumeSource: {persistentVolumeClaim: {claimName: rows}}}}";

    @TempDir
    private Path folder;

    private ApiServer cluster;
    private String namespace;
    private String another;

    @BeforeEach
    void installThePolicyAlone(ApiServer server) {
        cluster = server;
        Webhook.install(server);
        cluster.kubectl().run("apply", "-f", POLICY).orFail();
        namespace = server.newNamespace();
        another = server.newNamespace();
        allow(namespace, "ada", "--verb=*", "--resource=workspaces.kaito.sh");
        allow(another, "ada", "--verb=*", "--resource=workspaces.kaito.sh");
        await().until(() -> probe().status() != 0);
    }

    /** Other tests have the same API server, which forgets a policy in its own time. */
    @AfterEach
    void forgetThePolicy() {
        cluster.kubectl().run("delete", "-f", POLICY).orFail();
        await().until(() -> probe().status() == 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            inference: {template: {spec: {containers: [{name: a, image: a}]}}} | template
            inference: {preset: {name: a}, config: settings} | ConfigMap settings
            inference: {preset: {name: a, presetOptions: {modelAccessSecret: hub}}} | Secret hub
            inference: {preset: {name: a, presetOptions: {imagePullSecrets: [pull]}}} | Secret pull
            inference: {preset: {name: a}, adapters: [{source: {name: a, image: a/b:1, imagePullSecrets: [pull]}}]} | Secret pull
            inference: {preset: {name: a}, adapters: [{source: {name: a, volumeSource: {configMap: {name: rows}}}}]} | ConfigMap rows
            inference: {preset: {name: a}, adapters: [{source: {name: a, volumeSource: {hostPath: {path: /}}}}]} | adapters.source.volumeSource
            tuning: {preset: {name: a, presetOptions: {modelAccessSecret: hub}}, method: lora, input: {urls: [https://a.b/c]}, output: {image: a/b:1}} | Secret hub
            tuning: {preset: {name: a, presetOptions: {imagePullSecrets: [pull]}}, method: lora, input: {urls: [https://a.b/c]}, output: {image: a/b:1}} | Secret pull
            tuning: {preset: {name: a}, method: lora, config: recipe, input: {urls: [https://a.b/c]}, output: {image: a/b:1}} | ConfigMap recipe
            tuning: {preset: {name: a}, method: lora, input: {image: a/b:1, imagePullSecrets: [pull]}, output: {image: a/b:1}} | Secret pull
            tuning: {preset: {name: a}, method: lora, input: {volumeSource: {configMap: {name: rows}}}, output: {image: a/b:1}} | ConfigMap rows
            tuning: {preset: {name: a}, method: lora, input: {volumeSource: {nfs: {server: a, path: /}}}, output: {image: a/b:1}} | input.volumeSource
            tuning: {preset: {name: a}, method: lora, input: {urls: [https://a.b/c]}, output: {image: a/b:1, imagePushSecret: push}} | Secret push
            tuning: {preset: {name: a}, method: lora, input: {urls: [https://a.b/c]}, output: {volumeSource: {hostPath: {path: /}}}} | output.volumeSource
            tuning: {preset: {name: a}, method: lora, input: {urls: [https://a.b/c]}, output: {image: a/b:1}} | output.image
            """)
    void whoMayNotMakePodsNamesNothingOfTheNamespace(String wish, String thing) {
        assertThat(apply("ada", wish).err())
                .contains(wish.substring(0, wish.indexOf(':')) + ": \"" + thing
                        + "\" needs the right to make pods in namespace " + namespace
                        + ", which ada has not: a pod could read the same. "
                        + "Ask for the right to create pods there, or name nothing of the namespace.");
    }

    @Test
    void aSecretThatAnAnnotationNamesIsNamed() {
        assertThat(applyFile("ada", file("v1beta1", "kaito.sh/api-keys: keys", PLAIN))
                        .err())
                .contains("inference: \"Secret keys\" needs the right");
    }

    @Test
    void theEarlierVersionIsBoundToo() {
        assertThat(applyFile("ada", file("v1alpha1", "", TEMPLATE)).err())
                .contains("inference: \"template\" needs the right");
    }

    @Test
    void whoMayNotMakePodsMayServeAModelAlone() {
        assertThat(apply("ada", PLAIN).orFail()).contains("created");
    }

    @Test
    void whoMayMakePodsNamesWhatThereIs() {
        allow(namespace, "ada", "--verb=create", "--resource=pods");

        assertThat(apply("ada", PUSHED).orFail()).contains("created");
    }

    @Test
    void podsOfAnotherNamespaceGiveNoRight() {
        allow(another, "ada", "--verb=create", "--resource=pods");

        assertThat(apply("ada", TEMPLATE).err()).contains("\"template\" needs the right");
    }

    @Test
    void whatWasNamedBeforeAnEditIsNotTheDoingOfItsAuthor() {
        apply("admin", PUSHED).orFail();

        assertThat(apply("ada", PUSHED.replace("a.b/c", "a.b/d")).orFail()).contains("configured");
        assertThat(apply("ada", PUSHED.replace("push", "others")).err()).contains("\"Secret others\" needs the right");
        assertThat(apply("ada", PUSHED.replace("imagePushSecret: push", "imagePushSecret: recipe"))
                        .err())
                .contains("\"Secret recipe\" needs the right");
        assertThat(apply("ada", PUSHED.replace(", imagePushSecret: push", "")).err())
                .contains("\"output.image\" needs the right");
        assertThat(apply("ada", PUSHED.replace("config: recipe, ", "")).orFail())
                .contains("configured");
    }

    @Test
    void whatWasReadIsNotWrittenWithoutTheRight() {
        apply("admin", READ).orFail();

        assertThat(apply("ada", WRITTEN).err()).contains("\"output.volumeSource\" needs the right");
    }

    @Test
    void finalizersStatusesAndTheEndOfAWorkspaceNeedNoRightToPods() {
        apply("admin", PUSHED).orFail();
        allow(namespace, "control", "--verb=get,patch", "--resource=workspaces.kaito.sh,workspaces.kaito.sh/status");

        patch("control", "{\"metadata\": {\"finalizers\": [\"kaito.sh/workspace\"]}}")
                .orFail();
        patch("control", "{\"status\": {\"phase\": \"Serving\"}}", "--subresource=status")
                .orFail();
        kubectl("delete", "workspace", "w", "--wait=false").orFail();
        patch("control", "{\"metadata\": {\"finalizers\": []}}").orFail();

        assertThat(kubectl("get", "workspace", "w").err()).contains("NotFound");
    }

    @Test
    void longListsKeepNobodyOut() {
        String many = PUSHED.replace("{name: a}", "{name: a, presetOptions: {imagePullSecrets: [" + secrets() + "]}}");
        allow(namespace, "eve", "--verb=*", "--resource=workspaces.kaito.sh,pods");
        apply("eve", many).orFail();

        assertThat(apply("eve", many.replace("s1,", "t1,")).orFail()).contains("configured");
        patch("ada", "{\"metadata\": {\"finalizers\": [\"kaito.sh/workspace\"]}}")
                .orFail();
        patch("ada", "{\"metadata\": {\"finalizers\": []}}").orFail();
    }

    private static String secrets() {
        return IntStream.range(0, 3000).mapToObj(each -> "s" + each).collect(Collectors.joining(","));
    }

    private void allow(String where, String user, String... rights) {
        String role = user + "-" + System.nanoTime();
        kubectl(where, Stream.concat(Stream.of("create", "role", role), Stream.of(rights)))
                .orFail();
        kubectl(where, Stream.of("create", "rolebinding", role, "--role=" + role, "--user=" + user))
                .orFail();
    }

    /** Refused once the policy is in force; where nothing is that it would be an edit of. */
    private Answer probe() {
        String file = file("v1beta1", "", TEMPLATE);
        return kubectl(another, Stream.of("create", "--dry-run=server", "--validate=false", "-f", file, as("ada")));
    }

    private Answer apply(String user, String wish) {
        return applyFile(user, file("v1beta1", "", wish));
    }

    private Answer applyFile(String user, String file) {
        return kubectl("apply", "--validate=false", "-f", file, as(user));
    }

    private String file(String version, String annotations, String wish) {
        try {
            return Files.writeString(folder.resolve("workspace.yaml"), """
                            apiVersion: kaito.sh/%s
                            kind: Workspace
                            metadata: {name: w, annotations: {%s}}
                            resource: {labelSelector: {matchLabels: {apps: w}}}
                            %s
                            """.formatted(version, annotations, wish))
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer patch(String user, String patch, String... more) {
        return kubectl(
                namespace,
                Stream.concat(
                        Stream.of("patch", "workspace", "w", "--type=merge", "--patch", patch, as(user)),
                        Stream.of(more)));
    }

    /** The administrator is whoever runs kubectl. */
    private static String as(String user) {
        return user.equals("admin") ? "--v=0" : "--as=" + user;
    }

    private Answer kubectl(String... arguments) {
        return kubectl(namespace, Stream.of(arguments));
    }

    private Answer kubectl(String where, Stream<String> arguments) {
        return cluster.kubectl().in(where, arguments.toArray(String[]::new));
    }
}

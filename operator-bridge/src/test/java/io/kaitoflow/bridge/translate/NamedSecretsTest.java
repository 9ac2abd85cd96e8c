package io.kaitoflow.bridge.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.kaitoflow.bridge.refusal.MissingObject;
import io.kaitoflow.bridge.refusal.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever sees the cluster's Secrets sees which are not there, and which cannot be what they are named for. */
class NamedSecretsTest {

    private static final WorkspaceTranslator TRANSLATOR = Workspaces.translator(TranslatorSettings.strict());
    private static final String TUNING = Workspaces.TUNING
            .replace(
                    "preset: {name: smollm2-135m-instruct}",
                    "preset: {name: smollm2-135m-instruct, presetOptions: {modelAccessSecret: hub}}")
            .replace(
                    "urls: [\"https://example.org/train.jsonl\"]",
                    "{image: \"registry.example/rows:1\", imagePullSecrets: [pull]}");
    private static final String SERVING = """
            apiVersion: kaito.sh/v1beta1
            kind: Workspace
            metadata: {name: serve}
            resource: {labelSelector: {matchLabels: {apps: serve}}}
            inference:
              preset: {name: smollm2-135m-instruct}
              adapters:
                - source: {name: facts, image: "registry.example/facts:1", imagePullSecrets: [pull]}
            """;

    @Test
    void aSecretThatIsNotThereYetIsWaitedFor() {
        assertThat(missing(TUNING))
                .extracting(MissingObject::sentence)
                .containsExactly(
                        "tuning.preset.presetOptions.modelAccessSecret: Secret \"hub\" is not there."
                                + " Apply it, or correct the name.",
                        "tuning.input.imagePullSecrets[0]: Secret \"pull\" is not there. Apply it, or correct the name.",
                        "tuning.output.imagePushSecret: Secret \"push\" is not there. Apply it, or correct the name.");
        assertThat(missing(SERVING))
                .extracting(MissingObject::path)
                .containsExactly("inference.adapters[0].source.imagePullSecrets[0]");
    }

    @Test
    void whereSecretsAreNotReadNoneIsSaidToBeMissing() {
        assertThat(TRANSLATOR.translate(Workspaces.workspace(TUNING), ReferencedObjects.none()))
                .isInstanceOf(Translation.Accepted.class);
    }

    @Test
    void aSecretWithoutTheKeyOfItsUseIsRefused() {
        Translation translation =
                translate(TUNING, secret("hub", "token"), secret("pull", "auth"), secret("push", "auth"));

        assertThat(((Translation.Refused) translation).refusals())
                .extracting(Refusal::sentence)
                .containsExactly(
                        "tuning.preset.presetOptions.modelAccessSecret: \"hub\" names a Secret without the key HF_TOKEN."
                                + " Create it with: kubectl create secret generic hub --from-literal=HF_TOKEN=….",
                        "tuning.input.imagePullSecrets[0]: \"pull\" names a Secret without the key .dockerconfigjson."
                                + " Create it with: kubectl create secret docker-registry pull.",
                        "tuning.output.imagePushSecret: \"push\" names a Secret without the key .dockerconfigjson."
                                + " Create it with: kubectl create secret docker-registry push.");
    }

    @Test
    void withAllOfThemItIsAccepted() {
        assertThat(translate(
                        TUNING,
                        secret("hub", "HF_TOKEN"),
                        secret("pull", ".dockerconfigjson"),
                        secret("push", ".dockerconfigjson")))
                .isInstanceOf(Translation.Accepted.class);
    }

    private static List<MissingObject> missing(String text) {
        return ((Translation.Waiting) translate(text)).missing();
    }

    private static Translation translate(String text, Secret... secrets) {
        return TRANSLATOR.translate(
                Workspaces.workspace(text), ReferencedObjects.complete(List.of(), List.of(secrets)));
    }

    /** With its content left out, as the bridge keeps it. */
    private static Secret secret(String name, String key) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .addToData(key, "")
                .build();
    }
}

package io.kaitoflow.bridge.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.kaitoflow.bridge.refusal.MissingObject;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.ServingTerms;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who reaches a server, and by which keys. */
class AccessTranslatorTest {

    private static final WorkspaceTranslator TRANSLATOR = Workspaces.translator(TranslatorSettings.strict());
    private static final String OPEN = "kaito.sh/enablelb: \"true\"";
    private static final String KEYS = "kaito.sh/api-keys: team-keys";
    private static final String PRESET = "preset: {name: smollm2-135m-instruct}";
    private static final String OWN =
            "template: {spec: {containers: [{name: mine, image: \"registry.example/mine:1\", ports: [{name: http, containerPort: 80}]}]}}";

    @Test
    void aServerIsOpenToTheOutsideWithKeysAlone() {
        assertThat(refusals(PRESET, OPEN)).singleElement().satisfies(refusal -> {
            assertThat(refusal.path()).isEqualTo("metadata.annotations[kaito.sh/enablelb]");
            assertThat(refusal.cure()).contains("kaito.sh/api-keys", "kubectl create secret generic");
        });
        assertThat(refusals(PRESET, OPEN + ", kaito.sh/runtime: vllm"))
                .extracting(Refusal::path)
                .contains("metadata.annotations[kaito.sh/enablelb]");
        assertThat(serving(OPEN + ", " + KEYS).apiKeys()).contains(new SecretReference("team-keys"));
    }

    @Test
    void insideTheClusterAServerAsksForKeysOnlyWhereThatIsWanted() {
        assertThat(serving("kaito.sh/enablelb: \"false\"").apiKeys()).isEmpty();
        assertThat(serving(KEYS).apiKeys()).contains(new SecretReference("team-keys"));
        assertThat(serving(KEYS).loadBalancer()).isFalse();
    }

    @Test
    void whoeverOpensAServerIsToldWhatKeysDoNotKeepSecret() {
        assertThat(translate(PRESET, OPEN + ", " + KEYS).notes())
                .singleElement()
                .asString()
                .contains("kaito.sh/enablelb", "speaks HTTP", "TLS");
        assertThat(translate(PRESET, OPEN).notes()).isEmpty();
    }

    @Test
    void aPodOfOnesOwnAsksForKeysItself() {
        assertThat(translate(OWN, OPEN)).isInstanceOf(Translation.Accepted.class);
        assertThat(translate(OWN, OPEN).notes())
                .singleElement()
                .asString()
                .contains("kaito.sh/enablelb", "up to your pod");
        assertThat(refusals(OWN, "kaito.sh/api-keys: Team_Keys"))
                .extracting(Refusal::rule)
                .containsExactly("goes with a preset, and not with a pod of your own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Team", "team_keys", "-a", "a-", "a..b", "a.", "a/b", "''", "a b"})
    void whatIsNoNameOfASecretIsRefused(String name) {
        assertThat(refusals(PRESET, OPEN + ", kaito.sh/api-keys: " + name))
                .singleElement()
                .extracting(Refusal::path)
                .isEqualTo("metadata.annotations[kaito.sh/api-keys]");
    }

    @Test
    void aNameOfASecretHasAtMost253Characters() {
        assertThat(serving("kaito.sh/api-keys: " + "a".repeat(253)).apiKeys()).isPresent();
        assertThat(refusals(PRESET, "kaito.sh/api-keys: " + "a".repeat(254))).hasSize(1);
    }

    @Test
    void keysThatAreNotThereYetAreWaitedFor() {
        Translation waiting = TRANSLATOR.translate(
                Workspaces.workspace(workspace(PRESET, KEYS)), ReferencedObjects.complete(List.of(), List.of()));

        assertThat(((Translation.Waiting) waiting).missing())
                .extracting(MissingObject::sentence)
                .containsExactly("metadata.annotations[kaito.sh/api-keys]: Secret \"team-keys\" is not there."
                        + " Apply it, or correct the name.");
        assertThat(with(secret("ann"))).isInstanceOf(Translation.Accepted.class);
    }

    @Test
    void aSecretThatHoldsNothingIsRefused() {
        assertThat(((Translation.Refused) with(secret(".hidden"))).refusals())
                .extracting(Refusal::sentence)
                .containsExactly(
                        "metadata.annotations[kaito.sh/api-keys]: \"team-keys\" names a Secret that holds nothing."
                                + " Put keys into it, one a line, under any names.");
    }

    @Test
    void theSecretIsOneOfThoseThatTheWorkspaceNames() {
        assertThat(NamedObjects.of(Workspaces.workspace(workspace(PRESET, KEYS)))
                        .secrets())
                .containsExactly("team-keys");
    }

    private static Translation with(Secret secret) {
        return TRANSLATOR.translate(
                Workspaces.workspace(workspace(PRESET, KEYS)), ReferencedObjects.complete(List.of(), List.of(secret)));
    }

    /** With its content left out, as the bridge keeps it. */
    private static Secret secret(String key) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName("team-keys")
                .endMetadata()
                .addToData(key, "")
                .build();
    }

    private static ServingTerms serving(String annotations) {
        return ((Translation.Accepted) translate(PRESET, annotations)).request().serving();
    }

    private static List<Refusal> refusals(String what, String annotations) {
        return ((Translation.Refused) translate(what, annotations)).refusals();
    }

    private static Translation translate(String what, String annotations) {
        return Workspaces.translate(workspace(what, annotations));
    }

    private static String workspace(String what, String annotations) {
        return """
                apiVersion: kaito.sh/v1beta1
                kind: Workspace
                metadata:
                  name: serve
                  annotations: {%s}
                resource:
                  labelSelector: {matchLabels: {apps: serve}}
                inference: {%s}
                """.formatted(annotations, what);
    }
}

package io.kaitoflow.bridge.translate;

import static io.kaitoflow.bridge.translate.Workspaces.TUNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.manifest.Manifest;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.EarlierOutput;
import io.kaitoflow.workflows.request.Verb;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObservedWorkspaceTest {

    private static final String WITH_CONFIG = TUNING.replace("method: QLoRA", "method: qlora\n  config: recipe");
    private static final String RECIPE =
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: recipe}\ndata: {training_config.yaml: \"%s\"}\n";

    @Test
    void whatTheUserDidNotWriteDoesNotCount() {
        String noise = TUNING.replace(
                "name: tune\n  annotations: {}",
                "name: tune\n  resourceVersion: \"9\"\n  generation: 3\n  annotations: {kubectl/last: x}");

        assertThat(fingerprint(noise)).isEqualTo(fingerprint(TUNING));
    }

    @Test
    void fieldsAnnotationsAndDeletionCount() {
        String field = TUNING.replace("a/b:1", "a/b:2");
        String annotation = TUNING.replace("annotations: {}", "annotations: {kaito.sh/budget-usd: \"5\"}");
        String deleted = TUNING.replace("name: tune", "name: tune\n  deletionTimestamp: \"2026-01-01T00:00:00Z\"");

        assertThat(new String[] {fingerprint(TUNING), fingerprint(field), fingerprint(annotation), fingerprint(deleted)
                })
                .doesNotHaveDuplicates();
    }

    @Test
    void aConfigMapsAppearanceAndContentCount() {
        assertThat(new String[] {
                    fingerprint(WITH_CONFIG),
                    fingerprint(WITH_CONFIG + RECIPE.formatted("a")),
                    fingerprint(WITH_CONFIG + RECIPE.formatted("b"))
                })
                .doesNotHaveDuplicates();
    }

    @Test
    void aConfigMapThatIsNotNamedDoesNotCount() {
        assertThat(fingerprint(TUNING + RECIPE.formatted("a"))).isEqualTo(fingerprint(TUNING));
    }

    @Test
    void aSecretCountsByItsVersionAndNotByItsContent() {
        String secret =
                "---\napiVersion: v1\nkind: Secret\nmetadata: {name: push, resourceVersion: \"%d\"}\nstringData: {a: %s}\n";

        assertThat(fingerprint(TUNING + secret.formatted(1, "x")))
                .isEqualTo(fingerprint(TUNING + secret.formatted(1, "y")))
                .isNotEqualTo(fingerprint(TUNING + secret.formatted(2, "x")));
    }

    @Test
    void theGreatestVersionThatWasReadOrdersTheWish() {
        String text = WITH_CONFIG.replace("name: tune", "name: tune\n  resourceVersion: \"7\"")
                + RECIPE.formatted("a").replace("name: recipe", "name: recipe, resourceVersion: \"12\"");

        assertThat(observed(text).orderingVersion()).isEqualTo(12);
        assertThat(observed(TUNING).orderingVersion()).isZero();
    }

    @Test
    void whatANamedConfigMapSaidBeforeIsOlderAlsoWhereTheWorkspaceHasTheGreatestVersion() {
        String text = WITH_CONFIG.replace("name: tune", "name: tune\n  resourceVersion: \"291\"") + RECIPE;
        DesiredState before =
                state(text.formatted("a").replace("name: recipe", "name: recipe, resourceVersion: \"12\""));
        DesiredState after =
                state(text.formatted("b").replace("name: recipe", "name: recipe, resourceVersion: \"290\""));

        assertThat(after.orderingVersion()).isEqualTo(before.orderingVersion());
        assertThat(after.newerThan(before)).isTrue();
        assertThat(before.newerThan(after)).isFalse();
    }

    @Test
    void aDeletedWorkspaceWantsNothing() {
        String deleted = TUNING.replace("name: tune", "name: tune\n  deletionTimestamp: \"2026-01-01T00:00:00Z\"");
        var request = ((Translation.Accepted) Workspaces.translate(TUNING)).request();

        DesiredState state = observed(deleted).desiredState(request);

        assertThat(state.deleted()).isTrue();
        assertThat(observed(TUNING).desiredState(request).request()).contains(request);
    }

    @Test
    void verbsCarryTheAnnotationThatOrdersThem() {
        assertThat(verb("kaito.sh/paused: \"true\"").action()).isEqualTo(Verb.Action.PAUSE);
        assertThat(verb("kaito.sh/paused: \"false\"").action()).isEqualTo(Verb.Action.RESUME);
        assertThat(verb("kaito.sh/retry: b").reason()).isEqualTo("kaito.sh/retry=b");
        assertThat(observed(TUNING).verbs()).isEmpty();
    }

    @Test
    void eachAnnotationIsAVerbOfItsOwn() {
        String all = "kaito.sh/retry: b, kaito.sh/cancel: a, kaito.sh/paused: \"true\"";

        assertThat(actions(annotated(all))).containsExactly(Verb.Action.PAUSE, Verb.Action.CANCEL, Verb.Action.RETRY);
        assertThat(actions(annotated(all) + "status: {phase: Cancelled}\n"))
                .as("the status shows that the cancel came last")
                .containsExactly(Verb.Action.PAUSE, Verb.Action.RETRY, Verb.Action.CANCEL);
    }

    @Test
    void whatTheStatusSaysWasMadeGoesAlong() {
        String digest = "sha256:" + "ab".repeat(32);
        String made = TUNING + """
                status:
                  output: {image: "registry.example/a/b:1", digest: "%s", madeFrom: 00ff}
                  evaluation: {base: 2.0, tuned: 0.5, metric: loss}
                """.formatted(digest);

        EarlierOutput earlier = state(made).earlier().orElseThrow();

        assertThat(earlier.image().digest().toString()).isEqualTo(digest);
        assertThat(earlier.image().location()).isEqualTo("registry.example");
        assertThat(earlier.madeFrom()).isEqualTo("00ff");
        assertThat(earlier.evaluation().orElseThrow().improvement()).hasValue(1.5);
        assertThat(fingerprint(made)).as("a status is no wish").isEqualTo(fingerprint(TUNING));
    }

    @Test
    void anOutputThatNobodyCanRelyOnDoesNotGoAlong() {
        String output = TUNING + "status: {output: {image: \"registry.example/a/b:1\", digest: %s}}\n";

        assertThat(state(TUNING).earlier()).isEmpty();
        assertThat(state(output.formatted("\"sha256:" + "ab".repeat(32) + "\"")).earlier())
                .isEmpty();
        assertThat(state(output.formatted("nonsense, madeFrom: ff")).earlier()).isEmpty();
    }

    private static List<Verb.Action> actions(String text) {
        return observed(text).verbs().stream().map(Verb::action).toList();
    }

    private static DesiredState state(String text) {
        return observed(text).desiredState(((Translation.Accepted) Workspaces.translate(TUNING)).request());
    }

    private static String annotated(String annotations) {
        return TUNING.replace("annotations: {}", "annotations: {" + annotations + "}");
    }

    private static Verb verb(String annotations) {
        return observed(annotated(annotations)).verbs().getFirst();
    }

    private static String fingerprint(String text) {
        return observed(text).fingerprint();
    }

    private static ObservedWorkspace observed(String text) {
        Manifest manifest = Workspaces.manifest(text);
        return new ObservedWorkspace(manifest.workspace(), manifest.references());
    }
}

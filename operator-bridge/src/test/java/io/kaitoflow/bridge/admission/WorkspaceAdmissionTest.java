package io.kaitoflow.bridge.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.admission.AdmissionReview.Author;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.manifest.ManifestReader;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.Finding;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkspaceAdmissionTest {

    private static final Author AUTHOR = new Author("ada", null, List.of(), null);
    private static final String TUNE = """
            apiVersion: kaito.sh/v1beta1
            kind: Workspace
            metadata: {name: tune, namespace: research}
            resource: {labelSelector: {matchLabels: {apps: tune}}}
            tuning:
              preset: {name: smollm2-135m-instruct}
              method: qlora
              config: recipe
              input: {urls: [https://example.org/train.jsonl]}
              output: {image: registry.example/adapters/smollm2:0.0.1, imagePushSecret: registry-push}
            """;
    private static final String SERVE = """
            apiVersion: kaito.sh/v1beta1
            kind: Workspace
            metadata: {name: serve, namespace: research}
            resource: {instanceType: Standard_NC24ads_A100_v4, labelSelector: {matchLabels: {apps: serve}}}
            inference: {preset: {name: smollm2-135m-instruct}}
            """;
    private static final String WRONG = TUNE.replace("https:", "ftp:").replace("smollm2:0.0.1", "SmolLM2 ");

    private static final Finding OVER_CAP = new Finding(
            Finding.Severity.REFUSAL,
            FailureKind.OVER_CAP,
            "resource.instanceType",
            "1 x Standard_NC24ads_A100_v4 is 1 GPUs, and namespace research may use 0 GPUs at once.");

    private final FakeCluster cluster = new FakeCluster();
    private Outlook outlook = wish -> List.of();

    @Test
    void severalMistakesAreReportedAtOnce() {
        assertThat(create(WRONG).refusals())
                .extracting(Refusal::path)
                .containsExactly("tuning.input.urls[0]", "tuning.output.image");
    }

    @Test
    void aConfigMapThatIsNotThereYetIsAWarning() {
        Verdict verdict = create(TUNE);

        assertThat(verdict.refusals()).isEmpty();
        assertThat(verdict.warnings())
                .containsExactly("tuning.config: ConfigMap \"recipe\" is not there. Apply it, or correct the name.");
    }

    @Test
    void aConfigMapThatIsThereIsRead() {
        cluster.with("recipe", "training_config.yaml", "training_config: {LoraConfig: {r: many}}");

        assertThat(create(TUNE).refusals())
                .extracting(Refusal::path)
                .containsExactly("tuning.config recipe: training_config.yaml.LoraConfig.r");
    }

    @Test
    void aConfigMapThatCouldNotBeReadIsNotSaidToBeMissing() {
        cluster.withoutAnswerAbout("recipe");

        assertThat(create(TUNE).warnings())
                .containsExactly("tuning.config: ConfigMap \"recipe\" could not be read in time; "
                        + "it is checked before anything is bought.");
    }

    @Test
    void whoMayNotMakePodsMayNotUseWhatTheNamespaceHolds() {
        cluster.saying(ClusterView.Right.DENIED);

        assertThat(create(TUNE).refusals())
                .extracting(Refusal::sentence)
                .containsExactly(
                        "tuning: \"Secret registry-push\" needs the right to make pods in namespace research, which ada "
                                + "has not: a pod could read the same. Ask for the right to create pods there, or name nothing of "
                                + "the namespace.");
    }

    @Test
    void whoMayNotMakePodsMayNotPushByTheServiceAccountOfTheNamespace() {
        cluster.saying(ClusterView.Right.DENIED);

        assertThat(create(TUNE.replace(", imagePushSecret: registry-push", "").replace("  config: recipe\n", ""))
                        .refusals())
                .extracting(Refusal::value)
                .contains("output.image");
    }

    @Test
    void whatAnAuthorMayNotDoIsSaidBeforeWhatIsWrong() {
        cluster.saying(ClusterView.Right.DENIED);

        assertThat(create(WRONG).refusals())
                .extracting(Refusal::path)
                .containsExactly("tuning", "tuning.input.urls[0]", "tuning.output.image");
    }

    @Test
    void whoMayNotMakePodsMayServeAModelAlone() {
        cluster.saying(ClusterView.Right.DENIED);
        String serve =
                TUNE.substring(0, TUNE.indexOf("tuning:")) + "inference: {preset: {name: smollm2-135m-instruct}}\n";

        assertThat(create(serve).refusals()).isEmpty();
    }

    @Test
    void whoMayNotMakePodsMayEditWhatAnotherMade() {
        cluster.saying(ClusterView.Right.DENIED);
        String paused = TUNE.replace("name: tune,", "name: tune, annotations: {kaito.sh/paused: \"true\"},");

        Verdict harmless = judge(workspace(paused), Optional.of(workspace(TUNE)));
        Verdict another = judge(workspace(TUNE.replace("registry-push", "others")), Optional.of(workspace(TUNE)));

        assertThat(harmless.refusals()).isEmpty();
        assertThat(another.refusals()).extracting(Refusal::value).containsExactly("Secret others");
    }

    @Test
    void whoMayNotMakePodsMayNotNameTheSecretOfAServersKeys() {
        cluster.saying(ClusterView.Right.DENIED);

        assertThat(create(SERVE.replace("name: serve,", "name: serve, annotations: {kaito.sh/api-keys: team-keys},"))
                        .refusals())
                .extracting(Refusal::value)
                .containsExactly("Secret team-keys");
    }

    @Test
    void rightsThatCouldNotBeAskedForAreSaid() {
        cluster.saying(ClusterView.Right.UNKNOWN);

        assertThat(create(TUNE).warnings())
                .contains(
                        "Secret registry-push: whether you may make pods in this namespace could not be asked in time.");
    }

    @Test
    void anEditOfAFinalizerIsNotJudged() {
        Workspace stored = workspace(WRONG);
        Workspace edited = workspace(WRONG);
        edited.addFinalizer("kaito.sh/workspace");

        assertThat(judge(edited, Optional.of(stored))).isEqualTo(Verdict.silent());
    }

    @Test
    void aWrongWorkspaceCanStillGo() {
        Workspace edited = workspace(WRONG);
        edited.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");

        assertThat(judge(edited, Optional.of(workspace(TUNE)))).isEqualTo(Verdict.silent());
    }

    @Test
    void anEditOfAnAnnotationIsJudged() {
        Workspace edited = workspace(TUNE.replace("name: tune,", "name: tune, annotations: {kaito.sh/spot: perhaps},"));

        assertThat(judge(edited, Optional.of(workspace(TUNE))).refusals())
                .extracting(Refusal::path)
                .containsExactly("metadata.annotations[kaito.sh/spot]");
    }

    @Test
    void whatCouldNeverFitIsRefusedInPreflightsWordsWithTheCure() {
        outlook = wish -> List.of(OVER_CAP);

        assertThat(create(SERVE).refusals())
                .extracting(Refusal::sentence)
                .containsExactly(
                        "resource.instanceType: \"Standard_NC24ads_A100_v4\" 1 x Standard_NC24ads_A100_v4 is 1 GPUs,"
                                + " and namespace research may use 0 GPUs at once. " + FailureKind.OVER_CAP.advice());
    }

    @Test
    void aCapThatWasLoweredSinceKeepsNobodyFromEditsThatLeaveTheMachinesAlone() {
        outlook = wish -> List.of(OVER_CAP);
        String paused = SERVE.replace("name: serve,", "name: serve, annotations: {kaito.sh/paused: \"true\"},");
        String more = SERVE.replace(
                "name: serve,", "name: serve, annotations: {kaito.sh/instance-types: Standard_NC24ads_A100_v4},");

        assertThat(judge(workspace(paused), Optional.of(workspace(SERVE))).refusals())
                .isEmpty();
        assertThat(judge(workspace(more), Optional.of(workspace(SERVE))).refusals())
                .hasSize(1);
    }

    private Verdict create(String manifest) {
        return judge(workspace(manifest), Optional.empty());
    }

    private Verdict judge(Workspace after, Optional<Workspace> before) {
        return new WorkspaceAdmission(Webhook.translator(), outlook, cluster).judge(after, before, AUTHOR);
    }

    private static Workspace workspace(String manifest) {
        return new ManifestReader().read(manifest, "test").workspace();
    }
}

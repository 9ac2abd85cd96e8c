package io.kaitoflow.bridge.translate;

import static io.kaitoflow.bridge.translate.Workspaces.TUNING;
import static io.kaitoflow.bridge.translate.Workspaces.translate;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.workflows.request.NodeTerms;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.ServingTerms;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkspaceTranslatorTest {

    @Test
    void aTunedWorkspaceIsServedUnlessItSaysOtherwise() {
        assertThat(accepted(TUNING).goal()).isInstanceOf(WorkspaceGoal.TuneThenServe.class);
        assertThat(accepted(annotated("kaito.sh/serve-after-tuning: \"false\"")).goal())
                .isInstanceOf(WorkspaceGoal.Tune.class);
    }

    @Test
    void withoutAUidTheNameGivesAlwaysTheSame() {
        assertThat(accepted(TUNING).id()).isEqualTo(accepted(TUNING).id());
        assertThat(accepted(TUNING).id().uid())
                .isNotEqualTo(accepted(TUNING.replace("name: tune", "name: other"))
                        .id()
                        .uid());
    }

    @Test
    void termsComeFromAnnotations() {
        WorkspaceRequest request = accepted(
                annotated(
                        "kaito.sh/budget-usd: \"2.5\", kaito.sh/max-hours: \"0.5\", kaito.sh/serving-max-hours: \"8\","
                                + " kaito.sh/node-release: after-tuning, kaito.sh/allow-uninspected: \"True\", kaito.sh/spot: \"true\""));

        assertThat(request.terms().budgetUsd()).contains(new BigDecimal("2.5"));
        assertThat(request.terms().maxDuration()).contains(Duration.ofMinutes(30));
        assertThat(request.terms().servingMax()).contains(Duration.ofHours(8));
        assertThat(request.terms().releaseAfterTuning()).isTrue();
        assertThat(request.terms().allowUninspected()).isTrue();
        assertThat(request.machines().spot()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1e30", "1e400000000", "1E-400000000", "1234567890", "0.0000000001"})
    void aNumberThatNobodyCouldReckonWithIsRefused(String number) {
        assertThat(refusals(annotated("kaito.sh/max-hours: \"" + number + "\"")))
                .extracting(Refusal::sentence)
                .containsExactly("metadata.annotations[kaito.sh/max-hours]: \"" + number
                        + "\" must have at most nine digits before the point and nine after it."
                        + " Write a number like \"2.5\", in quotes.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999.999999999", "+3", ".5", "5."})
    void aNumberMayBeWrittenInManyWays(String number) {
        assertThat(accepted(annotated("kaito.sh/budget-usd: \"" + number + "\""))
                        .terms()
                        .budgetUsd())
                .contains(new BigDecimal(number));
    }

    @Test
    void annotationsOfKaitoKeepTheirMeaning() {
        WorkspaceRequest request = accepted(
                annotated(
                        "kaito.sh/enablelb: \"True\", kaito.sh/api-keys: team-keys, kaito.sh/disable-benchmark: \"true\","
                                + " kaito.sh/node-class-name: image-family-azure-linux, kaito.sh/node-image-family: AzureLinux"));

        assertThat(request.serving())
                .isEqualTo(new ServingTerms(
                        false, true, Optional.empty(), false, Optional.of(new SecretReference("team-keys"))));
        assertThat(request.machines().nodes())
                .isEqualTo(new NodeTerms(Optional.of("image-family-azure-linux"), Optional.of("azurelinux")));
    }

    @Test
    void onlyWhoeverAsksForASurgeHasNoOutageWhenAServerIsReplaced() {
        assertThat(accepted(annotated("kaito.sh/rollout: Surge")).serving().surge())
                .isTrue();
        assertThat(accepted(annotated("kaito.sh/rollout: recreate")).serving().surge())
                .isFalse();
        assertThat(accepted(TUNING).serving().surge()).isFalse();
    }

    @Test
    void aServerIsMeasuredAndReachedFromInsideUnlessItSaysOtherwise() {
        assertThat(accepted(TUNING).serving()).isEqualTo(new ServingTerms(true, false));
        assertThat(accepted(TUNING).machines().nodes()).isEqualTo(NodeTerms.none());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kaito.sh/budget-usd: \"-1\"",
                "kaito.sh/enablelb: perhaps",
                "kaito.sh/node-image-family: windows",
                "kaito.sh/max-hours: forever",
                "kaito.sh/serving-max-hours: \"0\"",
                "kaito.sh/spot: maybe",
                "kaito.sh/node-release: never",
                "kaito.sh/rollout: blue-green",
                "kaito.sh/minimum-improvement: much",
                "kaito.sh/instance-types: Standard_Nothing",
                "kaito.sh/serve-after-tuning: later",
                "kaito.sh/runtime: python"
            })
    void aBadAnnotationIsRefusedByName(String annotation) {
        String name = annotation.substring(0, annotation.indexOf(':'));

        assertThat(refusals(annotated(annotation)))
                .singleElement()
                .extracting(Refusal::path)
                .isEqualTo("metadata.annotations[" + name + "]");
    }

    @Test
    void anUnknownAnnotationOfOursIsSaid() {
        assertThat(translate(annotated("kaito.sh/budget-us: \"5\"")).notes())
                .singleElement()
                .asString()
                .contains("kaito.sh/budget-us is not known", "kaito.sh/budget-usd");
    }

    @Test
    void aGateNeedsHeldOutRows() {
        assertThat(refusals(annotated("kaito.sh/minimum-improvement: \"0.1\"")))
                .singleElement()
                .extracting(Refusal::rule)
                .isEqualTo("needs rows that are held out");
    }

    @Test
    void fallbacksFollowTheInstanceType() {
        String text = annotated("kaito.sh/instance-types: \"Standard_NC40ads_H100_v5, Standard_NV36ads_A10_v5\"")
                .replace("resource:\n", "resource:\n  instanceType: Standard_NC24ads_A100_v4\n");

        assertThat(accepted(text).machines().instanceTypes())
                .containsExactly("Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5", "Standard_NV36ads_A10_v5");
    }

    @Test
    void onlyTheOlderVersionFillsInAnInstanceType() {
        assertThat(accepted(TUNING).machines().instanceTypes()).isEmpty();
        assertThat(accepted(TUNING.replace("v1beta1", "v1alpha1")).machines().instanceTypes())
                .containsExactly("Standard_NC24ads_A100_v4");
    }

    @Test
    void aMachineThatIsTooSmallMayBeInsistedOn() {
        String small = TUNING.replace("smollm2-135m-instruct", "qwen2.5-coder-32b-instruct")
                .replace("resource:\n", "resource:\n  instanceType: Standard_NC4as_T4_v3\n");

        assertThat(refusals(small)).extracting(Refusal::path).containsExactly("resource.instanceType");
        assertThat(accepted(small.replace(
                                "annotations: {}", "annotations: {kaito.sh/bypass-resource-checks: \"True\"}"))
                        .terms()
                        .bypassResourceChecks())
                .isTrue();
    }

    @Test
    void aConfigMapThatIsNotThereIsWaitedFor() {
        String text = TUNING.replace("method: QLoRA", "method: qlora\n  config: recipe");

        assertThat(translate(text))
                .isInstanceOfSatisfying(
                        Translation.Waiting.class,
                        waiting -> assertThat(waiting.missing())
                                .singleElement()
                                .satisfies(missing -> assertThat(missing.sentence())
                                        .contains("ConfigMap \"recipe\"", "tuning.config")));
    }

    @Test
    void aConfigMapWithoutTheKeyIsRefused() {
        String text = TUNING.replace("method: QLoRA", "method: qlora\n  config: recipe")
                + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: recipe}\ndata: {other: x}\n";

        assertThat(refusals(text)).singleElement().extracting(Refusal::path).isEqualTo("tuning.config");
    }

    @Test
    void aPushSecretMustBeARegistrys() {
        String secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: push}\nstringData: {%s: x}\n";

        assertThat(refusals(TUNING + secret.formatted("password")))
                .singleElement()
                .extracting(Refusal::path)
                .isEqualTo("tuning.output.imagePushSecret");
        assertThat(translate(TUNING + secret.formatted(".dockerconfigjson"))).isInstanceOf(Translation.Accepted.class);
    }

    @Test
    void anIdentityReplacesThePushSecretAndAllowedHostsMayBePrivate() {
        String text = TUNING.replace("    imagePushSecret: push\n", "")
                .replace("https://example.org/", "http://10.0.0.7/")
                .replace("registry.example/", "myregistry.azurecr.io/");

        assertThat(refusals(text)).hasSize(2);
        assertThat(Workspaces.manifest(text).translatedBy(Workspaces.allowing("10.0.0.7")))
                .isInstanceOf(Translation.Accepted.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"registry.example", "azurecr.io.example", "myregistry.azurecr.io.example", "localhost:5000"})
    void anIdentityPushesToRegistriesOfAzureAlone(String registry) {
        String text = TUNING.replace("    imagePushSecret: push\n", "").replace("registry.example/", registry + "/");
        TranslatorSettings byIdentity = new TranslatorSettings(Set.of(), true);

        assertThat(Workspaces.manifest(text).translatedBy(Workspaces.translator(byIdentity)))
                .isInstanceOfSatisfying(
                        Translation.Refused.class,
                        refused -> assertThat(refused.refusals())
                                .singleElement()
                                .satisfies(refusal -> {
                                    assertThat(refusal.path()).isEqualTo("tuning.output.imagePushSecret");
                                    assertThat(refusal.cure()).contains("registries of Azure alone");
                                }));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://localhost:9000/x | true",
                "http://LOCALHOST.:9000/x | true",
                "http://localhost/x | false",
                "https://10.0.0.7/x | true",
                "http://10.0.0.7:8080/x | true",
                "http://10.0.0.8/x | false",
                "http://[fd00::1]/x | true",
                "http://169.254.169.254/x | false",
                "http://0xA9FEA9FE/x | false",
                "http://[fe80::1]/x | false",
                "http://metadata.google.internal/x | false"
            })
    void whatIsAllowedMayBePrivateAndNeverAMetadataService(String url, boolean allowed) {
        TranslatorSettings listed = new TranslatorSettings(
                Set.of(
                        "localhost:9000",
                        "10.0.0.7",
                        "[fd00::1]",
                        "169.254.169.254",
                        "0xa9fea9fe",
                        "[fe80::1]",
                        "metadata.google.internal"),
                false);

        assertThat(new DataAddress(url).brokenRule(listed).isEmpty()).isEqualTo(allowed);
    }

    @Test
    void aPrivateAddressIsRefusedWithTheSettingThatAllowsIt() {
        assertThat(new DataAddress("http://10.0.0.7/x").brokenRule(TranslatorSettings.strict()))
                .hasValueSatisfying(broken -> assertThat(broken.cure())
                        .contains("data.allowedHosts of the chart")
                        .contains("KAITOFLOW_ALLOWED_HOSTS"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://example.org/train.jsonl | true",
                "HTTPS://Example.org/a?b=c | true",
                "https://8.8.8.8/x | true",
                "file:///etc/passwd | false",
                "https:///x | false",
                "no url | false",
                "http://LOCALHOST./x | false",
                "http://a.localhost/x | false",
                "http://0x7f.1/x | false",
                "http://0177.0.0.1/x | false",
                "http://192.168.1.1/x | false",
                "http://0.0.0.0/x | false",
                "http://[fe80::1]/x | false",
                "http://[fd00::1]/x | false",
                "http://[::ffff:127.0.0.1]/x | false",
                "http://metadata.google.internal/x | false"
            })
    void addressesOfPrivatePlacesAreRefusedHoweverTheyAreWritten(String url, boolean allowed) {
        assertThat(new DataAddress(url).brokenRule(TranslatorSettings.strict()).isEmpty())
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "https://a.org/my data.csv ; holds a space, which no URL can hold as it is ; Write it as %20.",
                "https://a.org/a|b.csv ; holds the character |, which no URL can hold as it is ; Write it as %7C.",
                "https://a.org/x?q=100% ; holds the character %, which no URL can hold as it is ; Write it as %25.",
                "https://a b.org/x.csv ; must be an http or https URL with a host ; Give an address that everyone with the right may read.",
                "tatsu-lab/alpaca ; must be an http or https URL with a host ; A file of a data set of the Hugging Face hub is https://huggingface.co/datasets/tatsu-lab/alpaca/resolve/main/FILE."
            })
    void anAddressThatIsNoneIsRefusedWithWhatToWrite(String url, String rule, String cure) {
        assertThat(new DataAddress(url).brokenRule(TranslatorSettings.strict()))
                .contains(new DataAddress.Broken(rule, cure));
    }

    @Test
    void anExpressionWithOneValueIsALabel() {
        String text = TUNING.replace(
                "{matchLabels: {apps: tune}}", "{matchExpressions: [{key: apps, operator: In, values: [tune]}]}");

        assertThat(accepted(text).machines().labels()).containsEntry("apps", "tune");
        assertThat(refusals(text.replace("In,", "NotIn,"))).isNotEmpty();
    }

    @Test
    void targetModulesMustBeTheModels() {
        String text =
                TUNING.replace("smollm2-135m-instruct", "phi-4").replace("method: QLoRA", "method: qlora\n  config: c")
                        + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n"
                        + "  training_config.yaml: 'training_config: {LoraConfig: {target_modules: [qkv_proj, q_proj]}}'\n";

        assertThat(refusals(text)).singleElement().satisfies(refusal -> {
            assertThat(refusal.value()).isEqualTo("q_proj");
            assertThat(refusal.cure()).contains("qkv_proj, o_proj, gate_up_proj, down_proj");
        });
    }

    @Test
    void aVolumeCannotBeBothOrAnUnknownKind() {
        String input = "urls: [\"https://example.org/train.jsonl\"]";

        assertThat(refusals(TUNING.replace(input, "volumeSource: {nfs: {server: s, path: /p}}")))
                .singleElement()
                .extracting(Refusal::rule)
                .isEqualTo("is a kind of volume that is not possible yet");
        assertThat(refusals(TUNING.replace(input, "volumeSource: {hostPath: {path: /p}, configMap: {name: c}}")))
                .singleElement()
                .extracting(Refusal::rule)
                .isEqualTo("must name exactly one kind of volume");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Tune", "7th", "-a", "a-", "a.b", "a234567890123456789012345678901234567890123456789012x"})
    void aNameThatItsServiceCannotHaveIsRefused(String name) {
        assertThat(refusals(TUNING.replace("name: tune", "name: \"" + name + "\"")))
                .extracting(Refusal::path)
                .containsExactly("metadata.name");
    }

    @Test
    void aTunedModelIsNotAlsoServedByHand() {
        assertThat(refusals(TUNING + "inference:\n  preset: {name: phi-4}\n"))
                .singleElement()
                .extracting(Refusal::rule)
                .isEqualTo("must have exactly one of inference and tuning");
    }

    private static String annotated(String annotations) {
        return TUNING.replace("annotations: {}", "annotations: {" + annotations + "}");
    }

    private static WorkspaceRequest accepted(String text) {
        Translation translation = translate(text);
        assertThat(translation).isInstanceOf(Translation.Accepted.class);
        return ((Translation.Accepted) translation).request();
    }

    private static List<Refusal> refusals(String text) {
        Translation translation = translate(text);
        assertThat(translation).isInstanceOf(Translation.Refused.class);
        return ((Translation.Refused) translation).refusals();
    }
}

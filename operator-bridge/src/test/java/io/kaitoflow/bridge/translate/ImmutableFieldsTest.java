package io.kaitoflow.bridge.translate;

import static io.kaitoflow.bridge.translate.Workspaces.TUNING;
import static io.kaitoflow.bridge.translate.Workspaces.workspace;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.refusal.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImmutableFieldsTest {

    @Test
    void inputOutputAndConfigMayChange() {
        assertThat(changes(TUNING.replace("a/b:1", "a/b:2")
                        .replace("train.jsonl", "more.jsonl")
                        .replace("method: QLoRA", "method: QLoRA\n  config: recipe")))
                .isEmpty();
    }

    @Test
    void machinesModelAndMethodMayNot() {
        String changed = TUNING.replace("resource:\n", "resource:\n  instanceType: auto\n  count: 2\n")
                .replace("apps: tune", "apps: other")
                .replace("smollm2-135m-instruct", "phi-4")
                .replace("QLoRA", "lora");

        assertThat(changes(changed))
                .extracting(Refusal::path)
                .containsExactlyInAnyOrder(
                        "resource.instanceType",
                        "resource.count",
                        "resource.labelSelector",
                        "tuning.preset.name",
                        "tuning.method");
    }

    @Test
    void tuningDoesNotBecomeInference() {
        String serving = TUNING.substring(0, TUNING.indexOf("tuning:")) + "inference:\n  preset: {name: phi-4}\n";

        assertThat(changes(serving)).extracting(Refusal::path).contains("tuning", "inference");
    }

    private static List<Refusal> changes(String after) {
        return new ImmutableFields(workspace(TUNING), workspace(after)).changes();
    }
}

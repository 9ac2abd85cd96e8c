package io.kaitoflow.bridge.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.workflows.request.ServingLimits;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ServingConfigReaderTest {

    private final Findings findings = new Findings();

    private ServingLimits read(String text) {
        return new ServingConfigReader("inference.config", findings).read(text);
    }

    @Test
    void kaitosOwnFileIsTakenAndWhatMeansNothingHereIsSaid() {
        ServingLimits limits = read("""
                max_probe_steps: 6
                vllm:
                  gpu-memory-utilization: 0.95
                  max-model-len: 4096
                  max-num-seqs: 16
                """);

        assertThat(limits).isEqualTo(new ServingLimits(OptionalInt.of(4096), OptionalInt.of(16), OptionalInt.empty()));
        assertThat(findings.refusals()).isEmpty();
        assertThat(findings.notes())
                .containsExactlyInAnyOrder(
                        "inference.config: inference_config.yaml.max_probe_steps has no effect: nothing is probed here.",
                        "inference.config: inference_config.yaml.vllm.gpu-memory-utilization has no effect: this server is"
                                + " not vLLM.");
    }

    @Test
    void ourOwnSectionWins() {
        assertThat(read("{vllm: {max-model-len: 4096}, jvm: {context: 2048, queue: 8}}"))
                .isEqualTo(new ServingLimits(OptionalInt.of(2048), OptionalInt.empty(), OptionalInt.of(8)));
    }

    @Test
    void nothingIsNothing() {
        assertThat(read("vllm: {}")).isEqualTo(ServingLimits.none());
        assertThat(read("")).isEqualTo(ServingLimits.none());
        assertThat(findings.notes()).isEmpty();
    }

    @Test
    void everyMistakeIsNamedAtItsPlace() {
        read("{jvm: {contxt: 5, replies: 0, queue: many}, server: {}}");

        assertThat(findings.refusals())
                .extracting(Refusal::path)
                .containsExactlyInAnyOrder(
                        "inference.config: inference_config.yaml.jvm.contxt",
                        "inference.config: inference_config.yaml.jvm.replies",
                        "inference.config: inference_config.yaml.jvm.queue",
                        "inference.config: inference_config.yaml.server");
        assertThat(findings.refusals()).extracting(Refusal::sentence).anyMatch(text -> text.contains("context"));
    }

    @Test
    void whatIsNoObjectIsRefused() {
        read("- 1");
        assertThat(findings.refusals()).hasSize(1);
    }

    @Test
    void brokenYamlIsRefusedWithItsPlace() {
        read("jvm: [");

        assertThat(findings.refusals())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.sentence()).contains("is not YAML: line"));
    }
}

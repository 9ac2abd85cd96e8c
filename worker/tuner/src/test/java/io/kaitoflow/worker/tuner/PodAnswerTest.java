package io.kaitoflow.worker.tuner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.preflight.InspectionAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PodAnswerTest {

    private static final Optional<DatasetReport> ROWS = Optional.of(
            new DatasetReport(112, 8, 9_000, 4_000, 120, 0, 1, true, List.of("rows.jsonl row 7: 120 tokens")));

    private static Finding refusal(String message) {
        return new Finding(Severity.REFUSAL, FailureKind.DATASET_INVALID, "tuning.input", message);
    }

    private static InspectionAnswer read(String text) throws JsonProcessingException {
        return JsonMapper.builder().addModule(new Jdk8Module()).build().readValue(text, InspectionAnswer.class);
    }

    @Test
    void whatFitsArrivesWhole() throws JsonProcessingException {
        InspectionAnswer answer = new InspectionAnswer(ROWS, List.of(refusal("rows.jsonl row 3 is empty.")));

        assertThat(read(PodAnswer.written(answer))).isEqualTo(answer);
    }

    @Test
    void ofMoreThanAKubeletKeepsTheFirstArriveAndTheOthersAreCounted() throws JsonProcessingException {
        List<Finding> many = IntStream.range(0, 40)
                .mapToObj(row -> refusal("rows.jsonl row " + row + " has no answer: " + "ä".repeat(150)))
                .toList();

        String written = PodAnswer.written(new InspectionAnswer(ROWS, many));

        assertThat(written.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(4096);
        List<Finding> arrived = read(written).findings();
        assertThat(arrived.subList(0, arrived.size() - 1)).isEqualTo(many.subList(0, arrived.size() - 1));
        assertThat(arrived.getLast().message()).startsWith((41 - arrived.size()) + " more findings");
        assertThat(arrived.getLast().severity()).isEqualTo(Severity.REFUSAL);
    }

    @Test
    void anEndlessSentenceIsCut() throws JsonProcessingException {
        String written = PodAnswer.written(new InspectionAnswer(ROWS, List.of(refusal("x".repeat(100_000)))));

        assertThat(read(written).findings().getFirst().message()).hasSize(601).endsWith("…");
    }
}

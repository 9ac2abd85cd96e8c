package io.kaitoflow.worker.tuner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.preflight.InspectionAnswer;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What a pod says of a job's data and push, or of adapters, in its termination message, of which a kubelet keeps 4 KiB. */
final class PodAnswer {

    private static final int LONGEST_BYTES = 4096;
    private static final int LONGEST_MESSAGE = 600;

    private static final JsonMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    private final List<Finding> findings = new ArrayList<>();
    private Optional<DatasetReport> dataset = Optional.empty();

    private PodAnswer() {}

    /** Goes on after a finding, as every look before buying does. */
    static InspectionAnswer of(JobInspection inspection, DatasetActivities.Input task) {
        PodAnswer answer = new PodAnswer();
        answer.look(
                subject(task.job().output()), () -> inspection.push(task.job().output()));
        answer.look("tuning.input", () -> {
            InspectionAnswer seen = inspection.data(task);
            answer.dataset = seen.dataset();
            return seen.findings();
        });
        return new InspectionAnswer(answer.dataset, answer.findings);
    }

    private void look(String subject, Supplier<List<Finding>> look) {
        try {
            findings.addAll(look.get());
        } catch (RuntimeException thrown) {
            if (!(thrown instanceof Classified known)) {
                throw thrown;
            }
            findings.add(new Finding(Severity.REFUSAL, known.kind(), subject, String.valueOf(thrown.getMessage())));
        }
    }

    private static String subject(OutputTarget output) {
        return switch (output) {
            case OutputTarget.Image image -> image.image().toString();
            case OutputTarget.Volume _ -> "tuning.output.volumeSource";
        };
    }

    /** As many findings as there is room for; of the others it is said how many there are. */
    static String written(InspectionAnswer answer) throws JsonProcessingException {
        List<Finding> all = answer.findings().stream().map(PodAnswer::shortened).toList();
        String whole = JSON.writeValueAsString(new InspectionAnswer(answer.dataset(), all));
        for (int kept = all.size() - 1; size(whole) > LONGEST_BYTES && kept >= 0; kept--) {
            whole = JSON.writeValueAsString(new InspectionAnswer(answer.dataset(), first(kept, all)));
        }
        return whole;
    }

    private static List<Finding> first(int kept, List<Finding> all) {
        Finding next = all.get(kept);
        List<Finding> fewer = new ArrayList<>(all.subList(0, kept));
        fewer.add(new Finding(
                next.severity(),
                next.kind(),
                next.subject(),
                (all.size() - kept) + " more findings; see all with: kaitoflow check."));
        return fewer;
    }

    private static Finding shortened(Finding finding) {
        String message = finding.message();
        return message.length() <= LONGEST_MESSAGE
                ? finding
                : new Finding(
                        finding.severity(),
                        finding.kind(),
                        finding.subject(),
                        message.substring(0, LONGEST_MESSAGE) + "…");
    }

    private static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}

package io.kaitoflow.worker.cli.questions;

import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Questions for a model that is yet to be tuned, read before anything starts.
 *
 * @param name of their file
 * @param questions in its order
 * @param minimum of facts that the tuned model must have right
 */
public record Exam(String name, List<Question> questions, int minimum) {

    public Exam {
        questions = List.copyOf(questions);
    }

    /**
     * Of the file that was named, else of the one beside the manifest; empty where there is neither.
     *
     * @throws CommandFailure where the minimum can never be reached, or the file not be read
     */
    public static Optional<Exam> of(Path manifest, Optional<Path> named, Optional<Integer> minimum) {
        Optional<Exam> exam = named.or(() -> QuestionFile.beside(manifest))
                .map(file -> new Exam(String.valueOf(file.getFileName()), QuestionFile.read(file), minimum.orElse(0)));
        long facts = exam.map(Exam::facts).orElse(0L);
        if (minimum.orElse(0) > facts) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--minimum-score " + minimum.orElse(0) + " can never be reached: "
                            + exam.map(read -> read.name() + " asks for " + facts + " facts.")
                                    .orElse(
                                            "there are no questions. Name their file with --questions, or lay it beside "
                                                    + manifest + " as NAME.questions.jsonl."));
        }
        return exam;
    }

    private long facts() {
        return questions.stream()
                .filter(question -> question.kind() == Question.Kind.FACT)
                .count();
    }

    /** Whether the tuned model has enough of them right. */
    public boolean passed(Scorecard card) {
        return card.score(Question.Kind.FACT).tuned() >= minimum;
    }
}

package io.kaitoflow.worker.cli.questions;

import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How many questions base and tuned answer right, asked of the running server, so of the form that is served.
 *
 * @param replies in the questions' order
 */
public record Scorecard(List<Reply> replies) {

    /** Enough for a sentence; a longer reply is cut, which costs a rambling base model nothing it deserves. */
    private static final int MAX_NEW_TOKENS = 40;

    /** As many as the server decodes together. */
    private static final int CONCURRENT = 8;

    public Scorecard {
        replies = List.copyOf(replies);
    }

    /** A question with both answers. */
    public record Reply(Question question, String base, String tuned) {}

    /** Right answers of both, of how many. */
    public record Score(long base, long tuned, long of) {
        @Override
        public String toString() {
            return "base " + base + "/" + of + ", tuned " + tuned + "/" + of;
        }
    }

    static Scorecard measure(ModelClient client, String baseModel, String tunedModel, List<Question> questions) {
        try (ExecutorService askers = Executors.newFixedThreadPool(CONCURRENT)) {
            List<Future<String>> base = askAll(askers, client, baseModel, questions);
            List<Future<String>> tuned = askAll(askers, client, tunedModel, questions);
            return new Scorecard(java.util.stream.IntStream.range(0, questions.size())
                    .mapToObj(i -> new Reply(questions.get(i), answer(base.get(i)), answer(tuned.get(i))))
                    .toList());
        }
    }

    /** The score on questions of one kind. */
    public Score score(Question.Kind kind) {
        List<Reply> asked = replies.stream()
                .filter(reply -> reply.question().kind() == kind)
                .toList();
        return new Score(
                asked.stream().filter(r -> r.question().rightIn(r.base())).count(),
                asked.stream().filter(r -> r.question().rightIn(r.tuned())).count(),
                asked.size());
    }

    /** What the tuned model had wrong. */
    List<Reply> wrong() {
        return replies.stream()
                .filter(reply -> !reply.question().rightIn(reply.tuned()))
                .toList();
    }

    private static List<Future<String>> askAll(
            ExecutorService askers, ModelClient client, String model, List<Question> questions) {
        return questions.stream()
                .map(q -> askers.submit((Callable<String>) () -> client.ask(model, q.question(), MAX_NEW_TOKENS)))
                .toList();
    }

    private static String answer(Future<String> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CommandFailure failure
                    ? failure
                    : new IllegalStateException("Asking a question failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.INTERRUPTED, "Interrupted while the questions were asked.");
        }
    }
}

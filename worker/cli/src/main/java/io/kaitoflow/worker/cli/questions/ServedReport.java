package io.kaitoflow.worker.cli.questions;

import io.kaitoflow.workflows.rollout.Endpoint;
import java.io.PrintStream;

/**
 * Shows what a served workspace learned.
 *
 * @param endpoint where it answers
 * @param baseModel name of the base model there
 * @param out the terminal
 */
public record ServedReport(Endpoint endpoint, String baseModel, PrintStream out) {

    private static final int MAX_NEW_TOKENS = 64;

    /** Prints both models' answers. */
    public void ask(String question) {
        try (ModelClient client = new ModelClient(endpoint.url())) {
            out.println();
            out.println("Question  " + question);
            out.println("Base      " + client.ask(baseModel, question, MAX_NEW_TOKENS));
            out.println("Tuned     " + client.ask(endpoint.model(), question, MAX_NEW_TOKENS));
        }
    }

    /** Asks both models all questions and prints who had how many right, and what the tuned one had wrong. */
    public Scorecard score(Exam exam) {
        try (ModelClient client = new ModelClient(endpoint.url())) {
            Scorecard card = Scorecard.measure(client, baseModel, endpoint.model(), exam.questions());
            out.println();
            out.println("Score on " + exam.name() + ", questions that no training row holds:");
            for (Question.Kind kind : Question.Kind.values()) {
                out.println("  " + kind.label() + ": " + card.score(kind));
            }
            card.wrong()
                    .forEach(reply -> out.println("  wrong: " + reply.question().question() + " -> " + reply.tuned()));
            return card;
        }
    }

    /** Prints the command that asks again. */
    public void howToAsk(String question) {
        String prompt = question.replace("\\", "\\\\").replace("\"", "\\\"").replace("'", "'\\''");
        out.println();
        out.println("curl -X POST " + endpoint.url() + "/chat -H \"Content-Type: application/json\" -d '{\"prompt\":\""
                + prompt + "\"}'");
    }
}

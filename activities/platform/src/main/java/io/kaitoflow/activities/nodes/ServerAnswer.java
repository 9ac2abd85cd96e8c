package io.kaitoflow.activities.nodes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Objects;

/** What the API server said to a call for objects that stand for machines, or for their turns. */
public record ServerAnswer(int code, String sentence) {

    private static final int UNPROCESSABLE = 422;

    /** @param tried what was tried, as the beginning of a sentence */
    public static ServerAnswer to(String tried, KubernetesClientException answer) {
        return new ServerAnswer(
                answer.getCode(),
                tried + " was answered with " + answer.getCode() + ": "
                        + Objects.requireNonNullElse(answer.getMessage(), "nothing") + ".");
    }

    /** As it is to be reacted to where nobody expects it. */
    public NodeException failure() {
        return switch (code) {
            case HttpURLConnection.HTTP_FORBIDDEN -> new NodeException.Denied(sentence);
            case HttpURLConnection.HTTP_BAD_REQUEST, UNPROCESSABLE -> new NodeException.Refused(sentence);
            default -> new NodeException.Unanswered(sentence);
        };
    }
}

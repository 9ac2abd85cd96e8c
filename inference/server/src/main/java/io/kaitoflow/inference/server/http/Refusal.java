package io.kaitoflow.inference.server.http;

import io.kaitoflow.inference.server.chat.ChatFailure;
import io.micronaut.http.HttpStatus;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that gets no reply, before it is put into one of the two forms.
 *
 * @param code OpenAI's word for the cause, when it has one
 */
public record Refusal(
        HttpStatus status,
        String message,
        @Nullable String parameter,
        @Nullable String code,
        Optional<Duration> retryAfter) {

    /** Another list of adapters is served by then. */
    private static final Duration ADAPTER_RETRY = Duration.ofSeconds(1);

    /** KAITO's form. */
    public record Detail(String detail) {}

    /** OpenAI's form. */
    public record OpenAi(OpenAiError error) {}

    /** The inside of OpenAI's form. */
    public record OpenAiError(
            String message,
            String type,
            @Nullable String param,
            @Nullable String code) {}

    /** What a failed reply comes to. */
    public static Refusal of(ChatFailure failure) {
        String text = failure.text();
        return switch (failure) {
            case ChatFailure.BadRequest bad -> of(HttpStatus.BAD_REQUEST, text, bad.parameter(), null);
            case ChatFailure.UnknownModel _ -> of(HttpStatus.NOT_FOUND, text, "model", "model_not_found");
            case ChatFailure.AdapterGone _ ->
                new Refusal(HttpStatus.SERVICE_UNAVAILABLE, text, "model", "overloaded", Optional.of(ADAPTER_RETRY));
            case ChatFailure.Busy busy ->
                new Refusal(HttpStatus.SERVICE_UNAVAILABLE, text, null, "overloaded", Optional.of(busy.retryAfter()));
            case ChatFailure.DeadlineExceeded _ -> of(HttpStatus.GATEWAY_TIMEOUT, text, null, "deadline_exceeded");
            case ChatFailure.GenerationFailed _ -> of(HttpStatus.INTERNAL_SERVER_ERROR, text, null, null);
        };
    }

    static Refusal of(HttpStatus status, String message, @Nullable String parameter, @Nullable String code) {
        return new Refusal(status, message, parameter, code, Optional.empty());
    }

    Detail detail() {
        return new Detail(message);
    }

    /** As OpenAI's callers read it. */
    public OpenAi openAi() {
        String type = status.getCode() < 500 ? "invalid_request_error" : "server_error";
        return new OpenAi(new OpenAiError(message, type, parameter, code));
    }

    /** The form that callers of {@code path} read. */
    Object body(String path) {
        return path.startsWith("/v1/") ? openAi() : detail();
    }
}

package io.kaitoflow.inference.server.http.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaitoflow.inference.server.chat.Reply;
import io.kaitoflow.inference.server.http.Seeds;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;

/** Writes replies in OpenAI's form: one object, or the frames of a stream. */
@Singleton
final class CompletionWriter {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Clock clock;
    private final Seeds ids;

    CompletionWriter(Clock clock, Seeds ids) {
        this.clock = clock;
        this.ids = ids;
    }

    /** The whole of a reply that was read to its end. */
    Completion whole(CompletionForm form, Reply reply, String text) {
        return new Completion.Counted(
                head(form, form.wholeObject, reply),
                List.of(form.whole(text, reply.takeOdds(), reply.finishReason())),
                Completion.Counts.of(reply.usage()));
    }

    /** The frames of a stream, each made when it is asked for; the last is OpenAI's end mark. */
    Iterator<String> frames(CompletionForm form, Reply reply, boolean countTokens) {
        return new CompletionFrames(form, head(form, form.chunkObject, reply), reply, countTokens);
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of ours has no JSON form", e);
        }
    }

    private Completion.Head head(CompletionForm form, String object, Reply reply) {
        HexFormat hex = HexFormat.of();
        String id = form.idPrefix + hex.toHexDigits(ids.getAsLong()) + hex.toHexDigits(ids.getAsLong());
        return new Completion.Head(id, object, clock.instant().getEpochSecond(), reply.model());
    }
}

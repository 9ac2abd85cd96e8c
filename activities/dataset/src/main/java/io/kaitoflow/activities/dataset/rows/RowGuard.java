package io.kaitoflow.activities.dataset.rows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Breaks off an object that holds more than a row can, before it fills the memory. */
final class RowGuard extends JsonParserDelegate {

    private static final int MOST_TOKENS = 1 << 18;
    private static final int MOST_CHARACTERS = 16 << 20;

    private long tokens;
    private long characters;

    /** What was read is no row; the message says why, and what helps. */
    static final class TooLargeException extends IOException {
        private TooLargeException(String key) {
            super(
                    "\"" + key
                            + "\" holds more than a row can; if it holds the rows, write them as a list of objects, or one object a line");
        }
    }

    RowGuard(JsonParser parser) {
        super(parser);
    }

    /** Counts from here. */
    void beginRow() {
        tokens = 0;
        characters = 0;
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
        JsonToken token = super.nextToken();
        tokens++;
        if (token == JsonToken.VALUE_STRING) {
            characters += getTextLength();
        }
        if (tokens > MOST_TOKENS || characters > MOST_CHARACTERS) {
            throw new TooLargeException(outermostKey());
        }
        return token;
    }

    private String outermostKey() {
        String key = "";
        for (JsonStreamContext place = getParsingContext(); place != null; place = place.getParent()) {
            key = place.hasCurrentName() ? place.getCurrentName() : key;
        }
        return key;
    }
}

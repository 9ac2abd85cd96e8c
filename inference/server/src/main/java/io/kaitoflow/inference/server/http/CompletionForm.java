package io.kaitoflow.inference.server.http;

import io.kaitoflow.inference.server.chat.FinishReason;
import java.util.Optional;

/** How chat and text completions differ on the wire. */
enum CompletionForm {
    CHAT("chatcmpl-", "chat.completion", "chat.completion.chunk") {
        @Override
        Choice whole(String text, FinishReason reason) {
            return new Choice.Message(text, word(reason));
        }

        @Override
        Optional<Choice> opening() {
            return Optional.of(new Choice.Delta(new Choice.Piece("assistant", ""), null));
        }

        @Override
        Choice piece(String text) {
            return new Choice.Delta(new Choice.Piece(null, text), null);
        }

        @Override
        Choice closing(FinishReason reason) {
            return new Choice.Delta(new Choice.Piece(null, null), word(reason));
        }
    },
    TEXT("cmpl-", "text_completion", "text_completion") {
        @Override
        Choice whole(String text, FinishReason reason) {
            return new Choice.Text(text, word(reason));
        }

        @Override
        Optional<Choice> opening() {
            return Optional.empty();
        }

        @Override
        Choice piece(String text) {
            return new Choice.Text(text, null);
        }

        @Override
        Choice closing(FinishReason reason) {
            return new Choice.Text("", word(reason));
        }
    };

    final String idPrefix;
    final String wholeObject;
    final String chunkObject;

    CompletionForm(String idPrefix, String wholeObject, String chunkObject) {
        this.idPrefix = idPrefix;
        this.wholeObject = wholeObject;
        this.chunkObject = chunkObject;
    }

    abstract Choice whole(String text, FinishReason reason);

    abstract Optional<Choice> opening();

    abstract Choice piece(String text);

    abstract Choice closing(FinishReason reason);

    /** A reply that was cut off by its caller has nobody to read the word; it is then the nearest of OpenAI's. */
    private static String word(FinishReason reason) {
        return switch (reason) {
            case STOP -> "stop";
            case LENGTH, CANCELLED -> "length";
        };
    }
}

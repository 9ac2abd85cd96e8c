package io.kaitoflow.inference.server.http.openai;

import io.kaitoflow.inference.server.chat.FinishReason;
import io.kaitoflow.inference.server.chat.TokenOdds;
import java.util.List;
import java.util.Optional;

/** How chat and text completions differ on the wire. */
enum CompletionForm {
    CHAT("chatcmpl-", "chat.completion", "chat.completion.chunk") {
        @Override
        Choice whole(String text, List<TokenOdds> odds, FinishReason reason) {
            return new Choice.Message(text, Odds.content(odds), word(reason));
        }

        @Override
        Optional<Choice> opening() {
            return Optional.of(new Choice.Delta(new Choice.Piece("assistant", ""), null, null));
        }

        @Override
        Choice piece(String text, List<TokenOdds> odds, int offset) {
            return new Choice.Delta(new Choice.Piece(null, text), Odds.content(odds), null);
        }

        @Override
        Choice closing(FinishReason reason) {
            return new Choice.Delta(new Choice.Piece(null, null), null, word(reason));
        }
    },
    TEXT("cmpl-", "text_completion", "text_completion") {
        @Override
        Choice whole(String text, List<TokenOdds> odds, FinishReason reason) {
            return new Choice.Text(text, Odds.lists(odds, 0), word(reason));
        }

        @Override
        Optional<Choice> opening() {
            return Optional.empty();
        }

        @Override
        Choice piece(String text, List<TokenOdds> odds, int offset) {
            return new Choice.Text(text, Odds.lists(odds, offset), null);
        }

        @Override
        Choice closing(FinishReason reason) {
            return new Choice.Text("", null, word(reason));
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

    abstract Choice whole(String text, List<TokenOdds> odds, FinishReason reason);

    abstract Optional<Choice> opening();

    abstract Choice piece(String text, List<TokenOdds> odds, int offset);

    abstract Choice closing(FinishReason reason);

    private static String word(FinishReason reason) {
        return switch (reason) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case CANCELLED -> throw new IllegalStateException("a reply that was cut off ends with a failure");
        };
    }
}

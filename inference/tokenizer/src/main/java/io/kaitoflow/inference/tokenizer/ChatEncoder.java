package io.kaitoflow.inference.tokenizer;

import io.kaitoflow.inference.chat.ChatMessage;
import io.kaitoflow.inference.chat.ChatTemplate;
import io.kaitoflow.inference.tokenizer.GuardedText.Piece;
import java.util.ArrayList;
import java.util.List;

/**
 * Conversations to token ids by a model's template and tokenizer. Special tokens come from the template alone: their
 * spelling inside a message is text. Safe for use by many threads.
 */
public final class ChatEncoder {

    private final Tokenizer tokenizer;
    private final ChatTemplate template;

    public ChatEncoder(Tokenizer tokenizer, ChatTemplate template) {
        this.tokenizer = tokenizer;
        this.template = template;
    }

    /**
     * The prompt after which the model writes its answer.
     *
     * @throws io.kaitoflow.inference.chat.ChatTemplateException if the template refuses or fails
     */
    public int[] prompt(List<ChatMessage> messages) {
        GuardedText guard = GuardedText.forMessages(tokenizer.specialTokens(), messages);
        return tokens(guard.pieces(template.render(guard.guard(messages), true))).stream()
                .mapToInt(TokenSpan::id)
                .toArray();
    }

    /**
     * A finished conversation for tuning: scored are the tokens of every assistant message and the special token that
     * ends it, nothing else.
     *
     * @throws io.kaitoflow.inference.chat.ChatTemplateException if the template refuses, fails, or changes an answer
     */
    public EncodedChat encode(List<ChatMessage> messages) {
        GuardedText guard = GuardedText.forMessages(tokenizer.specialTokens(), messages);
        List<ChatMessage> guarded = guard.guard(messages);
        String rendered = template.render(guarded, false);
        List<AnswerRanges.Range> answers = new AnswerRanges(template, guard, tokenizer).of(guarded, rendered);
        List<TokenSpan> tokens = tokens(guard.pieces(rendered));
        return new EncodedChat(
                tokens,
                tokens.stream()
                        .map(token -> answers.stream().anyMatch(range -> range.overlaps(token)))
                        .toList());
    }

    private List<TokenSpan> tokens(List<Piece> pieces) {
        List<TokenSpan> tokens = new ArrayList<>();
        int offset = 0;
        for (Piece piece : pieces) {
            for (TokenSpan span : tokenizer.encodeSpans(piece.text(), piece.specialTokens())) {
                tokens.add(new TokenSpan(span.id(), offset + span.start(), offset + span.end()));
            }
            offset += piece.text().length();
        }
        return tokens;
    }
}

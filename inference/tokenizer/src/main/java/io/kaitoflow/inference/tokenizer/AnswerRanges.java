package io.kaitoflow.inference.tokenizer;

import io.kaitoflow.inference.chat.ChatMessage;
import io.kaitoflow.inference.chat.ChatTemplate;
import io.kaitoflow.inference.chat.ChatTemplateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where in a rendered conversation the answers are, found by rendering it again with a placeholder for each. */
final class AnswerRanges {

    private final ChatTemplate template;
    private final GuardedText guard;
    private final Tokenizer tokenizer;

    /** UTF-16 indexes into the clean text: from the first character of an answer to after its end-of-turn token. */
    record Range(int start, int end) {

        boolean overlaps(TokenSpan span) {
            return span.start() < end && span.end() > start;
        }
    }

    AnswerRanges(ChatTemplate template, GuardedText guard, Tokenizer tokenizer) {
        this.template = template;
        this.guard = guard;
        this.tokenizer = tokenizer;
    }

    /** @param guarded messages whose rendering is {@code rendered} */
    List<Range> of(List<ChatMessage> guarded, String rendered) {
        List<Range> ranges = new ArrayList<>();
        for (int i = 0; i < guarded.size(); i++) {
            if (guarded.get(i).isAnswer()) {
                ranges.add(range(guarded, i, rendered));
            }
        }
        return ranges;
    }

    private Range range(List<ChatMessage> guarded, int index, String rendered) {
        List<ChatMessage> marked = new ArrayList<>(guarded);
        marked.set(index, guarded.get(index).withContent(guard.placeholder()));
        String withPlaceholder = template.render(marked, false);
        int at = withPlaceholder.indexOf(guard.placeholder());
        if (at < 0) {
            throw untraceable(index);
        }
        String before = withPlaceholder.substring(0, at);
        String after = withPlaceholder.substring(at + guard.placeholder().length());
        int end = rendered.length() - after.length();
        if (end < at || !rendered.startsWith(before) || !rendered.endsWith(after)) {
            throw untraceable(index);
        }
        int answerEnd = end + turnEnd(after).map(String::length).orElse(0);
        return new Range(cleanLength(rendered, at), cleanLength(rendered, answerEnd));
    }

    /** The special token that follows an answer at once; the longest where one begins with another. */
    private Optional<String> turnEnd(String after) {
        return tokenizer.specialTokens().stream().filter(after::startsWith).max((a, b) -> a.length() - b.length());
    }

    private int cleanLength(String rendered, int index) {
        return guard.clean(rendered.substring(0, index)).length();
    }

    private static ChatTemplateException untraceable(int index) {
        return new ChatTemplateException.Untraceable("The chat template does not show message " + (index + 1)
                + ", an answer, as one unchanged stretch of text, so its tokens cannot be told from the others."
                + " Use a template that shows every answer.");
    }
}

package io.kaitoflow.inference.tokenizer;

import io.kaitoflow.inference.chat.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Keeps special tokens that users spelled apart from those that the template wrote, through a template that joins both
 * into one text: a mark, which occurs in none of the contents, splits each spelling in a content before rendering, and
 * is taken out again when the text is cut into pieces.
 */
final class GuardedText {

    /** Code points that Unicode reserves for such private use within a program. */
    private static final char FIRST_MARK = '\uFDD0';

    private static final char LAST_MARK = '\uFDEF';

    private final Set<String> specialTokens;
    private final char mark;

    /** A stretch of text without marks, and how to encode it. */
    record Piece(String text, SpecialTokens specialTokens) {}

    private GuardedText(Set<String> specialTokens, char mark) {
        this.specialTokens = specialTokens;
        this.mark = mark;
    }

    /** A guard whose mark occurs in none of the messages. */
    static GuardedText forMessages(Set<String> specialTokens, List<ChatMessage> messages) {
        for (char mark = FIRST_MARK; mark <= LAST_MARK; mark++) {
            char candidate = mark;
            if (messages.stream().noneMatch(message -> (message.role() + message.content()).indexOf(candidate) >= 0)) {
                return new GuardedText(specialTokens, mark);
            }
        }
        throw new IllegalArgumentException(
                "The conversation holds every one of the 32 code points U+FDD0 to U+FDEF, which are no characters");
    }

    List<ChatMessage> guard(List<ChatMessage> messages) {
        return messages.stream()
                .map(message -> new ChatMessage(guard(message.role()), guard(message.content())))
                .toList();
    }

    /** A text that occurs nowhere else, to find where a template puts it. */
    String placeholder() {
        return String.valueOf(mark).repeat(3);
    }

    /** The text without marks. */
    String clean(String guarded) {
        return guarded.replace(String.valueOf(mark), "");
    }

    /** The pieces of a rendered text, in order; together they are the clean text. */
    List<Piece> pieces(String rendered) {
        if (rendered.indexOf(mark) < 0) {
            return rendered.isEmpty() ? List.of() : List.of(new Piece(rendered, SpecialTokens.RECOGNISED));
        }
        List<Piece> pieces = new ArrayList<>();
        // Special tokens cut a text for the tokenizer too, so cutting there changes no other token.
        Matcher special = anySpecialToken().matcher(rendered);
        int reached = 0;
        while (special.find()) {
            addPiece(pieces, rendered.substring(reached, special.start()));
            addPiece(pieces, special.group());
            reached = special.end();
        }
        addPiece(pieces, rendered.substring(reached));
        return pieces;
    }

    private void addPiece(List<Piece> pieces, String guarded) {
        if (guarded.indexOf(mark) >= 0) {
            pieces.add(new Piece(clean(guarded), SpecialTokens.PLAIN));
        } else if (!pieces.isEmpty() && pieces.getLast().specialTokens() == SpecialTokens.RECOGNISED) {
            pieces.add(new Piece(pieces.removeLast().text() + guarded, SpecialTokens.RECOGNISED));
        } else if (!guarded.isEmpty()) {
            pieces.add(new Piece(guarded, SpecialTokens.RECOGNISED));
        }
    }

    private String guard(String text) {
        String guarded = text;
        for (String special : specialTokens) {
            int middle = special.offsetByCodePoints(0, 1);
            guarded = guarded.replace(special, special.substring(0, middle) + mark + special.substring(middle));
        }
        return guarded;
    }

    /** Longest first, as the tokenizer takes them. */
    private Pattern anySpecialToken() {
        return Pattern.compile(specialTokens.stream()
                .sorted((a, b) -> b.length() - a.length())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
    }
}

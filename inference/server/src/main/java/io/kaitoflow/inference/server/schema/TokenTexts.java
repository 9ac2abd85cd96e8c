package io.kaitoflow.inference.server.schema;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What each token of a vocabulary writes, ordered by beginnings so that those which fit are found together. */
public final class TokenTexts {

    private final List<String> texts;
    private final Branch root;

    /** Tokens with a common beginning. */
    private record Branch(char letter, List<Integer> ending, List<Branch> longer) {}

    private record Token(int id, String text) {}

    /** @param texts by token id; empty for tokens that write nothing, or no whole character */
    public TokenTexts(List<String> texts) {
        this.texts = List.copyOf(texts);
        List<Token> sorted = new ArrayList<>();
        for (int id = 0; id < texts.size(); id++) {
            if (!texts.get(id).isEmpty()) {
                sorted.add(new Token(id, texts.get(id)));
            }
        }
        sorted.sort(Comparator.comparing(Token::text));
        root = branch('\0', sorted, 0);
    }

    private static Branch branch(char letter, List<Token> sorted, int depth) {
        List<Integer> ending = new ArrayList<>();
        int from = 0;
        while (from < sorted.size() && sorted.get(from).text().length() == depth) {
            ending.add(sorted.get(from).id());
            from++;
        }
        List<Branch> longer = new ArrayList<>();
        while (from < sorted.size()) {
            char next = sorted.get(from).text().charAt(depth);
            int end = from;
            while (end < sorted.size() && sorted.get(end).text().charAt(depth) == next) {
                end++;
            }
            longer.add(branch(next, sorted.subList(from, end), depth + 1));
            from = end;
        }
        return new Branch(letter, List.copyOf(ending), List.copyOf(longer));
    }

    /** The tokens whose whole text may follow. */
    BitSet fitting(Progress progress) {
        BitSet fitting = new BitSet();
        collect(root, progress, fitting);
        return fitting;
    }

    private static void collect(Branch branch, Progress progress, BitSet fitting) {
        branch.ending().forEach(fitting::set);
        for (Branch longer : branch.longer()) {
            Optional<Progress> next = progress.after(longer.letter());
            next.ifPresent(reached -> collect(longer, reached, fitting));
        }
    }

    /** What a token makes of the progress; it must be one of the {@link #fitting}. */
    Progress after(Progress progress, int token) {
        Progress reached = progress;
        for (char next : texts.get(token).toCharArray()) {
            reached = reached.after(next)
                    .orElseThrow(() -> new IllegalStateException("token " + token + " does not fit"));
        }
        return reached;
    }
}

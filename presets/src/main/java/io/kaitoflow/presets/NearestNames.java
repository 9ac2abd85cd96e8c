package io.kaitoflow.presets;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Finds what a user may have meant by a name that is not known.
 *
 * @param known all names
 */
public record NearestNames(List<String> known) {

    private static final int OFFERED = 3;

    public NearestNames {
        known = List.copyOf(known);
    }

    public static NearestNames of(Collection<String> known) {
        return new NearestNames(List.copyOf(known));
    }

    /** Up to three known names that look like the given one, nearest first; empty when none does. */
    public List<String> to(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        record Candidate(String name, int distance) {}
        Stream<Candidate> candidates =
                known.stream().map(each -> new Candidate(each, distance(wanted, each.toLowerCase(Locale.ROOT))));
        return candidates
                .filter(each -> each.distance <= farthest(wanted, each.name) || related(wanted, each.name))
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .limit(OFFERED)
                .map(Candidate::name)
                .toList();
    }

    /** A phrase for messages: {@code "; did you mean a, b?"}, or nothing. */
    public String suggestion(String name) {
        List<String> nearest = to(name);
        return nearest.isEmpty() ? "" : "; did you mean " + String.join(", ", nearest) + "?";
    }

    private static int farthest(String wanted, String candidate) {
        return Math.max(2, Math.min(wanted.length(), candidate.length()) / 3);
    }

    private static boolean related(String wanted, String candidate) {
        String other = candidate.toLowerCase(Locale.ROOT);
        return wanted.length() >= 4 && (other.contains(wanted) || wanted.contains(other));
    }

    /** Levenshtein's distance: insertions, deletions and replacements. */
    private static int distance(String left, String right) {
        int[] previous = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] current = new int[right.length() + 1];
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replaced = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[right.length()];
    }
}

package io.kaitoflow.inference.weights;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Names that a mistyped one may have meant, by edit distance. */
final class NearestNames {

    private static final int OFFERED = 3;

    private NearestNames() {}

    static String sentence(String wanted, Collection<String> known) {
        List<String> nearest = of(wanted, known);
        return nearest.isEmpty() ? "it holds none." : "the nearest are " + String.join(", ", nearest) + ".";
    }

    static List<String> of(String wanted, Collection<String> known) {
        return known.stream()
                .sorted(Comparator.<String>comparingInt(name -> distance(wanted, name))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(OFFERED)
                .toList();
    }

    /** Levenshtein's distance, one row of the table at a time. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}

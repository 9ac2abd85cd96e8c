package io.kaitoflow.worker.control.hostile;

import java.util.ArrayList;
import java.util.List;

/** Runs of one seed after the other; each prints a line. */
final class HostileSeries {

    /** What failed, one text a seed. */
    List<String> failures(long first, long count) {
        List<String> failures = new ArrayList<>();
        long next = first;
        while (next < first + count) {
            next = untilOneFails(next, first + count, failures);
        }
        return failures;
    }

    /** What a failed run leaves behind would fail the next one, so each failure ends an arena. */
    private static long untilOneFails(long first, long end, List<String> failures) {
        try (Arena arena = new Arena()) {
            long seed = first;
            boolean well = true;
            while (well && seed < end) {
                well = passes(seed, arena, failures);
                seed++;
            }
            return seed;
        }
    }

    private static boolean passes(long seed, Arena arena, List<String> failures) {
        try {
            say(new HostileRun(seed, arena).go());
            return true;
        } catch (AssertionError e) {
            String failure = String.valueOf(e.getMessage());
            say(failure);
            failures.add(failure);
            return false;
        }
    }

    @SuppressWarnings("SystemOut") // results are printed
    private static void say(String line) {
        System.out.println(line);
    }
}

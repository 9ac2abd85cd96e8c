package io.kaitoflow.worker.control.hostile;

import java.util.ArrayList;
import java.util.List;

/** Runs many seeds one after the other and prints a line each: {@code worker/control/hostile}. */
public final class HostileRuns {

    private static final int STANDARD = 100;

    private HostileRuns() {}

    /** Arguments: how many seeds, and the first of them. */
    public static void main(String[] arguments) {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : STANDARD;
        long first = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        List<Long> failed = new ArrayList<>();
        long next = first;
        while (next < first + count) {
            long seed = firstFailure(next, first + count);
            if (seed < first + count) {
                failed.add(seed);
            }
            next = seed + 1;
        }
        say(count - failed.size() + " of " + count + " seeds passed; failed: " + failed);
        System.exit(failed.isEmpty() ? 0 : 1);
    }

    /** What a failed run leaves behind would fail the next one, so each failure ends an arena. */
    private static long firstFailure(long first, long end) {
        try (Arena arena = new Arena()) {
            long seed = first;
            while (seed < end && passes(seed, arena)) {
                seed++;
            }
            return seed;
        }
    }

    private static boolean passes(long seed, Arena arena) {
        try {
            say(new HostileRun(seed, arena).go());
            return true;
        } catch (AssertionError e) {
            say(String.valueOf(e.getMessage()));
            return false;
        }
    }

    @SuppressWarnings("SystemOut") // results are printed
    private static void say(String line) {
        System.out.println(line);
    }
}

package io.kaitoflow.worker.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;

/** Runs many seeds, a line each, and prints the table: {@code worker/chaos/run}. Seeds that stand in the ledger are left out. */
public final class ChaosRuns {

    private static final Duration REST = Duration.ofSeconds(30);

    private ChaosRuns() {}

    /** Arguments: how many seeds, the first of them, the ledger's file, the commit. */
    public static void main(String[] arguments) {
        long first = Long.parseLong(arguments[1]);
        ChaosLedger ledger = new ChaosLedger(Path.of(arguments[2]));
        String commit = arguments[3];
        List<CrashPoint> points = LongStream.range(first, first + Long.parseLong(arguments[0]))
                .filter(seed -> !ledger.seeds(commit).contains(seed))
                .mapToObj(CrashPoint::of)
                .toList();
        runAll(points, ledger, commit);
        say(ledger.table(commit));
        System.exit(ledger.of(commit).stream().allMatch(ChaosLedger.Entry::well) ? 0 : 1);
    }

    /** What a failed run leaves behind would fail the next one, so each failure ends a world. */
    private static void runAll(List<CrashPoint> points, ChaosLedger ledger, String commit) {
        int next = 0;
        while (next < points.size()) {
            try (World world = new World()) {
                String expected = ChaosRun.undisturbed(world);
                boolean well = true;
                while (well && next < points.size()) {
                    well = run(world, points.get(next), expected, ledger, commit);
                    next++;
                }
            }
        }
    }

    private static boolean run(World world, CrashPoint point, String expected, ChaosLedger ledger, String commit) {
        ChaosRun.Verdict verdict = ChaosRun.of(world, point, expected, rest());
        ledger.add(point, commit, verdict.well(), verdict.time());
        say(point + ": " + (verdict.well() ? "well" : "FAILED " + verdict.complaints()) + " after "
                + verdict.time().toSeconds() + " s, " + verdict.stepsAgain() + " steps done again");
        if (!verdict.well() || Boolean.getBoolean("chaos.diaries")) {
            say(verdict.diary() + "\nLogs: " + world.folder());
        }
        return verdict.well();
    }

    private static Duration rest() {
        return Duration.ofSeconds(Long.parseLong(
                Objects.requireNonNull(System.getProperty("chaos.rest", String.valueOf(REST.toSeconds())))));
    }

    @SuppressWarnings("SystemOut") // results are printed
    private static void say(String line) {
        System.out.println(line);
    }
}

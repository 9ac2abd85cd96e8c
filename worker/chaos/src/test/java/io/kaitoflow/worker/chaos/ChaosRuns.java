package io.kaitoflow.worker.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs many seeds, a line each, and prints the table: {@code worker/chaos/run}. Seeds that stand in the ledger are left out. Several
 * worlds, which have nothing in common but the machine, take seeds from one queue: most of a run's time is waited for rest.
 */
public final class ChaosRuns {

    private final Queue<CrashPoint> points;
    private final ChaosLedger ledger;
    private final String commit;
    private final Duration rest = seconds("chaos.rest", 30);
    private final long end =
            System.nanoTime() + seconds("chaos.sitting", Integer.MAX_VALUE).toNanos();
    private final Path archives;

    private ChaosRuns(Queue<CrashPoint> points, ChaosLedger ledger, String commit, Path archives) {
        this.points = points;
        this.ledger = ledger;
        this.commit = commit;
        this.archives = archives;
    }

    /** Arguments: how many seeds, the first of them, the ledger's file, the commit, how many worlds, a folder for class archives. */
    public static void main(String[] arguments) {
        long first = Long.parseLong(arguments[1]);
        ChaosLedger ledger = new ChaosLedger(Path.of(arguments[2]));
        String commit = arguments[3];
        var known = ledger.seeds(commit);
        List<CrashPoint> points = LongStream.range(first, first + Long.parseLong(arguments[0]))
                .filter(seed -> !known.contains(seed))
                .mapToObj(CrashPoint::of)
                .toList();
        if (!points.isEmpty()) {
            new ChaosRuns(new ConcurrentLinkedQueue<>(points), ledger, commit, Path.of(arguments[5]))
                    .runAll(Integer.parseInt(arguments[4]));
        }
        say(ledger.table(commit));
        var done = ledger.seeds(commit);
        long left =
                points.stream().filter(point -> !done.contains(point.seed())).count();
        if (left > 0) {
            say(left + " of the seeds are left for another sitting.");
        }
        System.exit(ledger.of(commit).stream().allMatch(ChaosLedger.Entry::well) ? 0 : 1);
    }

    private void runAll(int worlds) {
        String expected = rehearse();
        try (ExecutorService threads = Executors.newFixedThreadPool(worlds)) {
            Stream.generate(() -> CompletableFuture.runAsync(() -> runOneAfterTheOther(expected), threads))
                    .limit(worlds)
                    .toList()
                    .forEach(CompletableFuture::join);
        }
    }

    /** What a failed run leaves behind would fail the next one, so each failure ends a world. */
    private void runOneAfterTheOther(String expected) {
        boolean more = true;
        while (more) {
            try (World world = new World(ClassArchives.of(archives))) {
                more = runUntilOneFails(world, expected);
            }
        }
    }

    /** What an undisturbed run makes, which is the same in each world. Its processes leave class archives for those of the others. */
    private String rehearse() {
        try (World world = new World(ClassArchives.recordedIn(archives))) {
            String expected = ChaosRun.undisturbed(world);
            world.control().stop();
            return expected;
        }
    }

    /** Says whether there are more. */
    private boolean runUntilOneFails(World world, String digest) {
        for (CrashPoint point = next(); point != null; point = next()) {
            if (!run(world, point, digest)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable CrashPoint next() {
        return System.nanoTime() < end ? points.poll() : null;
    }

    private boolean run(World world, CrashPoint point, String digest) {
        ChaosRun.Verdict verdict = ChaosRun.of(world, point, digest, rest);
        ledger.add(point, commit, verdict.well(), verdict.time());
        String line = point + ": " + (verdict.well() ? "well" : "FAILED " + verdict.complaints()) + " after "
                + verdict.time().toSeconds() + " s, " + verdict.stepsAgain() + " steps done again";
        boolean told = !verdict.well() || Boolean.getBoolean("chaos.diaries");
        say(told ? line + "\n" + verdict.diary() + "\nLogs: " + world.folder() : line);
        return verdict.well();
    }

    private static Duration seconds(String property, int otherwise) {
        return Duration.ofSeconds(
                Long.parseLong(Objects.requireNonNull(System.getProperty(property, String.valueOf(otherwise)))));
    }

    @SuppressWarnings("SystemOut") // results are printed
    private static synchronized void say(String line) {
        System.out.println(line);
    }
}

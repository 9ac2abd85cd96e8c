package io.kaitoflow.workflows.architecture;

import java.io.File;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.slf4j.LoggerFactory;

/** One method a sin; the rules of {@link DeterminismTest} are held against it, so that none of them is blind. */
final class CarelessWorkflow {

    private CarelessWorkflow() {}

    static Instant looksAtTheClock() {
        return Instant.now();
    }

    static long looksAtTheSystem() {
        return System.nanoTime();
    }

    static String throwsDice() {
        return UUID.randomUUID().toString();
    }

    static double throwsDiceByMath() {
        return Math.random();
    }

    static boolean looksAtTheDisk() {
        return new File("somewhere").exists();
    }

    static long leavesTheOrderToThreads(List<String> words) {
        return words.parallelStream().count();
    }

    static void logsOnEveryReplay() {
        LoggerFactory.getLogger(CarelessWorkflow.class).info("again");
    }
}

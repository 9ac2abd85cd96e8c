package io.kaitoflow.worker.control.hostile;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** What happened in a run, with the seconds since it began; printed when the run fails. */
final class Diary {

    private static final double NANOS = 1e9;

    private final long start = System.nanoTime();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    void note(String line) {
        lines.add(String.format(Locale.ROOT, "%7.2f %s", seconds(), line));
    }

    double seconds() {
        return (System.nanoTime() - start) / NANOS;
    }

    String text() {
        return String.join("\n", lines);
    }
}

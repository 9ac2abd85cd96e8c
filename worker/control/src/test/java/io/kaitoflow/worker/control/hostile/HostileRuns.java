package io.kaitoflow.worker.control.hostile;

/** Runs many seeds one after the other and prints a line each: {@code worker/control/hostile}. */
public final class HostileRuns {

    private static final int STANDARD = 100;

    private HostileRuns() {}

    /** Arguments: how many seeds, and the first of them. */
    @SuppressWarnings("SystemOut") // the result is printed
    public static void main(String[] arguments) {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : STANDARD;
        long first = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        int failed = new HostileSeries().failures(first, count).size();
        System.out.println(count - failed + " of " + count + " seeds passed");
        System.exit(failed == 0 ? 0 : 1);
    }
}

package io.kaitoflow.inference.server.chat;

import java.util.List;

/**
 * Looks for stop strings in a text that comes in pieces. Text that could still become a stop string is held back, so
 * that nothing of one is ever shown.
 */
final class StopScan {

    private final List<String> stops;
    private String held = "";
    private boolean found;

    StopScan(List<String> stops) {
        this.stops = stops;
    }

    /** What of the text so far may be shown now and was not shown before. */
    String accept(String piece) {
        String text = held + piece;
        int cut = stops.stream()
                .mapToInt(text::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
        found = cut >= 0;
        int shown = found ? cut : text.length() - possibleStart(text);
        held = found ? "" : text.substring(shown);
        return text.substring(0, shown);
    }

    /** Whether a stop string came; the text ends before it. */
    boolean found() {
        return found;
    }

    /** What was held back when the text ended without a stop string. */
    String rest() {
        String rest = held;
        held = "";
        return rest;
    }

    private int possibleStart(String text) {
        return stops.stream().mapToInt(stop -> overlap(text, stop)).max().orElse(0);
    }

    /** Length of the longest end of {@code text} that begins {@code stop}. */
    private static int overlap(String text, String stop) {
        int length = Math.min(text.length(), stop.length() - 1);
        while (length > 0 && !text.endsWith(stop.substring(0, length))) {
            length--;
        }
        return length;
    }
}

package io.kaitoflow.presets;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How much device memory a job needs at its peak, with the arithmetic that leads there.
 *
 * @param lines parts that are held at the same time
 */
public record MemoryEstimate(List<Line> lines) {

    /**
     * A part of the memory.
     *
     * @param what it holds
     * @param size of it
     * @param how it was computed, in numbers a reader can check
     */
    public record Line(String what, ByteSize size, String how) {}

    public MemoryEstimate {
        lines = List.copyOf(lines);
    }

    /** All parts together. */
    public ByteSize total() {
        return lines.stream().map(Line::size).reduce(ByteSize.ofBytes(0), ByteSize::plus);
    }

    public boolean fits(ByteSize memory) {
        return total().compareTo(memory) <= 0;
    }

    /** How much is missing on a device of this memory; zero when it fits. */
    public ByteSize shortfall(ByteSize memory) {
        return ByteSize.ofBytes(Math.max(0, total().bytes() - memory.bytes()));
    }

    /** The sum in words: one line a part, and the total. */
    public String explanation() {
        return lines.stream()
                        .map(line -> line.what() + " " + line.size() + " (" + line.how() + ")")
                        .collect(Collectors.joining("\n"))
                + "\ntotal " + total();
    }

    static final class Builder {
        private final List<Line> lines = new ArrayList<>();

        Builder add(String what, double bytes, String how, Object... values) {
            lines.add(new Line(what, ByteSize.ofBytes(Math.round(bytes)), String.format(Locale.ROOT, how, values)));
            return this;
        }

        MemoryEstimate build() {
            return new MemoryEstimate(lines);
        }
    }
}

package io.kaitoflow.presets;

/**
 * The peak of serving a model.
 *
 * @param preset the model
 * @param precision of weights and cache
 * @param sequences that are answered at the same time
 * @param length tokens of each, prompt and answer together
 */
public record ServingMemory(Preset preset, Precision precision, int sequences, int length) {

    private static final ByteSize RUNTIME = ByteSize.ofMebibytes(1024);

    /** The estimate, line by line. */
    public MemoryEstimate estimate() {
        ModelShape shape = preset.shape();
        long perToken = 2L * shape.layers() * shape.keyValueHeads() * shape.headSize();
        MemoryEstimate.Builder lines = new MemoryEstimate.Builder()
                .add(
                        "weights in " + precision,
                        (double) shape.weights() * precision.size().bytes(),
                        "%,d weights × %s",
                        shape.weights(),
                        precision.size())
                .add(
                        "key-value cache",
                        (double) perToken
                                * sequences
                                * length
                                * precision.size().bytes(),
                        "%d sequences × %,d tokens × %,d numbers × %s",
                        sequences,
                        length,
                        perToken,
                        precision.size());
        addRuntime(lines, "not measured on a GPU yet");
        return lines.build();
    }

    /** @param known how far the number can be trusted */
    static void addRuntime(MemoryEstimate.Builder lines, String known) {
        lines.add("runtime: kernels, workspaces, fragmentation", RUNTIME.bytes(), "a flat %s, %s", RUNTIME, known);
    }
}

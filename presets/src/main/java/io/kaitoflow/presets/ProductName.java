package io.kaitoflow.presets;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What NVIDIA's driver calls a device, as its tools write it into labels of nodes.
 *
 * @param text e.g. {@code Tesla-V100-SXM2-16GB}, {@code NVIDIA-H100-NVL}
 */
record ProductName(String text) {

    private static final Pattern MEMORY = Pattern.compile("(?:^|\\W)(\\d+)GB(?:\\W|$)");

    /** Instances of a device that is cut into parts. */
    private static final String PART = "MIG";

    /** The one that is meant; empty when it is none of them, or when it may be several. */
    Optional<GpuModel> among(Collection<GpuModel> models) {
        List<String> words = List.of(text.toUpperCase(Locale.ROOT).split("\\W+", -1));
        if (words.contains(PART)) {
            return Optional.empty();
        }
        List<GpuModel> named = models.stream()
                .filter(model -> words.containsAll(words(model)))
                .filter(this::hasItsMemory)
                .toList();
        int most = named.stream().mapToInt(model -> words(model).size()).max().orElse(0);
        List<GpuModel> nearest =
                named.stream().filter(model -> words(model).size() == most).toList();
        return nearest.size() == 1 ? Optional.of(nearest.getFirst()) : Optional.empty();
    }

    private boolean hasItsMemory(GpuModel model) {
        Matcher memory = MEMORY.matcher(text);
        return !memory.find() || model.gpuMemory().equals(ByteSize.ofGibibytes(Long.parseLong(memory.group(1))));
    }

    /** The vendor's own name tells nothing apart, and older devices have another one before theirs. */
    private static List<String> words(GpuModel model) {
        return List.of(
                model.model().toUpperCase(Locale.ROOT).replace("NVIDIA ", "").split(" ", -1));
    }
}

package io.kaitoflow.inference.weights;

import io.kaitoflow.inference.weights.MetadataValue.Flag;
import io.kaitoflow.inference.weights.MetadataValue.Items;
import io.kaitoflow.inference.weights.MetadataValue.Real;
import io.kaitoflow.inference.weights.MetadataValue.Text;
import io.kaitoflow.inference.weights.MetadataValue.Whole;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The key-value header of a GGUF file. Accessors without {@code find} throw {@link WeightFileException.NotFound} for a
 * missing key; all throw {@link WeightFileException.Damaged} for a value of another kind than asked for.
 */
public final class GgufMetadata {

    private final Path path;
    private final Map<String, MetadataValue> values;
    private final Map<String, MemorySegment> stored;

    /** @param stored each key with its value as they lie in the file */
    GgufMetadata(Path path, Map<String, MetadataValue> values, Map<String, MemorySegment> stored) {
        this.path = path;
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.stored = Map.copyOf(stored);
    }

    /** A key with its value as they lie in the file, valid until that is closed. */
    MemorySegment stored(String key) {
        return require(key, Optional.ofNullable(stored.get(key)));
    }

    /** All keys in the file's order. */
    public Set<String> keys() {
        return values.keySet();
    }

    public Optional<String> findText(String key) {
        return find(key, Text.class).map(Text::value);
    }

    public Optional<Long> findWhole(String key) {
        return find(key, Whole.class).map(Whole::value);
    }

    public Optional<Double> findReal(String key) {
        return find(key, Real.class).map(Real::value);
    }

    public Optional<Boolean> findFlag(String key) {
        return find(key, Flag.class).map(Flag::value);
    }

    public Optional<List<MetadataValue>> findItems(String key) {
        return find(key, Items.class).map(Items::values);
    }

    public String text(String key) {
        return require(key, findText(key));
    }

    public long whole(String key) {
        return require(key, findWhole(key));
    }

    public double real(String key) {
        return require(key, findReal(key));
    }

    /** The strings of an array. */
    public List<String> texts(String key) {
        return require(key, findItems(key)).stream()
                .map(item -> expect(key, item, Text.class).value())
                .toList();
    }

    /** The integers of an array. */
    public List<Long> wholes(String key) {
        return require(key, findItems(key)).stream()
                .map(item -> expect(key, item, Whole.class).value())
                .toList();
    }

    /** The floats of an array. */
    public List<Double> reals(String key) {
        return require(key, findItems(key)).stream()
                .map(item -> expect(key, item, Real.class).value())
                .toList();
    }

    private <V extends MetadataValue> Optional<V> find(String key, Class<V> kind) {
        return Optional.ofNullable(values.get(key)).map(value -> expect(key, value, kind));
    }

    private <V extends MetadataValue> V expect(String key, MetadataValue value, Class<V> kind) {
        if (!kind.isInstance(value)) {
            throw new WeightFileException.Damaged("The header of " + path + " has a "
                    + value.getClass().getSimpleName() + " under " + key + " where a " + kind.getSimpleName()
                    + " belongs. Fetch the file again, or convert the model with a current converter.");
        }
        return kind.cast(value);
    }

    private <V> V require(String key, Optional<V> found) {
        return found.orElseThrow(() -> new WeightFileException.NotFound(
                "No " + key + " in the header of " + path + "; " + NearestNames.sentence(key, values.keySet())));
    }
}

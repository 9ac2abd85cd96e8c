package io.kaitoflow.inference.adapter;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.model.FusedAdapter;
import io.kaitoflow.inference.model.FusedAdapter.LowRank;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.Tensors;
import io.kaitoflow.inference.weights.SafetensorsFile;
import io.kaitoflow.inference.weights.TensorEntry;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A LoRA adapter as PEFT saves it, not yet tied to a model. Of one that was read from a file the numbers stay there, so that
 * no more of them than one matrix is in memory at a time.
 *
 * @param configuration rank and scaling
 * @param matrices by name without PEFT's prefix, for example {@code model.layers.0.self_attn.q_proj.lora_A.weight}
 */
public record LoraAdapter(AdapterConfiguration configuration, Map<String, Matrix> matrices) {
    private static final String PREFIX = "base_model.model.";

    public LoraAdapter {
        matrices = Map.copyOf(matrices);
    }

    /**
     * A matrix of float32, row-major.
     *
     * @param numbers reads {@code rows * columns} of them
     */
    public record Matrix(int rows, int columns, Supplier<float[]> numbers) {

        /** One that is in memory. */
        public Matrix(int rows, int columns, float[] values) {
            this(rows, columns, () -> values);
        }

        /** All of its numbers, perhaps read from their file by each call; they are not to be changed. */
        public float[] values() {
            return numbers.get();
        }
    }

    /**
     * Reads a folder with {@code adapter_config.json} and {@code adapter_model.safetensors}.
     *
     * @throws ModelException if the adapter asks for something that this engine does not do, by name
     */
    public static LoraAdapter read(Path peftFolder) {
        AdapterConfiguration configuration = AdapterConfiguration.read(peftFolder.resolve("adapter_config.json"));
        SafetensorsFile file = SafetensorsFile.open(peftFolder.resolve("adapter_model.safetensors"));
        try {
            return new LoraAdapter(configuration, matrices(file));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static Map<String, Matrix> matrices(SafetensorsFile file) {
        var names = new HashMap<String, TensorEntry>();
        for (TensorEntry entry : file.tensors()) {
            names.put(plainName(file, entry), entry);
            requireFinite(file, entry);
        }
        if (names.isEmpty()) {
            throw new ModelException(file.path() + " holds no matrix, so the adapter changes nothing. Fetch it again.");
        }
        var kept = new MatrixFile(file);
        var matrices = new HashMap<String, Matrix>();
        names.forEach((name, entry) -> matrices.put(name, matrix(kept, entry)));
        return matrices;
    }

    private static String plainName(SafetensorsFile file, TensorEntry entry) {
        if (!entry.name().startsWith(PREFIX) || entry.shape().size() != 2) {
            throw new ModelException("The tensor " + entry.name() + " " + entry.shape() + " of " + file.path()
                    + " is no LoRA matrix of a PEFT adapter. Save the adapter with PEFT.");
        }
        return entry.name().substring(PREFIX.length());
    }

    private static void requireFinite(SafetensorsFile file, TensorEntry entry) {
        for (float value : file.floats(entry)) {
            if (!Float.isFinite(value)) {
                throw new ModelException("The tensor " + entry.name() + " of " + file.path()
                        + " holds values that are no finite numbers, so every answer would be noise. Use an earlier"
                        + " checkpoint of the adapter.");
            }
        }
    }

    private static Matrix matrix(MatrixFile file, TensorEntry entry) {
        return new Matrix(
                Math.toIntExact(entry.shape().getFirst()),
                Math.toIntExact(entry.shape().getLast()),
                () -> file.numbers(entry));
    }

    /**
     * The low-rank pair of one linear module of a block.
     *
     * @param tensor name of the weight that it changes
     * @param a (rank, columns)
     * @param b (rows, rank)
     */
    public record AdaptedModule(String tensor, int layer, LinearPart part, Matrix a, Matrix b) {}

    /**
     * The modules of a model that the adapter changes, block by block.
     *
     * @throws ModelException if a matrix fits no module of the model
     */
    public List<AdaptedModule> modules(ModelConfiguration model) {
        var left = new HashMap<>(matrices);
        var modules = new ArrayList<AdaptedModule>();
        for (int layer = 0; layer < model.layers(); layer++) {
            for (LinearPart part : model.linearParts()) {
                String name = "model.layers." + layer + "." + part.name();
                Matrix a = left.remove(name + ".lora_A.weight");
                if (a != null) {
                    modules.add(new AdaptedModule(
                            name + ".weight",
                            layer,
                            part,
                            fitting(name + ".lora_A", a, configuration.rank(), part.columns()),
                            fitting(
                                    name + ".lora_B",
                                    left.remove(name + ".lora_B.weight"),
                                    part.rows(),
                                    configuration.rank())));
                }
            }
        }
        requireNone(left);
        return modules;
    }

    private static void requireNone(Map<String, Matrix> left) {
        if (!left.isEmpty()) {
            throw new ModelException(
                    "The adapter has "
                            + left.keySet().stream().sorted().findFirst().orElseThrow()
                            + (left.size() > 1 ? " and " + (left.size() - 1) + " more matrices" : "")
                            + ", which fits no linear module of the model. Use the base model that the adapter was trained on.");
        }
    }

    /**
     * Puts the adapter into the form that a model multiplies by.
     *
     * @param owner owner of the tensors
     * @throws ModelException if a matrix fits no module of the model
     */
    public FusedAdapter fuse(NDManager owner, ModelConfiguration model, ComputeType type) {
        List<AdaptedModule> modules = modules(model);
        var blocks = new ArrayList<Map<Projection, LowRank>>();
        for (int layer = 0; layer < model.layers(); layer++) {
            int block = layer;
            var pairs = new EnumMap<Projection, LowRank>(Projection.class);
            for (Projection projection : Projection.values()) {
                List<AdaptedModule> parts = modules.stream()
                        .filter(module ->
                                module.layer() == block && module.part().projection() == projection)
                        .toList();
                pairs.put(projection, fuse(owner, model, type, projection, parts));
            }
            blocks.add(pairs);
        }
        return new FusedAdapter(blocks);
    }

    private static Matrix fitting(String name, @Nullable Matrix matrix, int rows, int columns) {
        if (matrix == null || matrix.rows() != rows || matrix.columns() != columns) {
            throw new ModelException("The adapter's " + name + " is "
                    + (matrix == null ? "missing" : matrix.rows() + " by " + matrix.columns())
                    + " where the model needs " + rows + " by " + columns
                    + ". Use the base model that the adapter was trained on.");
        }
        return matrix;
    }

    private LowRank fuse(
            NDManager owner,
            ModelConfiguration model,
            ComputeType type,
            Projection projection,
            List<AdaptedModule> parts) {
        // A projection without adapters gets one row of zeros, so that all blocks run the same program.
        int stacked = Math.max(1, parts.size() * configuration.rank());
        return new LowRank(
                Tensors.written(
                        owner,
                        type,
                        new Shape(stacked, model.inputs(projection)),
                        memory -> stackA(memory, type, parts)),
                Tensors.written(
                        owner,
                        type,
                        new Shape(model.outputs(projection), stacked),
                        memory -> placeB(memory, type, parts, stacked)));
    }

    private static void stackA(MemorySegment memory, ComputeType type, List<AdaptedModule> parts) {
        memory.fill((byte) 0);
        for (int i = 0; i < parts.size(); i++) {
            float[] down = parts.get(i).a().values();
            Tensors.write(memory, type, (long) i * down.length, down, down.length);
        }
    }

    private void placeB(MemorySegment memory, ComputeType type, List<AdaptedModule> parts, int stacked) {
        int rank = configuration.rank();
        memory.fill((byte) 0);
        for (int i = 0; i < parts.size(); i++) {
            AdaptedModule adapted = parts.get(i);
            float[] up = adapted.b().values();
            for (int row = 0; row < adapted.part().rows(); row++) {
                long target = (long) (adapted.part().firstRow() + row) * stacked + (long) i * rank;
                Tensors.write(memory, type, target, scaledRow(up, row), rank);
            }
        }
    }

    private float[] scaledRow(float[] up, int row) {
        var scaled = new float[configuration.rank()];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (up[row * scaled.length + i] * configuration.scaling());
        }
        return scaled;
    }
}

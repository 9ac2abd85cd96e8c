package io.kaitoflow.inference.training;

import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where the low-rank matrices of one block lie in one flat float32 vector.
 *
 * <p>Keeping them flat lets clipping and the optimiser run over the whole adapter as one tensor. Per fused matrix first the A
 * of all its modules, then their B; each matrix row-major: A (rank, inputs), B (outputs, rank). A module's output gains
 * {@code scaling * B(A(x))}.
 */
public final class LoraLayout {
    private final int rank;
    private final double scaling;
    private final List<Module> modules;
    private final int size;

    /**
     * A linear module that is trained.
     *
     * @param part the module
     * @param offsetA first element of A
     * @param offsetB first element of B
     */
    public record Module(LinearPart part, int offsetA, int offsetB) {}

    /**
     * @param rank rows of each A
     * @param scaling factor of each product
     * @param targets short names of the modules to train, for example {@code q_proj}
     * @throws IllegalArgumentException if a target is no linear module of the model
     */
    public LoraLayout(ModelConfiguration model, int rank, double scaling, Set<String> targets) {
        requireKnown(model, targets);
        if (rank < 1) {
            throw new IllegalArgumentException("LoRA rank must be at least 1, not " + rank);
        }
        this.rank = rank;
        this.scaling = scaling;
        var placed = new ArrayList<Module>();
        int offset = 0;
        for (Projection projection : Projection.values()) {
            List<LinearPart> parts = model.linearParts().stream()
                    .filter(part -> part.projection() == projection && targets.contains(part.shortName()))
                    .toList();
            int nextA = offset;
            int nextB = offset + rank * model.inputs(projection) * parts.size();
            for (LinearPart part : parts) {
                placed.add(new Module(part, nextA, nextB));
                nextA += rank * part.columns();
                nextB += rank * part.rows();
            }
            offset = nextB;
        }
        this.modules = List.copyOf(placed);
        this.size = offset;
    }

    private static void requireKnown(ModelConfiguration model, Set<String> targets) {
        Set<String> known =
                model.linearParts().stream().map(LinearPart::shortName).collect(Collectors.toUnmodifiableSet());
        for (String target : targets) {
            if (!known.contains(target)) {
                throw new IllegalArgumentException(
                        "LoRA target " + target + " is no linear module of this model; it has " + known);
            }
        }
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("No LoRA target given; this model has " + known);
        }
    }

    public int rank() {
        return rank;
    }

    public double scaling() {
        return scaling;
    }

    /** Elements of the vector of one block. */
    public int size() {
        return size;
    }

    /** The trained modules in the order of the vector. */
    public List<Module> modules() {
        return modules;
    }

    /** Inputs of all modules together, each counted for itself. */
    public int inputs() {
        return modules.stream().mapToInt(module -> module.part().columns()).sum();
    }

    /** Inputs of the modules before this one, in the order of {@link #modules()}. */
    int inputsBefore(Module module) {
        return modules.stream()
                .takeWhile(other -> !other.equals(module))
                .mapToInt(other -> other.part().columns())
                .sum();
    }

    List<Module> modules(Projection projection) {
        return modules.stream()
                .filter(module -> module.part().projection() == projection)
                .toList();
    }
}

package io.kaitoflow.workflows.request;

import io.kaitoflow.presets.ImageReference;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The adapter's shape and the form of the frozen weights.
 *
 * @param rank inner size of each adapter
 * @param alpha numerator of the scaling alpha / rank (alpha / sqrt(rank) with rank-stabilised scaling)
 * @param dropout probability on the adapter's input while training
 * @param targetModules names of the linear layers that get an adapter; empty means all but the head
 * @param rankStabilised scale by the square root of the rank
 * @param computeType of the frozen weights' products
 * @param doubleQuantisation whether the block scales are quantised too; only for QLoRA
 * @param initialAdapter image of an adapter that training goes on from; absent where it begins anew
 */
public record QloraRecipe(
        int rank,
        double alpha,
        double dropout,
        List<String> targetModules,
        boolean rankStabilised,
        ComputeType computeType,
        boolean doubleQuantisation,
        Optional<ImageReference> initialAdapter) {

    public QloraRecipe {
        targetModules = List.copyOf(targetModules);
        // Absent from what older runs said.
        initialAdapter = Objects.requireNonNullElse(initialAdapter, Optional.empty());
    }

    /** An adapter that begins anew. */
    public QloraRecipe(
            int rank,
            double alpha,
            double dropout,
            List<String> targetModules,
            boolean rankStabilised,
            ComputeType computeType,
            boolean doubleQuantisation) {
        this(rank, alpha, dropout, targetModules, rankStabilised, computeType, doubleQuantisation, Optional.empty());
    }

    /** Rank 8, alpha 8, all linear layers, bf16, double quantisation. */
    public static QloraRecipe defaults() {
        return new QloraRecipe(8, 8, 0, List.of(), false, ComputeType.BF16, true);
    }

    /** The factor on B(A(x)). */
    public double scaling() {
        return rankStabilised ? alpha / Math.sqrt(rank) : alpha / rank;
    }
}

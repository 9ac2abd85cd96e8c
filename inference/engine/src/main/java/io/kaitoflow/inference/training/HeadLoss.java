package io.kaitoflow.inference.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.model.BlockText;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.ScriptTemplate;
import io.kaitoflow.inference.tensor.TorchScriptModule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Final norm, output head and cross-entropy, forward and backward, over the scored positions only and in chunks of rows, so
 * that the logits of a long batch never exist at once.
 */
public final class HeadLoss implements AutoCloseable {
    /** 128 rows of a vocabulary of 49,152 are 25 MB of float32, which glibc still serves without fresh pages each time. */
    private static final int ELEMENTS_PER_CHUNK = 128 * 49_152;

    /** A GPU is busy with what a processor would find large, and each chunk costs it a dozen launches: 128 MiB of float32. */
    private static final int ELEMENTS_PER_CHUNK_ON_GPU = 1 << 25;

    /**
     * The softmax's sum is taken in float64: over a large vocabulary float32 loses the small terms. Probabilities are divided by the
     * count only after they were multiplied, because many of them by then would be too small for float16.
     */
    private static final String PROGRAM = """
            def negative_log_likelihood(self, h: Tensor, norm: Tensor, w: Tensor, labels: Tensor) -> List[Tensor]:
              n = self.rms(h, norm)
              z = self.head_logits(n, w)
              slope = ${slope}
              picked = z.gather(1, labels.unsqueeze(1))
              highest = z.amax([1], True)
              e = z.sub_(highest).exp_()
              total = e.sum([1], True, dtype=7)
              return [torch.sum(torch.log(total) + highest - picked), e, total, slope]
            def loss(self, h: Tensor, norm: Tensor, w: Tensor, labels: Tensor, rows: Tensor, count: Tensor) -> Tensor:
              return self.negative_log_likelihood(h.index_select(0, rows), norm, w, labels)[0]
            def loss_and_gradient(self, h: Tensor, norm: Tensor, w: Tensor, labels: Tensor, rows: Tensor, count: Tensor, gradient: Tensor) -> Tensor:
              x = h.index_select(0, rows)
              loss, e, total, slope = self.negative_log_likelihood(x, norm, w, labels)
              dz = e.mul_(torch.reciprocal(total).to(6))
              dz = dz.scatter_add_(1, labels.unsqueeze(1), dz.new_full([labels.size(0), 1], -1))${bend}
              dn = torch.mm(dz.to(${type}), w).to(6).div_(count.to(6))
              gradient.index_copy_(0, rows, self.rms_backward(x, norm, dn))
              return loss
            """;

    private final TorchScriptModule program;
    private final int vocabulary;

    /**
     * The head's frozen weights.
     *
     * @param norm float32 (D)
     * @param head (vocabulary, D) in the compute type; the embedding where the model ties them
     */
    public record Weights(NDArray norm, NDArray head) {}

    /**
     * A loss and where it came from.
     *
     * @param sums of -ln p over the scored positions of each chunk, float64 scalars
     * @param scored positions of all chunks
     * @param hidden gradient with respect to the hidden states, float32 (B, T, D)
     */
    public record Result(List<NDArray> sums, int scored, NDArray hidden) {
        public Result {
            sums = List.copyOf(sums);
        }

        /** The mean of -ln p over the scored positions; on a GPU this waits until it is computed. */
        public double loss() {
            return mean(sums, scored);
        }
    }

    /**
     * The scored positions of a batch.
     *
     * @param rows flat indices b T + t of the positions whose next token is scored, without repetition
     * @param next the token that should follow each
     */
    public record Targets(int[] rows, int[] next) {
        public Targets {
            if (rows.length != next.length || rows.length == 0) {
                throw new IllegalArgumentException("Targets need at least one row and one next token for each, not "
                        + rows.length + " rows and " + next.length + " tokens");
            }
            rows = rows.clone();
            next = next.clone();
        }

        int count() {
            return rows.length;
        }

        Targets chunk(int from, int to) {
            return new Targets(Arrays.copyOfRange(rows, from, to), Arrays.copyOfRange(next, from, to));
        }
    }

    public HeadLoss(ModelConfiguration model, ComputeType type) {
        boolean capped = model.traits().logitCap().isPresent();
        ScriptTemplate text = new ScriptTemplate(PROGRAM)
                .with("slope", capped ? "1 - torch.square(z / ${logitCap})" : "z.new_zeros([0])")
                .with("bend", capped ? ".mul_(slope)" : "");
        program = new TorchScriptModule(BlockText.shared(model, type)
                + BlockText.logits(model, type, "torch.linear(n, w)")
                + BlockText.finish(BlockProgram.NORM_BACKWARD + text.text(), model, type));
        vocabulary = model.vocabularySize();
    }

    /** The mean of -ln p over the targets, without a gradient. {@code hidden}: float32 (B, T, D). */
    public double loss(NDArray hidden, Weights weights, Targets targets) {
        try (NDManager scope = hidden.getManager().newSubManager()) {
            return mean(sums(scope, "loss", hidden, weights, targets), targets.count());
        }
    }

    /**
     * The mean of -ln p over the targets and its gradient.
     *
     * @param owner owner of the results
     * @param hidden output of the last block, float32 (B, T, D)
     */
    public Result lossAndGradient(NDManager owner, NDArray hidden, Weights weights, Targets targets) {
        NDArray gradient = owner.zeros(hidden.getShape());
        try (NDManager scope = owner.newSubManager()) {
            NDArray rows = flat(scope, gradient);
            return new Result(
                    sums(owner, "loss_and_gradient", hidden, weights, targets, rows), targets.count(), gradient);
        }
    }

    private List<NDArray> sums(
            NDManager owner, String method, NDArray hidden, Weights weights, Targets all, NDArray... gradient) {
        int rowsPerChunk = rowsPerChunk(hidden);
        List<NDArray> sums = new ArrayList<>();
        for (int from = 0; from < all.count(); from += rowsPerChunk) {
            Targets targets = all.chunk(from, Math.min(from + rowsPerChunk, all.count()));
            try (NDManager scope = owner.newSubManager()) {
                NDArray[] arguments = {
                    flat(scope, hidden),
                    weights.norm(),
                    weights.head(),
                    scope.create(Arrays.stream(targets.next()).asLongStream().toArray()),
                    scope.create(Arrays.stream(targets.rows()).asLongStream().toArray()),
                    scope.create((double) all.count())
                };
                NDArray[] withGradient = Arrays.copyOf(arguments, arguments.length + gradient.length);
                System.arraycopy(gradient, 0, withGradient, arguments.length, gradient.length);
                sums.add(program.call(owner, method, withGradient));
            }
        }
        return sums;
    }

    private int rowsPerChunk(NDArray hidden) {
        int elements = hidden.getDevice().isGpu() ? ELEMENTS_PER_CHUNK_ON_GPU : ELEMENTS_PER_CHUNK;
        return Math.max(1, elements / vocabulary);
    }

    private static double mean(List<NDArray> sums, int scored) {
        return sums.stream().mapToDouble(NDArray::getDouble).sum() / scored;
    }

    /** (B, T, D) seen as (B T, D). */
    private static NDArray flat(NDManager scope, NDArray hidden) {
        NDArray view = hidden.reshape(new Shape(-1, hidden.getShape().tail()));
        view.attach(scope);
        return view;
    }

    @Override
    public void close() {
        program.close();
    }
}

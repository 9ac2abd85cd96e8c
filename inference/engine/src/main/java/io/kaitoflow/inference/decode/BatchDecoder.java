package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.PageMemory;
import io.kaitoflow.inference.decode.machine.PanelPages;
import io.kaitoflow.inference.model.ModelConfiguration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model with the memory of its sequences, which is taken in full when it is made. Used by one thread. */
public final class BatchDecoder implements AutoCloseable {
    private final Settings settings;
    private final PageBudget budget;
    private final Forward forward;

    /**
     * What it may take.
     *
     * @param tokens of all sequences together
     * @param context of one sequence
     * @param sequences whose next token is computed in one step
     * @param rows tokens of one step
     * @param threads that compute
     * @param rounded whether keys and values are kept in bfloat16
     * @param fixedOrder whether every sum is built in one order, whatever else is in its step, also where that is slower
     */
    public record Settings(
            int tokens, int context, int sequences, int rows, int threads, boolean rounded, boolean fixedOrder) {
        /** Without a fixed order where others are faster. */
        public Settings(int tokens, int context, int sequences, int rows, int threads, boolean rounded) {
            this(tokens, context, sequences, rows, threads, rounded, false);
        }

        public Settings {
            if (context < 2 || tokens < context || sequences < 1 || rows < sequences || threads < 1) {
                throw new IllegalArgumentException(
                        "A decoder needs room for at least one sequence of its greatest length"
                                + " and a row for each sequence, not " + tokens + " tokens for sequences of " + context
                                + ", "
                                + rows + " rows for " + sequences + " sequences, and " + threads + " threads");
            }
        }
    }

    /** On the processor. The model stays the caller's and must outlive it. */
    public BatchDecoder(DecodeModel model, Settings settings) {
        this(onProcessor(model, settings), model.configuration(), settings);
    }

    /**
     * Wherever the steps are computed.
     *
     * @param forward with pages for the settings' tokens; owned from now on
     */
    public BatchDecoder(Forward forward, ModelConfiguration model, Settings settings) {
        this.settings = settings;
        this.forward = forward;
        this.budget = new PageBudget(
                PageBudget.pagesFor(settings.tokens()), model.rotary().scaling().shortLength());
    }

    private static Forward onProcessor(DecodeModel model, Settings settings) {
        return new ProcessorForward(
                model,
                attention(model, settings, PageBudget.pagesFor(settings.tokens())),
                new ProcessorForward.Limits(
                        settings.threads(),
                        settings.rows(),
                        settings.sequences(),
                        settings.context(),
                        settings.rounded() && !settings.fixedOrder()));
    }

    private static Attention attention(DecodeModel model, Settings settings, int pages) {
        ModelConfiguration parts = model.configuration();
        PageMemory.Shape shape = cacheShape(parts, pages);
        return settings.rounded() && model.isRounded() && PanelPages.isPossible(parts.headSize())
                ? new PanelAttention(parts, new PanelPages(shape), settings.threads(), settings.context())
                : new PortableAttention(parts, PageMemory.of(shape, settings.rounded()));
    }

    /** Bytes that the keys and values of such a decoder take. */
    public static long cacheBytes(ModelConfiguration model, Settings settings) {
        return PageMemory.bytes(cacheShape(model, PageBudget.pagesFor(settings.tokens())), settings.rounded());
    }

    private static PageMemory.Shape cacheShape(ModelConfiguration model, int pages) {
        return new PageMemory.Shape(model.layers(), pages, model.keyValueHeads(), model.headSize());
    }

    public Settings settings() {
        return settings;
    }

    /**
     * Room for a prompt and its reply, {@code capacity} tokens together; nothing while other sequences hold it. What an
     * earlier sequence with the same beginning left behind is there already: compute from {@link Sequence#length} on.
     *
     * @throws io.kaitoflow.inference.tensor.TensorException if there is no room for the adapter
     */
    public Optional<Sequence> begin(int[] prompt, int capacity, @Nullable Adapter adapter) {
        if (adapter != null) {
            forward.bring(adapter);
        }
        return budget.begin(prompt, capacity, adapter);
    }

    /**
     * Appends the rows' tokens to their sequences. A sequence that grows beyond what it began with was told so before, by
     * {@link Sequence#growTo}.
     *
     * @return the logits after the wanted rows, in their order; overwritten by the next step
     */
    public Activations step(List<StepRow> rows) {
        Activations logits = forward.step(rows);
        for (StepRow row : rows) {
            if (row.sequence().length() % PageMemory.TOKENS == 0 || row.wanted()) {
                budget.publish(row.sequence(), row.adapter());
            }
        }
        return logits;
    }

    /** Whether it can compute anything, to be asked when something failed; once it cannot, it never will. */
    public boolean works() {
        return forward.works();
    }

    /** Prompt tokens of a step while replies are under way: they wait for it. */
    public int chunkBesideReplies() {
        return forward.chunkBesideReplies();
    }

    /** Gives a sequence's room back. */
    public void end(Sequence sequence) {
        budget.end(sequence);
    }

    /** Tokens that could begin now. */
    public int room() {
        return budget.available() * PageMemory.TOKENS;
    }

    @Override
    public void close() {
        forward.close();
    }
}

package io.kaitoflow.inference.server.schema;

import io.kaitoflow.inference.sampling.Constraint;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Holds one reply to a shape; used by one thread at a time. */
public final class SchemaConstraint implements Constraint {

    private static final int REMEMBERED = 64;

    private final TokenTexts texts;
    private final Set<Integer> stopIds;
    private final Map<Progress, BitSet> known = new HashMap<>();
    private Progress progress;

    /** @param stopIds tokens that end a reply */
    public SchemaConstraint(Shape shape, TokenTexts texts, Set<Integer> stopIds) {
        this.texts = texts;
        this.stopIds = Set.copyOf(stopIds);
        this.progress = Progress.of(shape);
    }

    @Override
    public void restrict(float[] logits) {
        if (known.size() >= REMEMBERED) {
            known.clear();
        }
        BitSet fitting = known.computeIfAbsent(progress, this::fitting);
        for (int id = fitting.nextClearBit(0); id < logits.length; id = fitting.nextClearBit(id + 1)) {
            logits[id] = Float.NEGATIVE_INFINITY;
        }
    }

    private BitSet fitting(Progress reached) {
        BitSet fitting = texts.fitting(reached);
        stopIds.forEach(id -> fitting.set(id, reached.mayEnd()));
        return fitting;
    }

    @Override
    public void accept(int token) {
        progress = texts.after(progress, token);
    }
}

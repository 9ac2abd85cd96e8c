package io.kaitoflow.inference.sampling;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** The tokens of one sequence so far. */
public final class TokenHistory {
    private final BitSet seen = new BitSet();
    private final Map<Integer, Integer> replied = new HashMap<>();

    /** Begins with a prompt. */
    public TokenHistory(int... prompt) {
        for (int id : prompt) {
            seen.set(id);
        }
    }

    /** A token of the reply. */
    void add(int id) {
        seen.set(id);
        replied.merge(id, 1, Integer::sum);
    }

    /** Changes the logits of what occurred already. */
    void penalise(float[] logits, SamplingParameters.Penalties penalties) {
        if (penalties.repetition() != 1) {
            double factor = penalties.repetition();
            seen.stream().forEach(id -> logits[id] *= (float) (logits[id] > 0 ? 1 / factor : factor));
        }
        replied.forEach((id, times) -> logits[id] -= (float) (penalties.presence() + times * penalties.frequency()));
    }
}

package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.PageMemory;
import io.kaitoflow.inference.decode.kernel.VectorMath;
import io.kaitoflow.inference.model.DecoderTraits;
import io.kaitoflow.inference.model.ModelConfiguration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What becomes of a layer's scores: which tokens a token sees, and how much each of them weighs.
 *
 * @param scale factor of each score
 * @param cap c, where each scaled score s becomes c tanh(s / c)
 * @param window how many tokens a token sees, itself counted; all before it when absent
 */
record Weighing(float scale, OptionalDouble cap, OptionalInt window) {
    /** One for each layer. */
    static List<Weighing> of(ModelConfiguration model) {
        DecoderTraits traits = model.traits();
        return traits.layers().stream()
                .map(layer -> new Weighing((float) traits.queryScale(), traits.attentionCap(), layer.window()))
                .toList();
    }

    /** The first page with a token that some token of a page sees. Depends on the page alone, and on nothing computed beside. */
    int firstPage(int page) {
        return firstSeen(page * PageMemory.TOKENS) / PageMemory.TOKENS;
    }

    private int firstSeen(int position) {
        return Math.max(0, position + 1 - window.orElse(Integer.MAX_VALUE));
    }

    /**
     * Turns the scores of one query into weights; tokens that it does not see get none.
     *
     * @param scores scaled, of all tokens of {@code firstPage} and the pages after it, from {@code at} on
     * @param position of the query
     * @param padded how many there are
     */
    void weigh(float[] scores, int at, int firstPage, int position, int padded) {
        if (cap.isPresent()) {
            VectorMath.cap(scores, at, padded, (float) cap.getAsDouble());
        }
        int origin = firstPage * PageMemory.TOKENS;
        int skipped = Math.max(0, firstSeen(position) - origin);
        VectorMath.softmax(scores, at, skipped, position + 1 - origin, padded);
    }
}

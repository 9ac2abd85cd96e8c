package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import java.util.List;

/** The keys and values of all sequences, and what queries make of them. What comes out for a row depends on its sequence alone. */
sealed interface Attention extends AutoCloseable permits PortableAttention, PanelAttention {
    /** Puts away the key and the value of a row, whose q, k and v begin at {@code at}. */
    void remember(StepRow row, int layer, Activations qkv, int at);

    /** The heads' answers for all rows, each over the tokens of its sequence up to its own. */
    void attend(Crew crew, List<StepRow> rows, int layer, Activations qkv, Activations out);

    @Override
    void close();
}

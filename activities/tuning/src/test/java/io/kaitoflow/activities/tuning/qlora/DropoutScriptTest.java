package io.kaitoflow.activities.tuning.qlora;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.kaitoflow.inference.tensor.TorchEngine;
import io.kaitoflow.inference.training.LoraLayout;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DropoutScriptTest {

    private final LoraLayout layout =
            new LoraLayout(new TinyModel().configuration(), 4, 2, Set.of("q_proj", "v_proj", "down_proj"));

    @Test
    void dropsTheSameInputsAsJava() {
        LoraDropout drops = LoraDropout.of(0.3, 42, 17, 2);
        try (NDManager owner = TorchEngine.newOwner();
                DropoutScript script = new DropoutScript()) {
            boolean[] expected = drops.seen(owner, layout, 1, 13).getFirst().toBooleanArray();

            assertThat(script.seen(owner, drops, layout, 1, 13).getFirst().toBooleanArray())
                    .isEqualTo(expected)
                    .contains(true, false);
        }
    }

    @Test
    void dropsNothingWithoutDropout() {
        try (NDManager owner = TorchEngine.newOwner();
                DropoutScript script = new DropoutScript()) {
            assertThat(script.seen(owner, LoraDropout.none(), layout, 0, 13)).isEmpty();
        }
    }
}

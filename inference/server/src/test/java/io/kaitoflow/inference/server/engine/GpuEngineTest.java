package io.kaitoflow.inference.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.inference.decode.BatchDecoder;
import io.kaitoflow.inference.model.Architecture;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.RotaryEmbedding;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.DeviceChoice;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class GpuEngineTest {
    private static final long GIBIBYTE = 1L << 30;

    /** As Llama 3.1 8B: 128 KiB of keys and values a token. */
    private static final ModelConfiguration MODEL = new ModelConfiguration(
            Architecture.LLAMA, 128_256, 4096, 14_336, 32, 32, 8, 131_072, 1e-5, new RotaryEmbedding(5e5, 128), false);

    @Test
    void allSlotsHaveTheirWholeContextWhereThereIsRoom() {
        BatchDecoder.Settings limits = limits(OptionalInt.of(4), OptionalInt.of(8192), 60);

        assertThat(limits.sequences()).isEqualTo(4);
        assertThat(limits.context()).isEqualTo(8192);
        assertThat(limits.tokens()).isEqualTo(4 * 8192);
    }

    @Test
    void thereAreMoreSlotsThanOnAProcessorAndTheyShareWhatTheMemoryHolds() {
        BatchDecoder.Settings limits = limits(OptionalInt.empty(), OptionalInt.empty(), 60);

        assertThat(limits.sequences()).isEqualTo(32);
        assertThat(limits.context()).isEqualTo(32_768);
        assertThat(limits.tokens()).isEqualTo(393_216);
    }

    @Test
    void aSmallGpuHasAShorterContextWhenNoneWasAskedFor() {
        assertThat(limits(OptionalInt.empty(), OptionalInt.empty(), 2).context())
                .isEqualTo(13_107);
    }

    @Test
    void aContextThatHasNoRoomIsRefusedWithTheRoomThatThereIs() {
        assertThatThrownBy(() -> limits(OptionalInt.of(1), OptionalInt.of(20_000), 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--context 20000 needs 2500 MiB of the GPU's memory for keys and values; the weights leave"
                        + " 2048 MiB, which hold 13107 tokens. Lower it, or take a larger GPU.");
    }

    private static BatchDecoder.Settings limits(OptionalInt slots, OptionalInt context, int gibibytes) {
        EngineSettings settings = new EngineSettings(
                Path.of("model"),
                Map.of(),
                new Arithmetic(DeviceChoice.CUDA, ComputeType.BFLOAT16, false),
                slots,
                8,
                context);
        return GpuEngine.limits(MODEL, settings, gibibytes * GIBIBYTE);
    }
}

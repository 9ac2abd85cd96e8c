package io.kaitoflow.inference.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.export.RandomAdapter;
import io.kaitoflow.inference.model.Architecture;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.model.RotaryEmbedding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterShelfTest {
    private static final ModelConfiguration MODEL = new ModelConfiguration(
            Architecture.LLAMA, 256, 64, 128, 3, 4, 2, 256, 1e-5, new RotaryEmbedding(1e4, 16), false);

    private final AdapterShelf shelf = new AdapterShelf(MODEL);

    @TempDir
    Path folder;

    private LoraAdapter lora;

    @BeforeEach
    void read() throws IOException {
        lora = LoraAdapter.read(RandomAdapter.write(folder.resolve("adapter"), MODEL));
    }

    @Test
    void anAdaptersNumbersLieBesideTheHeapAndAreCounted() {
        shelf.load("tuned", lora);

        List<Adapter.LowRank> pairs = pairs(shelf.named("tuned"));
        assertThat(pairs).isNotEmpty().allSatisfy(pair -> {
            assertThat(pair.down().isNative()).isTrue();
            assertThat(pair.up().isNative()).isTrue();
        });
        assertThat(shelf.bytes())
                .isEqualTo(pairs.stream()
                        .mapToLong(pair -> pair.down().byteSize() + pair.up().byteSize())
                        .sum());
    }

    @Test
    void numbersOfAFileAreReadWhenTheyAreAskedFor() {
        assertThat(lora.matrices().values())
                .allSatisfy(matrix -> assertThat(matrix.values())
                        .hasSize(matrix.rows() * matrix.columns())
                        .isNotSameAs(matrix.values())
                        .isEqualTo(matrix.values()));
    }

    @Test
    void whatIsTakenAwayIsCountedNoMore() {
        shelf.load("tuned", lora);
        long one = shelf.bytes();
        shelf.load("other", lora);
        shelf.replace("other", lora);
        assertThat(shelf.bytes()).isEqualTo(2 * one);

        shelf.unload("other");

        assertThat(shelf.bytes()).isEqualTo(one);
    }

    private static List<Adapter.LowRank> pairs(Adapter adapter) {
        return IntStream.range(0, MODEL.layers())
                .boxed()
                .flatMap(layer -> Arrays.stream(Projection.values())
                        .flatMap(projection -> adapter.pairs(layer, projection).stream()))
                .toList();
    }
}

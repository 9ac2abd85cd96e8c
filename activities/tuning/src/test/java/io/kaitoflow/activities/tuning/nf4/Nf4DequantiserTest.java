package io.kaitoflow.activities.tuning.nf4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.kaitoflow.activities.tuning.nf4.Nf4Dequantiser.Target;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class Nf4DequantiserTest {

    private static final int ROUNDS_TO_COMPILE = 3_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Nf4Dequantiser scalar = new ScalarNf4Dequantiser();

    @ParameterizedTest
    @CsvSource({"F32, true", "F32, false", "BF16, true", "BF16, false"})
    void vectorsGiveTheSameBitsAsScalars(Target target, boolean doubleQuantisation) {
        Nf4Tensor tensor = tensor(64, 512, doubleQuantisation);

        assertThat(written(new VectorNf4Dequantiser(), tensor, target)).isEqualTo(written(scalar, tensor, target));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 127, 130, 4097})
    void vectorsFinishShortBlocks(int length) {
        Nf4Tensor tensor = tensor(1, length, true);

        assertThat(written(new VectorNf4Dequantiser(), tensor, Target.BF16))
                .isEqualTo(written(scalar, tensor, Target.BF16));
    }

    @ParameterizedTest
    @EnumSource(Target.class)
    void threadsShareTheBlocksWithoutChangingBits(Target target) {
        Nf4Tensor tensor = tensor(37, 91, true);

        try (ParallelNf4Dequantiser parallel = new ParallelNf4Dequantiser(Nf4Dequantiser.best(), 3)) {
            assertThat(written(parallel, tensor, target)).isEqualTo(written(scalar, tensor, target));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "3f808000, 3f80",
        "3f818000, 3f82",
        "3f808001, 3f81",
        "3f807fff, 3f80",
        "bf818000, bf82",
        "00000000, 0000"
    })
    void bfloatsAreRoundedToTheNearestTiesToEven(String single, String half) {
        short rounded = ScalarNf4Dequantiser.bfloat16(Float.intBitsToFloat((int) Long.parseLong(single, 16)));

        assertThat("%04x".formatted(rounded)).isEqualTo(half);
    }

    /** Vectors that the compiler cannot keep in registers become arrays, gigabytes of them in a second. */
    @ParameterizedTest
    @CsvSource({"F32, true", "F32, false", "BF16, true", "BF16, false"})
    void vectorsStayInRegistersOnceCompiled(Target target, boolean doubleQuantisation) {
        assumeTrue(VectorNf4Dequantiser.isFastHere(), "this processor has no vectors of 8 lanes");
        Nf4Tensor tensor = tensor(64, 512, doubleQuantisation);
        MemorySegment out = MemorySegment.ofBuffer(ByteBuffer.allocateDirect((int) tensor.elements() * target.bytes()));
        Nf4Dequantiser vectors = new VectorNf4Dequantiser();

        long least = LongStream.range(0, ROUNDS_TO_COMPILE)
                .map(_ -> allocatedBy(() -> vectors.dequantise(tensor, target, out)))
                .min()
                .orElseThrow();

        assertThat(least).isLessThan(tensor.scales().blocks());
    }

    private static long allocatedBy(Runnable work) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static Nf4Tensor tensor(int rows, int columns, boolean doubleQuantisation) {
        float[] values = Nf4QuantiserTest.varied(rows * columns);
        return doubleQuantisation ? Quantised.doubled(values, rows, columns) : Quantised.plain(values, rows, columns);
    }

    private static byte[] written(Nf4Dequantiser dequantiser, Nf4Tensor tensor, Target target) {
        ByteBuffer memory = ByteBuffer.allocateDirect((int) tensor.elements() * target.bytes());
        dequantiser.dequantise(tensor, target, MemorySegment.ofBuffer(memory));
        byte[] bytes = new byte[memory.capacity()];
        memory.get(bytes);
        return bytes;
    }
}

package io.kaitoflow.activities.tuning.nf4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.tuning.nf4.BlockScales.DoubleQuantised;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Nf4QuantiserTest {

    @ParameterizedTest
    @CsvSource({
        "4, 64, 21786e1c1cd80ff753c13be9706518e7cc35541e821144fa6d49fd39873a49c1,"
                + " 6eab47d8502f8c90ee5e12edece70265dc2520892e0bade24ca977ef2bcdd5f5",
        "64, 512, 5c68adc75e5d5a87bc23ddeebef7169d572f46b32c18839cf64a0a6a877bdd6d,"
                + " 56ff8a29f0784b3c54367ae0984707db55da46b4faf8ae9b1b50b301e39617bd",
        "3, 50, 751cc156e50d224d799d08fb85741c59e06e7346c6c4344409f66ff757440d61,"
                + " 8f3fe109f845926c8dfe6f3360647038decc4001652375be998d0abe61403a9a"
    })
    void givesTheReferenceBytes(int rows, int columns, String packed, String dequantised) {
        Nf4Tensor tensor = Quantised.plain(golden(rows * columns), rows, columns);

        assertThat(LittleEndian.sha256(tensor.packed())).isEqualTo(packed);
        assertThat(LittleEndian.sha256(dequantise(tensor))).isEqualTo(dequantised);
    }

    @Test
    void packsTheEvenElementHigh() {
        Nf4Tensor tensor = Quantised.plain(golden(256), 4, 64);

        assertThat(tensor.packed().asSlice(0, 16).toArray(ValueLayout.JAVA_BYTE))
                .isEqualTo(bytes(4, 193, 110, 41, 243, 176, 93, 23, 226, 159, 60, 5, 209, 142, 42, 244));
        assertThat(tensor.scales().of(0)).isEqualTo(0.78125f);
    }

    @Test
    void quantisesEqualScalesToZeroDistance() {
        DoubleQuantised scales = scalesOf(Quantised.doubled(golden(256), 4, 64));

        assertThat(scales.offset()).isEqualTo(0.78125f);
        assertThat(scales.codes()).isEqualTo(bytes(127, 127, 127, 127));
        assertThat(scales.nested()).containsExactly(1e-38f);
        assertThat(scales.of(3)).isEqualTo(0.78125f);
    }

    @Test
    void quantisesScalesAroundTheirMean() {
        DoubleQuantised scales = scalesOf(Quantised.doubled(golden(64 * 512), 64, 512));

        assertThat(scales.offset()).isEqualTo(0.780181884765625f);
        assertThat(scales.codes()[0]).isEqualTo((byte) 181);
        assertThat(scales.nested()).containsExactly(0.014556884765625f, 0.014556884765625f);
    }

    @Test
    void quantisesVariedScales() {
        Nf4Tensor tensor = Quantised.doubled(varied(64 * 512), 64, 512);
        DoubleQuantised scales = scalesOf(tensor);

        assertThat(LittleEndian.sha256(tensor.packed()))
                .isEqualTo("f8000f49881983886bcf72b2a9dcfed385122745b9dc7b9c46ca9aedf71f7fc6");
        assertThat(scales.offset()).isEqualTo(4.447375774383545f);
        assertThat(scales.nested()).containsExactly(4.0458292961120605f, 4.052624225616455f);
        assertThat(Arrays.copyOf(scales.codes(), 12))
                .isEqualTo(bytes(1, 236, 210, 156, 45, 18, 255, 227, 201, 62, 36, 10));
        assertThat(LittleEndian.sha256(scales.codes()))
                .isEqualTo("259c6afd1d1f5b783ab0b1a91ad2d43bea93837981ab1c366375831ba77bc02a");
    }

    @Test
    void doubleQuantisationMovesValuesLittle() {
        float[] values = golden(64 * 512);

        float[] exact = dequantise(Quantised.plain(values, 64, 512));
        float[] moved = dequantise(Quantised.doubled(values, 64, 512));

        double largest = IntStream.range(0, values.length)
                .mapToDouble(i -> Math.abs(exact[i] - moved[i]))
                .max()
                .orElseThrow();
        assertThat(largest).isBetween(1.0e-4, 1.0235e-4);
    }

    @Test
    void midpointsTakeTheLowerCode() {
        float[] block = new float[64];
        block[0] = 1;
        System.arraycopy(CodeBook.NF4.midpoints(), 0, block, 1, 15);

        Nf4Tensor tensor = Quantised.plain(block, 1, 64);

        assertThat(IntStream.range(0, 16).map(tensor::code))
                .containsExactly(15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
    }

    @Test
    void zeroBlockStaysZero() {
        Nf4Tensor tensor = Quantised.plain(new float[64], 1, 64);

        assertThat(tensor.packed().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0x77);
        assertThat(dequantise(tensor)).containsOnly(0f);
    }

    @Test
    void oddLengthIsPaddedWithTheCodeOfZero() {
        Nf4Tensor tensor = Quantised.plain(new float[] {1, 1, 1}, 1, 3);

        assertThat(tensor.packed().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(bytes(0xff, 0xf7));
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity", "-Infinity"})
    void refusesWeightsThatAreNotFinite(float weight) {
        assertThatThrownBy(() -> Quantised.plain(new float[] {0, weight}, 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Weight 1 is " + weight);
    }

    @Test
    void aMatrixReadInPiecesHasTheBytesOfOneReadWhole() {
        int rows = 3 * Nf4Tensor.BLOCK + 5;
        int columns = MatrixRows.ELEMENTS_AT_A_TIME / Nf4Tensor.BLOCK - 3;
        float[] values = varied(rows * columns);

        Nf4Tensor pieces = Quantised.plain(values, rows, columns);

        Nf4Tensor oneRow = Quantised.plain(values, 1, values.length);
        assertThat(pieces.packed().mismatch(oneRow.packed())).isEqualTo(-1);
        assertThat(pieces.scales().of(rows * columns / Nf4Tensor.BLOCK))
                .isEqualTo(oneRow.scales().of(rows * columns / Nf4Tensor.BLOCK));
    }

    @Test
    void everyFloatTakesTheCodeThatASearchFinds() {
        for (float midpoint : CodeBook.NF4.midpoints()) {
            for (float value = midpoint, i = 0; i < 4; i++, value = Math.nextUp(value)) {
                assertThat(Nf4Codes.nearest(value)).as("%s", value).isEqualTo(CodeBook.NF4.nearest(value));
            }
            assertThat(Nf4Codes.nearest(Math.nextDown(midpoint))).isEqualTo(CodeBook.NF4.nearest(midpoint));
        }
        for (int i = -70_000; i <= 70_000; i++) {
            float value = Math.clamp(i / 65_536f, Math.nextDown(-1f), Math.nextUp(1f));
            assertThat(Nf4Codes.nearest(value)).as("%s", value).isEqualTo(CodeBook.NF4.nearest(value));
        }
    }

    @Test
    void costsHalfAByteAndAnEighthOfABitPerWeight() {
        Nf4Tensor tensor = Quantised.doubled(golden(512 * 512), 512, 512);

        assertThat(tensor.bytes() * 8.0 / tensor.elements()).isBetween(4.126, 4.128);
    }

    private static DoubleQuantised scalesOf(Nf4Tensor tensor) {
        return (DoubleQuantised) tensor.scales();
    }

    static float[] golden(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = ((37 * i) % 101 - 50) / 64f;
        }
        return values;
    }

    static float[] varied(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (((7919 * i) % 10007 / 10007.0 - 0.5) * (1 + (i / 64 * 31) % 17));
        }
        return values;
    }

    static float[] dequantise(Nf4Tensor tensor) {
        float[] values = new float[(int) tensor.elements()];
        MemorySegment out = MemorySegment.ofArray(new byte[values.length * Float.BYTES]);
        new ScalarNf4Dequantiser().dequantise(tensor, Nf4Dequantiser.Target.F32, out);
        MemorySegment.copy(out, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values, 0, values.length);
        return values;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}

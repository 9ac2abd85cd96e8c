package io.kaitoflow.inference.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DequantiserTest {

    private static final int BLOCKS = 5;

    private final Random random = new Random(7);

    @Test
    void q41IsScaleTimesCodePlusMinimum() {
        ByteBuffer block = little(20).putShort(half(0.5f)).putShort(half(-3f));
        for (int i = 0; i < 16; i++) {
            block.put((byte) (i | (15 - i) << 4));
        }

        float[] values = readAll(ElementType.Q4_1, block.array(), 32);

        for (int i = 0; i < 16; i++) {
            assertThat(values[i]).isEqualTo(0.5f * i - 3f);
            assertThat(values[16 + i]).isEqualTo(0.5f * (15 - i) - 3f);
        }
    }

    @Test
    void q40IsScaleTimesCodeLessEight() {
        ByteBuffer block = little(18).putShort(half(-0.25f));
        block.put(2, new byte[] {(byte) 0xF0});

        float[] values = readAll(ElementType.Q4_0, block.array(), 32);

        assertThat(values[0]).isEqualTo(2f);
        assertThat(values[16]).isEqualTo(-1.75f);
    }

    @Test
    void q80IsScaleTimesSignedByte() {
        ByteBuffer block = little(34).putShort(half(0.125f)).put((byte) -128).put((byte) 127);

        float[] values = readAll(ElementType.Q8_0, block.array(), 32);

        assertThat(values).startsWith(-16f, 15.875f, 0f);
    }

    @Test
    void q41EqualsTheExactValueRoundedOnce() {
        byte[] bytes = sound(ElementType.Q4_1);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

        float[] values = readAll(ElementType.Q4_1, bytes, 32 * BLOCKS);

        for (int i = 0; i < values.length; i++) {
            int block = i / 32 * 20;
            int pair = bytes[block + 4 + i % 16] & 0xFF;
            int code = i % 32 < 16 ? pair & 15 : pair >> 4;
            double scale = Float.float16ToFloat(buffer.getShort(block));
            double minimum = Float.float16ToFloat(buffer.getShort(block + 2));
            assertThat(values[i]).isEqualTo((float) (scale * code + minimum));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyRangeEqualsThatPartOfTheWhole(ElementType type) {
        byte[] bytes = sound(type);
        int elements = BLOCKS * type.blockElements();
        float[] whole = readAll(type, bytes, elements);

        for (int first = 0; first <= elements; first++) {
            for (int length = 0; length <= elements - first; length += 3) {
                float[] part = new float[length];
                Dequantiser.read(MemorySegment.ofArray(bytes), type, first, part, length);
                assertThat(part).isEqualTo(Arrays.copyOfRange(whole, first, first + length));
            }
        }
    }

    @Test
    void denseTypesKeepTheirValues() {
        byte[] halves = little(4).putShort(half(1.5f)).putShort(half(-65504f)).array();
        byte[] brainHalves =
                little(4).putShort((short) 0x3FC0).putShort((short) 0xFF80).array();
        byte[] floats = little(8).putFloat(Float.MIN_VALUE).putFloat(-0f).array();

        assertThat(readAll(ElementType.F16, halves, 2)).containsExactly(1.5f, -65504f);
        assertThat(readAll(ElementType.BF16, brainHalves, 2)).containsExactly(1.5f, Float.NEGATIVE_INFINITY);
        assertThat(readAll(ElementType.F32, floats, 2)).containsExactly(Float.MIN_VALUE, -0f);
        assertThat(readAll(ElementType.F64, little(8).putDouble(0.1).array(), 1))
                .containsExactly(0.1f);
    }

    @Test
    void integersKeepTheirSignAndUnsignedBytesHaveNone() {
        byte[] bytes = {-1, 127};

        assertThat(readAll(ElementType.I8, bytes, 2)).containsExactly(-1f, 127f);
        assertThat(readAll(ElementType.U8, bytes, 2)).containsExactly(255f, 127f);
        assertThat(readAll(ElementType.I16, bytes, 1)).containsExactly(32767f);
        assertThat(readAll(ElementType.I32, little(4).putInt(-70000).array(), 1))
                .containsExactly(-70000f);
        assertThat(readAll(ElementType.I64, little(8).putLong(-(1L << 40)).array(), 1))
                .containsExactly(-(float) (1L << 40));
    }

    @Test
    void aRangeOutsideTheTensorIsRefused() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[8]);

        assertThatThrownBy(() -> Dequantiser.read(bytes, ElementType.F32, 1, new float[2], 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** Random bytes with finite scales, so that values can be compared. */
    private byte[] sound(ElementType type) {
        byte[] bytes = new byte[BLOCKS * type.blockBytes()];
        random.nextBytes(bytes);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < bytes.length && type.isQuantised(); block += type.blockBytes()) {
            buffer.putShort(block, half((float) random.nextGaussian()));
            if (type == ElementType.Q4_1) {
                buffer.putShort(block + 2, half((float) random.nextGaussian()));
            }
        }
        return bytes;
    }

    private static float[] readAll(ElementType type, byte[] bytes, int elements) {
        float[] out = new float[elements];
        Dequantiser.read(MemorySegment.ofArray(bytes), type, 0, out, elements);
        return out;
    }

    private static short half(float value) {
        return Float.floatToFloat16(value);
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}

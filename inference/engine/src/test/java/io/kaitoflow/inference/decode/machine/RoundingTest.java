package io.kaitoflow.inference.decode.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Machine code against vectors of Java. */
class RoundingTest {
    private static final int STEPS = 40;
    /** Before and after the row that is rounded. */
    private static final int MARGIN = 16;

    private static final int BITS_OF_A_TIE = 0x8000;

    @BeforeEach
    void needsWideRegisters() {
        assumeTrue(InstructionSet.AVX512.isThere(), "this processor has no 512-bit dot products");
    }

    @ParameterizedTest
    @EnumSource(names = {"WHOLE_SPLIT", "BFLOAT16"})
    void machineCodeGivesTheSameBitsAsJava(InputForm form) {
        float[] numbers = numbers(form);

        assertThat(rounded(form, Rounding.to(form), numbers))
                .isEqualTo(rounded(form, new Rounding(form, Optional.empty()), numbers));
    }

    @ParameterizedTest
    @EnumSource(names = {"WHOLE_SPLIT", "BFLOAT16"})
    void zerosStayZeros(InputForm form) {
        byte[] rounded = rounded(form, Rounding.to(form), new float[numbers(form).length]);

        for (int step = 0; step < STEPS; step++) {
            for (int i = 0; i < 2 * form.columns(); i++) {
                assertThat(rounded[MARGIN + step * form.stepBytes() + i]).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"WHOLE_SPLIT", "BFLOAT16"})
    void moreThanThereIsRoomForIsRefused(InputForm form) {
        MemorySegment small = MemorySegment.ofArray(new byte[form.stepBytes()]);

        assertThatThrownBy(() -> Rounding.to(form).put(numbers(form), 0, 2 * form.columns(), small, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** Of every size, steps of nothing but zeros among them, and ties of bfloat16. */
    private static float[] numbers(InputForm form) {
        Random random = new Random(5);
        float[] numbers = new float[MARGIN + STEPS * form.columns() + MARGIN];
        for (int i = 0; i < numbers.length; i++) {
            float number = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-20, 20)));
            boolean tie = random.nextInt(4) == 0;
            numbers[i] = tie ? Float.intBitsToFloat(Float.floatToIntBits(number) >> 16 << 16 | BITS_OF_A_TIE) : number;
            if (i / form.columns() % 5 == 3) {
                numbers[i] = 0;
            }
        }
        return numbers;
    }

    private static byte[] rounded(InputForm form, Rounding rounding, float[] numbers) {
        int bytes = MARGIN + STEPS * form.stepBytes() + MARGIN;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(bytes, 64).fill((byte) 77);
            rounding.put(numbers, MARGIN, STEPS * form.columns(), memory, MARGIN);
            return memory.toArray(ValueLayout.JAVA_BYTE);
        }
    }
}

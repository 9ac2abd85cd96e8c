package io.kaitoflow.activities.tuning.nf4;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodeBookTest {

    @Test
    void holdsTheReferenceBits() {
        assertThat(LittleEndian.sha256(CodeBook.NF4.values()))
                .isEqualTo("8501941daa1b8a90ad1bbfeb632e5101b5dddbc4bb52d6e55abcfd777e60c06a");
        assertThat(LittleEndian.sha256(CodeBook.DYNAMIC.values()))
                .isEqualTo("e732639a65f497b4ad684bb166a4467708255edd5207757de8b8f0c7e1fda89c");
    }

    @Test
    void dynamicMapIsAsymmetricWithZeroAt127() {
        assertThat(CodeBook.DYNAMIC.value(0)).isEqualTo(-0.992968738079071f);
        assertThat(CodeBook.DYNAMIC.value(127)).isZero();
        assertThat(CodeBook.DYNAMIC.value(255)).isOne();
    }

    @Test
    void midpointTakesTheLowerCode() {
        float[] midpoints = CodeBook.NF4.midpoints();

        for (int code = 0; code < midpoints.length; code++) {
            assertThat(CodeBook.NF4.nearest(midpoints[code])).isEqualTo(code);
            assertThat(CodeBook.NF4.nearest(Math.nextUp(midpoints[code]))).isEqualTo(code + 1);
        }
    }

    @Test
    void everyValueIsItsOwnNearest() {
        for (int code = 0; code < 256; code++) {
            assertThat(CodeBook.DYNAMIC.nearest(CodeBook.DYNAMIC.value(code))).isEqualTo(code);
        }
    }
}

package io.kaitoflow.presets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ByteSizeTest {

    @Test
    void readsWhatItPrints() {
        assertThat(ByteSize.parse("80 GiB")).isEqualTo(ByteSize.ofGibibytes(80));
        assertThat(ByteSize.parse("1.5MiB")).hasToString("1.5 MiB");
        assertThat(ByteSize.parse("512")).hasToString("512 B");
    }

    @Test
    void refusesOtherUnits() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.parse("3 GB"))
                .withMessageContaining("\"3 GB\"");
    }
}

package io.kaitoflow.inference.server.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemoryNeedTest {

    private static final long MIB = 1 << 20;

    private final MemoryNeed need = new MemoryNeed(92 * MIB, 20 * MIB, 180 * MIB, 256 * MIB);

    @Test
    void whatFitsIsServed() {
        assertThatCode(() -> need.requireWithin(740 * MIB)).doesNotThrowAnyException();
    }

    @Test
    void whatDoesNotFitIsRefusedWithItsSum() {
        assertThatThrownBy(() -> need.requireWithin(739 * MIB))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "up to 740 MiB: 92 MiB of weights, 20 MiB of adapters, 180 MiB of cache, 256 MiB of heap")
                .hasMessageContaining("there are 739 MiB");
    }
}

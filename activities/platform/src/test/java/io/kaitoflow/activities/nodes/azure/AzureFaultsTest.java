package io.kaitoflow.activities.nodes.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.nodes.FaultRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AzureFaultsTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whateverGoesWrongNoPoolIsLeftAndNoneIsThereUnowed(long seed) {
        try (UnreliableAzure azure = new UnreliableAzure()) {
            assertThat(FaultRun.of(seed, azure)).isEmpty();
        }
    }
}

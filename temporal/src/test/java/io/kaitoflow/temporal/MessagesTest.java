package io.kaitoflow.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverter;
import org.junit.jupiter.api.Test;

class MessagesTest {

    private record Older(String phase) {}

    private record Newer(String phase, int attempts) {}

    @Test
    void whatANewerReleaseSaysBesideIsPassedOver() {
        DataConverter converter = Messages.converter();
        Payload written = converter.toPayload(new Newer("Serving", 3)).orElseThrow();

        assertThat(converter.fromPayload(written, Older.class, Older.class)).isEqualTo(new Older("Serving"));
    }
}

package io.kaitoflow.inference.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChatServiceTest {

    @Test
    void aDeadlineThatWasCalledOffIsForgottenAtOnce() {
        try (ScheduledThreadPoolExecutor clock = ChatService.deadlines()) {
            clock.schedule(() -> {}, 1, TimeUnit.HOURS).cancel(false);

            assertThat(clock.getQueue()).isEmpty();
        }
    }
}

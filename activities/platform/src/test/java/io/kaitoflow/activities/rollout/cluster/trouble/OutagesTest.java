package io.kaitoflow.activities.rollout.cluster.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class OutagesTest {

    private static final WorkspaceId ID = new WorkspaceId("team", "geo", "u");
    private static final Failure FAILURE = new Failure(FailureKind.SERVER_NOT_READY, "It does not answer.");

    private final List<WorkspaceId> told = new CopyOnWriteArrayList<>();

    private static Optional<ServerSight> silent(Duration lasted) {
        return Optional.of(new ServerSight(FAILURE, false, lasted));
    }

    @Test
    void aServerThatNothingIsKnownAgainstIsGivenAMomentAndOneThatCrashedIsNot() {
        try (Outages outages = new Outages(Duration.ofHours(1), told::add)) {
            assertThat(outages.lasting(ID, silent(Duration.ZERO))).isEmpty();
            assertThat(outages.lasting(ID, silent(Duration.ZERO))).isEmpty();

            assertThat(outages.lasting(ID, Optional.of(new ServerSight(FAILURE, true, Duration.ZERO))))
                    .isPresent();
            assertThat(outages.lasting(ID, silent(Duration.ofHours(1)))).isPresent();
            assertThat(outages.lasting(ID, Optional.empty())).isEmpty();
        }
    }

    @Test
    void whoeverShowsItIsToldWhenTheMomentIsOver() {
        try (Outages outages = new Outages(Duration.ofMillis(1), told::add)) {
            var unused = outages.lasting(ID, silent(Duration.ZERO));

            await().untilAsserted(() -> assertThat(told).containsExactly(ID));
            assertThat(outages.lasting(ID, silent(Duration.ZERO))).isPresent();
        }
    }
}

package io.kaitoflow.bridge.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.Surging;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An edit that is worked on beside a server that answers. */
class SurgeStatusTest {

    private static final WorkspaceId ID = new WorkspaceId("default", "w", "u");
    private static final Endpoint ANSWERING = new Endpoint("http://w.default.svc", "p");
    private static final Surging UNDER_WAY = new Surging(true, Optional.empty());
    private static final String NO_MACHINE = "There was no second machine.";

    @Test
    void theModelIsReadyWhileASecondMachineIsClaimed() {
        Phase claiming = new Phase.Provisioning("sku-a", "The claim is made.");

        WorkspaceStatus status = render(claiming, Optional.of(ANSWERING), UNDER_WAY);

        assertThat(status.phase()).isEqualTo("Provisioning");
        assertThat(Conditions.of(status, "WorkspaceReady").getStatus()).isEqualTo("True");
        assertThat(Conditions.of(status, "InferenceReady").getStatus()).isEqualTo("True");
        assertThat(Conditions.of(status, "InferenceReady").getMessage())
                .isEqualTo("http://w.default.svc. The newest edit is worked on beside it. sku-a: The claim is made.");
    }

    @Test
    void withoutASecondMachineTheOutageIsSaidWithItsReason() {
        Surging declined = new Surging(false, Optional.of(NO_MACHINE));

        WorkspaceStatus status = render(new Phase.RollingOut(), Optional.of(ANSWERING), declined);

        assertThat(Conditions.of(status, "InferenceReady").getStatus()).isEqualTo("False");
        assertThat(Conditions.of(status, "InferenceReady").getMessage()).endsWith(NO_MACHINE);
    }

    @Test
    void afterwardsItStaysSaid() {
        Surging declined = new Surging(false, Optional.of(NO_MACHINE));

        WorkspaceStatus status = render(new Phase.Serving(), Optional.of(ANSWERING), declined);

        assertThat(Conditions.of(status, "InferenceReady").getStatus()).isEqualTo("True");
        assertThat(Conditions.of(status, "InferenceReady").getMessage())
                .isEqualTo("http://w.default.svc. " + NO_MACHINE);
    }

    @Test
    void whatIsKeptIsToldOnceInTheConditionThatItIs() {
        String why = "Pod w-2 crashes. What served before serves again: p.";

        WorkspaceStatus status =
                render(new Phase.Serving(), Optional.of(ANSWERING.with(why)), new Surging(false, Optional.of(why)));

        assertThat(Conditions.of(status, "InferenceReady").getReason()).isEqualTo("TakenBack");
        assertThat(Conditions.of(status, "InferenceReady").getMessage()).isEqualTo("http://w.default.svc. " + why);
    }

    @Test
    void eachReasonIsOneEvent() {
        WorkspaceSnapshot word =
                word(new Phase.Serving(), Optional.of(ANSWERING), new Surging(false, Optional.of(NO_MACHINE)));
        WorkspaceStatus status = render(word);
        Standing before = Standing.unknown(ID).told(word);

        assertThat(Announcements.of(before, status)).contains(Announcement.warning("SurgeFailed", NO_MACHINE));
        assertThat(Announcements.of(before.showing(status), status)).isEmpty();
    }

    private static WorkspaceStatus render(Phase phase, Optional<Endpoint> endpoint, Surging surge) {
        return render(word(phase, endpoint, surge));
    }

    private static WorkspaceStatus render(WorkspaceSnapshot word) {
        return new StatusRenderer()
                .render(new StatusView(
                        ID,
                        Optional.of(word),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        2,
                        Instant.parse("2026-11-26T12:00:00Z")));
    }

    private static WorkspaceSnapshot word(Phase phase, Optional<Endpoint> endpoint, Surging surge) {
        return WorkspaceSnapshot.builder(ID, "f", phase)
                .nodes(List.of("node-1"))
                .endpoint(endpoint)
                .surge(Optional.of(surge))
                .build();
    }
}

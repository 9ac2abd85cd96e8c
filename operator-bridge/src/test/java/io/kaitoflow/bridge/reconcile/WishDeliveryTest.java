package io.kaitoflow.bridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.status.StatusBoard;
import io.kaitoflow.bridge.translate.ReferencedObjects;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.temporal.client.WorkflowServiceException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WishDeliveryTest {

    private static final String BUDGET = "kaito.sh/budget-usd";

    private final RecordingGateway gateway = new RecordingGateway();
    private final StatusBoard board = new StatusBoard();
    private long nanos;
    private final WishDelivery delivery =
            new WishDelivery(Samples.translator(), gateway, new WishMemory(() -> nanos), board, BridgeTimes.unheard());

    @Test
    void anEqualWishIsToldOnce() {
        deliver(Samples.saved("a", 10));
        deliver(Samples.saved("a", 12));

        assertThat(gateway.told()).hasSize(1);
        assertThat(gateway.told().getFirst().id().workflowId()).isEqualTo("workspace/default/a/uid-a");
        assertThat(gateway.told().getFirst().state().orderingVersion()).isEqualTo(10);
    }

    @Test
    void anAnnotationThatMeansSomethingIsNews() {
        deliver(Samples.saved("a", 10));
        deliver(Samples.annotated("a", 11, BUDGET, "5"));
        deliver(Samples.annotated("a", 12, "team", "red"));
        deliver(Samples.annotated("a", 13, "kaito.sh/paused", "true"));

        assertThat(gateway.told()).hasSize(4);
        assertThat(gateway.told().getLast().state().verbs())
                .extracting(Verb::action)
                .containsExactly(Verb.Action.PAUSE);
    }

    @Test
    void theAbsenceOfAnObjectIsToldOnceForAsLongAsItsRunIsOpen() {
        deliver(Samples.saved("a", 10));
        WorkspaceId id = gateway.told().getFirst().id();

        delivery.deliverAbsence(id);
        delivery.deliverAbsence(id);
        assertThat(gateway.deletions()).hasSize(1);

        gateway.endAllRuns();
        delivery.deliverAbsence(id);
        assertThat(gateway.deletions()).hasSize(2);
    }

    @Test
    void aStaleReadingIsNotTold() {
        deliver(Samples.saved("a", 10));
        deliver(Samples.annotated("a", 20, BUDGET, "5"));
        deliver(Samples.annotated("a", 25, BUDGET, "5"));
        deliver(Samples.saved("a", 22));

        assertThat(gateway.told()).hasSize(2);
    }

    @Test
    void aRefusedEditTellsNothingAndIsShown() {
        deliver(Samples.saved("a", 10));
        deliver(Samples.annotated("a", 11, BUDGET, "-1"));

        assertThat(gateway.told()).hasSize(1);
        assertThat(board.accepted(WorkspaceTranslator.idOf(Samples.saved("a", 11))))
                .isFalse();
    }

    /** As a release left it that let everybody in: nobody tells its run anything, so that goes on, and keys are asked for by the status. */
    @Test
    void aServerThatWasOpenedBeforeKeysWereAskedForGoesOn() {
        Workspace open = Samples.annotated("a", 11, "kaito.sh/enablelb", "true");

        deliver(open);

        assertThat(gateway.told()).isEmpty();
        assertThat(gateway.deletions()).isEmpty();
        assertThat(board.accepted(WorkspaceTranslator.idOf(open))).isFalse();

        open.getMetadata().setResourceVersion("12");
        open.getMetadata().setAnnotations(Map.of("kaito.sh/enablelb", "true", "kaito.sh/api-keys", "team-keys"));
        deliver(open);

        assertThat(gateway.told()).hasSize(1);
    }

    @Test
    void aWishThatNobodyHeardIsToldAgain() {
        gateway.goOut(true);
        assertThatThrownBy(() -> deliver(Samples.saved("a", 10))).isInstanceOf(WorkflowServiceException.class);
        gateway.goOut(false);
        deliver(Samples.saved("a", 10));

        assertThat(gateway.told()).hasSize(1);
    }

    @Test
    void aNamesakeIsAnotherWorkspace() {
        deliver(Samples.saved("a", 10));
        Workspace namesake = Samples.saved("a", 30);
        namesake.getMetadata().setUid("another");
        deliver(namesake);

        assertThat(gateway.told()).extracting(told -> told.id().uid()).containsExactly("uid-a", "another");
    }

    @Test
    void deletionIsToldAlsoWhenTheObjectIsWrong() {
        Workspace wrong = Samples.deleted("a", 10);
        wrong.setInference(null);
        deliver(wrong);

        assertThat(gateway.deletions()).hasSize(1);
    }

    @Test
    void afterAnHourAWishIsToldAgainInCaseSomebodyElseToldSomethingOlder() {
        deliver(Samples.saved("a", 10));
        nanos += Duration.ofMinutes(61).toNanos();
        deliver(Samples.saved("a", 10));

        assertThat(gateway.told()).hasSize(2);
    }

    private void deliver(Workspace workspace) {
        delivery.deliver(workspace, ReferencedObjects.none());
    }
}

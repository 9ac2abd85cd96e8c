package io.kaitoflow.workflows.workspace.wish;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.request.Verb.Action;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.GlobalDataConverter;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrdersTest {

    private long version;

    @Test
    void aCancelThatStillStandsThereDoesNotHideALaterRetry() {
        Orders orders = told(Orders.none(), "cancel=1");
        assertThat(orders.holds(Action.CANCEL)).isTrue();

        orders = told(orders, "cancel=1", "retry=1");

        assertThat(orders.hold()).isEmpty();
        assertThat(orders.retries()).isEqualTo(1);
    }

    @Test
    void aRetryThatStillStandsThereDoesNotUndoALaterCancel() {
        Orders orders = told(told(Orders.none(), "retry=1"), "cancel=1", "retry=1");

        assertThat(orders.holds(Action.CANCEL)).isTrue();
        assertThat(orders.retries()).isEqualTo(1);
    }

    @Test
    void aCancelThatStillStandsThereDoesNotHideALaterPause() {
        Orders orders = told(told(Orders.none(), "cancel=1"), "cancel=1", "retry=1");

        orders = told(orders, "paused=true", "cancel=1", "retry=1");

        assertThat(orders.holds(Action.PAUSE)).isTrue();
    }

    @Test
    void aPauseThatWasCancelledIsStillAPauseAfterTheRetry() {
        Orders orders = told(told(Orders.none(), "paused=true"), "paused=true", "cancel=1");
        assertThat(orders.holds(Action.CANCEL)).isTrue();

        orders = told(orders, "paused=true", "cancel=1", "retry=1");
        assertThat(orders.holds(Action.PAUSE)).isTrue();

        orders = told(orders, "paused=false", "cancel=1", "retry=1");
        assertThat(orders.hold()).isEmpty();
    }

    @Test
    void anOrderOfTheGreatestNumberLeavesRoomForTheNext() {
        Orders orders = Orders.none().bySignal(new Verb(Action.PAUSE, Long.MAX_VALUE, "an earlier release took it"));

        orders = orders.bySignal(new Verb(Action.RESUME, orders.next(), "a person said so"));

        assertThat(orders.hold()).isEmpty();
        assertThat(orders.next()).isEqualTo(2);
    }

    @Test
    void aResumeEndsNoCancel() {
        Orders orders = told(Orders.none(), "cancel=1");

        assertThat(told(orders, "paused=false", "cancel=1").holds(Action.CANCEL))
                .isTrue();
    }

    @Test
    void aRelistDoesNotUndoAPauseSentBySignal() {
        Orders orders = told(Orders.none(), "paused=false", "retry=1").bySignal(new Verb(Action.PAUSE, 1, "by hand"));

        orders = told(orders, "paused=false", "retry=1");
        orders = told(orders);

        assertThat(orders.holds(Action.PAUSE)).isTrue();
    }

    @Test
    void ofTwoThatNobodyHasSeenTheLaterIsTheNewer() {
        assertThat(told(Orders.none(), "cancel=1", "retry=1").hold()).isEmpty();
        assertThat(told(Orders.none(), "retry=1", "cancel=1").holds(Action.CANCEL))
                .isTrue();
    }

    @Test
    void messagesFromBeforeVerbsWereIndependentAreUnderstood() {
        DesiredState one = read(
                "{\"fingerprint\":\"f\",\"orderingVersion\":1,\"request\":null,"
                        + "\"verb\":{\"action\":\"PAUSE\",\"sequence\":1,\"reason\":\"kaito.sh/paused=true\"}}",
                DesiredState.class);
        DesiredState none = read(
                "{\"fingerprint\":\"f\",\"orderingVersion\":1,\"request\":null,\"verb\":null}", DesiredState.class);
        Orders orders = read(
                "{\"signalled\":1,\"annotated\":2,\"hold\":null,\"retries\":0,\"annotation\":\"kaito.sh/retry=1\"}",
                Orders.class);

        assertThat(one.verbs()).containsExactly(new Verb(Action.PAUSE, 1, "kaito.sh/paused=true"));
        assertThat(none.verbs()).isEmpty();
        assertThat(orders.annotations()).containsExactly("kaito.sh/retry=1");
        assertThat(orders.beneath()).isEmpty();
    }

    private static <T> T read(String json, Class<T> type) {
        DataConverter converter = GlobalDataConverter.get();
        Payload payload = converter.toPayload(1).orElseThrow().toBuilder()
                .setData(ByteString.copyFromUtf8(json))
                .build();
        return converter.fromPayload(payload, type, type);
    }

    /** A reading of the object with these annotations, in the order in which they count. */
    private Orders told(Orders orders, String... annotations) {
        version++;
        Orders next = orders;
        for (String annotation : List.of(annotations)) {
            next = next.byAnnotation(new Verb(action(annotation), version, "kaito.sh/" + annotation));
        }
        return next;
    }

    private static Action action(String annotation) {
        return switch (annotation) {
            case "paused=true" -> Action.PAUSE;
            case "paused=false" -> Action.RESUME;
            default -> annotation.startsWith("cancel") ? Action.CANCEL : Action.RETRY;
        };
    }
}

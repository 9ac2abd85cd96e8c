package io.kaitoflow.activities.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.TrainingRecipe;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.TuningMethod;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities.PusherInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every way to run tuner and server promises. */
public abstract class RolloutContract {

    protected abstract Rollout rollout();

    /** Whose; another workspace's in every test. */
    protected abstract WorkspaceId id();

    protected abstract TunerInput attempt(int number);

    protected abstract RollInput serving(ServedAdapter... adapters);

    /** Another base model. */
    protected abstract RollInput servingAnotherModel();

    protected abstract ServedAdapter adapter(String name);

    /** What tells the tuner that runs now from every other; empty when none does. */
    protected abstract Optional<String> tuner();

    /** The same of the server. */
    protected abstract Optional<String> server();

    @Test
    void theTunerPollsTheQueueOfItsWorkspace() {
        assertThat(rollout().startTuner(attempt(1)).taskQueue()).isEqualTo("tuner/" + id().uid());

        assertThat(tuner()).isPresent();
    }

    @Test
    void anAttemptThatIsStartedTwiceHasOneTuner() {
        String name = rollout().startTuner(attempt(1)).name();
        Optional<String> first = tuner();

        assertThat(rollout().startTuner(attempt(1)).name()).isEqualTo(name);
        assertThat(tuner()).isEqualTo(first);
    }

    @Test
    void aLaterAttemptHasATunerOfItsOwnAlthoughTheEarlierStillStands() {
        rollout().startTuner(attempt(1));
        Optional<String> first = tuner();

        rollout().startTuner(attempt(2));

        assertThat(tuner()).isPresent().isNotEqualTo(first);
    }

    @Test
    void aStoppedTunerIsGoneWhenTheCallReturns() {
        rollout().startTuner(attempt(1));

        rollout().stopTuner(id());

        assertThat(tuner()).isEmpty();
    }

    @Test
    void whoPushesWhatIsKeptPollsTheSameQueueAndIsStoppedAsAnyTuner() {
        assertThat(rollout().startPusher(pusher(1), evidence -> {}).taskQueue()).isEqualTo("tuner/" + id().uid());
        Optional<String> first = tuner();
        assertThat(first).isPresent();

        rollout().startPusher(pusher(1), evidence -> {});
        assertThat(tuner()).isEqualTo(first);

        rollout().stopTuner(id());
        assertThat(tuner()).isEmpty();
    }

    private PusherInput pusher(int attempt) {
        TuningJob job = new TuningJob(
                new ModelReference("tiny", Optional.empty()),
                TuningMethod.QLORA,
                new DatasetSource.Urls(List.of("https://example.com/rows.jsonl")),
                new OutputTarget.Image(ImageReference.parse("registry.example/adapters/w:1"), Optional.empty()),
                TrainingRecipe.defaults());
        return new PusherInput(id(), attempt, job);
    }

    @Test
    void nothingToStopIsFine() {
        rollout().stopTuner(id());
        rollout().retire(id());

        assertThat(tuner()).isEmpty();
        assertThat(server()).isEmpty();
    }

    @Test
    void aServerAnswersWhenTheCallReturnsAndGoesByItsFirstAdapter() {
        Endpoint endpoint = rollout().roll(serving(adapter("tuned"), adapter("other")), () -> {});

        assertThat(endpoint.model()).isEqualTo("tuned");
        assertThat(endpoint.url()).startsWith("http://");
        assertThat(endpoint.remark()).isEmpty();
        assertThat(server()).isPresent();
    }

    @Test
    void withoutAdaptersItGoesByTheBase() {
        RollInput base = serving();

        assertThat(rollout().roll(base, () -> {}).model())
                .isEqualTo(base.preset().name());
    }

    @Test
    void rollingTheSameAgainKeepsTheServer() {
        Endpoint endpoint = rollout().roll(serving(adapter("tuned")), () -> {});
        Optional<String> first = server();

        assertThat(rollout().roll(serving(adapter("tuned")), () -> {})).isEqualTo(endpoint);
        assertThat(server()).isEqualTo(first);
    }

    @Test
    void otherAdaptersKeepTheServer() {
        rollout().roll(serving(adapter("tuned")), () -> {});
        Optional<String> first = server();

        Endpoint other = rollout().roll(serving(adapter("other"), adapter("tuned")), () -> {});
        Endpoint none = rollout().roll(serving(), () -> {});
        Endpoint back = rollout().roll(serving(adapter("tuned")), () -> {});

        assertThat(other.model()).isEqualTo("other");
        assertThat(none.model()).isEqualTo(serving().preset().name());
        assertThat(back.model()).isEqualTo("tuned");
        assertThat(server()).isPresent().isEqualTo(first);
    }

    @Test
    void anAdapterThatTheServerRefusesIsTakenBackAndSaidSo() {
        rollout().roll(serving(adapter("tuned")), () -> {});
        Optional<String> first = server();

        Endpoint endpoint = rollout().roll(serving(adapter("misfit")), () -> {});

        assertThat(endpoint.model()).isEqualTo("tuned");
        assertThat(endpoint.remark().orElseThrow()).contains("does not fit the model", "tuned");
        assertThat(server()).isPresent().isEqualTo(first);
        assertThat(rollout().roll(serving(adapter("other")), () -> {}).remark()).isEmpty();
    }

    @Test
    void anotherModelReplacesTheServer() {
        rollout().roll(serving(adapter("tuned")), () -> {});
        Optional<String> first = server();

        rollout().roll(servingAnotherModel(), () -> {});

        assertThat(server()).isPresent().isNotEqualTo(first);
    }

    @Test
    void aRetiredServerIsGoneWhenTheCallReturns() {
        rollout().roll(serving(), () -> {});

        rollout().retire(id());

        assertThat(server()).isEmpty();
    }

    @Test
    void aRetiredServerComesBack() {
        rollout().roll(serving(), () -> {});
        rollout().retire(id());

        rollout().roll(serving(), () -> {});

        assertThat(server()).isPresent();
    }

    @Test
    void theWaitEndsWhenItIsNotWantedAnyMore() {
        AtomicInteger looks = new AtomicInteger();
        Runnable unwanted = () -> {
            looks.incrementAndGet();
            throw new IllegalStateException("cancelled");
        };

        assertThatThrownBy(() -> rollout().roll(serving(adapter("tuned")), unwanted))
                .hasMessage("cancelled");
        assertThat(looks).hasValue(1);
    }
}

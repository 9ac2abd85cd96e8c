package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.tuning.ImageActivities;
import io.kaitoflow.workflows.tuning.OutputActivities;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.util.ArrayList;
import java.util.List;

/** Where results lie, and what is found there. */
final class FakeRegistry implements OutputActivities {

    private final FakeWorld world;
    private final List<OutputTarget> cleared = new ArrayList<>();
    private int away;
    private volatile Finding found = new Finding(Presence.PRESENT, "");

    /** @param world where calls are told, and results pushed */
    FakeRegistry(FakeWorld world) {
        this.world = world;
    }

    void outputs(Finding answer) {
        found = answer;
    }

    /** It does not answer the next calls that forget. */
    synchronized void awayFor(int calls) {
        away = calls;
    }

    @Override
    public Finding find(Input input) {
        world.called("find " + input.image().digest());
        return found;
    }

    @Override
    public PushedImage move(Move move) {
        world.called("move " + move.from().image().tag());
        return world.push(
                new ImageActivities.Input(move.id(), move.adapter(), move.baseModel(), move.to(), move.accepted()));
    }

    /** Beside which images checkpoints were forgotten; it happens beside everything else, so it is no call among the others. */
    synchronized List<OutputTarget> cleared() {
        return List.copyOf(cleared);
    }

    @Override
    public synchronized int forgetCheckpoints(Shelf shelf) {
        if (away-- > 0) {
            throw ActivityFailures.of(FailureKind.REGISTRY_UNAVAILABLE, "Nobody answers.", null);
        }
        cleared.add(shelf.target());
        return 2;
    }
}

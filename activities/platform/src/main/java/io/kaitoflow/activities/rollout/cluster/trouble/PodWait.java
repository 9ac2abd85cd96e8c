package io.kaitoflow.activities.rollout.cluster.trouble;

import io.kaitoflow.activities.rollout.RolloutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One wait for a pod: it ends when the pod is ready, when what is wrong will not pass by itself, or when time is up. */
public final class PodWait {

    /**
     * What one look saw.
     *
     * @param ready whether the wait is over
     * @param trouble what is wrong
     */
    public record Look(boolean ready, Optional<PodTrouble> trouble) {

        public static Look done() {
            return new Look(true, Optional.empty());
        }

        public static Look notYet() {
            return new Look(false, Optional.empty());
        }
    }

    private final String what;
    private final Patience patience;
    private final Consumer<String> waiting;
    private PodTrouble.@Nullable Kind since;
    private long sinceNanos;
    private String lastEvidence = "Nothing is known of its pod yet.";

    /**
     * @param what is waited for, as messages begin
     * @param waiting is told at every look what is wrong; an empty text when nothing is
     */
    public PodWait(String what, Patience patience, Consumer<String> waiting) {
        this.what = what;
        this.patience = patience;
        this.waiting = waiting;
    }

    public void until(Supplier<Look> look) {
        long end = System.nanoTime() + patience.ready().toNanos();
        for (Look seen = at(look); !seen.ready(); seen = at(look)) {
            judge(seen.trouble());
            if (System.nanoTime() > end) {
                throw new RolloutException.NotReady(
                        what + " was not ready after " + patience.ready().toSeconds() + " s. " + lastEvidence);
            }
            waiting.accept(seen.trouble().map(PodTrouble::evidence).orElse(""));
            pause(what, patience.lookAgain());
        }
    }

    /** An API server that is away for a moment says nothing about the pod. */
    private Look at(Supplier<Look> look) {
        try {
            return look.get();
        } catch (RolloutException.Unanswered nobody) {
            lastEvidence = String.valueOf(nobody.getMessage());
            return Look.notYet();
        }
    }

    /** @throws RolloutException.NotReady when the wait is not wanted any more */
    public static void pause(String what, Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RolloutException.NotReady("Waiting for " + what + " was interrupted.");
        }
    }

    private void judge(Optional<PodTrouble> trouble) {
        trouble.ifPresentOrElse(this::bear, () -> since = null);
    }

    private void bear(PodTrouble trouble) {
        lastEvidence = trouble.evidence();
        if (since != trouble.kind()) {
            since = trouble.kind();
            sinceNanos = System.nanoTime();
        }
        Duration borne = Duration.ofNanos(System.nanoTime() - sinceNanos);
        String message = what + " does not come up. " + trouble.evidence();
        switch (trouble.kind()) {
            case FORBIDDEN -> giveUp(borne, patience.placed(), new RolloutException.Refused(message));
            case UNPLACED -> giveUp(borne, patience.placed(), new RolloutException.NotPlaced(message));
            case IMAGE -> giveUp(borne, patience.image(), new RolloutException.ImageUnavailable(message));
            case NOT_MADE -> giveUp(borne, patience.image(), new RolloutException.NotStarted(message));
            case CRASH -> giveUp(trouble, new RolloutException.NotReady(message));
            case OUT_OF_MEMORY -> giveUp(trouble, new RolloutException.OutOfMemory(message));
            // A Deployment replaces it; a bare pod's owner looks for this itself.
            case ENDED -> giveUp(borne, patience.image(), new RolloutException.NotReady(message));
        }
    }

    private static void giveUp(Duration borne, Duration limit, RolloutException reason) {
        if (borne.compareTo(limit) >= 0) {
            throw reason;
        }
    }

    private void giveUp(PodTrouble trouble, RolloutException reason) {
        if (trouble.ends() >= patience.crashes()) {
            throw reason;
        }
    }
}

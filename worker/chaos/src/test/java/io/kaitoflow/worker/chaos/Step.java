package io.kaitoflow.worker.chaos;

import java.util.List;
import java.util.function.Predicate;

/** The steps of a workspace's way, each known by what the world outside shows of it. */
enum Step {
    ACCEPT(Sight::exists, Sight::hasStatus),
    PREFLIGHT(sight -> sight.reached("Preflight"), sight -> sight.reached("Provisioning")),
    CLAIM(sight -> sight.reached("Provisioning"), Sight::claimed),
    START_TUNER(Sight::machineReady, Sight::tunerMade),
    FETCH(Sight::tunerReady, Sight::fetched),
    CHECKPOINT(Sight::training, Sight::shelved),
    TUNE(Sight::training, Sight::trained),
    EVALUATE(Sight::trained, sight -> sight.reached("Publishing")),
    PUSH(Sight::pushing, Sight::pushed),
    ROLL(Sight::rolling, Sight::serverReady),
    STATUS(Sight::serverReady, Sight::serving),
    DELETE(Sight::deleting, Sight::claimsGone);

    private static final List<Step> ALL = List.of(values());

    private final Predicate<Sight> begun;
    private final Predicate<Sight> done;

    Step(Predicate<Sight> begun, Predicate<Sight> done) {
        this.begun = begun;
        this.done = done;
    }

    /** What is waited for; for the moment before the first step nothing is. */
    Predicate<Sight> sign(Moment moment) {
        return switch (moment) {
            case BEFORE -> this == ACCEPT ? sight -> true : ALL.get(ordinal() - 1).done;
            case DURING -> begun;
            case AFTER -> done;
        };
    }
}

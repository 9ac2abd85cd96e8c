package io.kaitoflow.worker.chaos;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * One workspace from apply to deletion, struck once. It must come to serve what an undisturbed one serves, and leave nothing; the verdict
 * is given at rest, when nothing has changed for a while.
 */
final class ChaosRun {

    private static final int LONGEST_DELAY_MILLIS = 400;
    private static final int RESTLESS = 6;
    private static final Duration PULSE = Duration.ofSeconds(1);

    private final World world;
    private final Optional<CrashPoint> point;
    private final Duration rest;
    private final Subject subject;
    private final Random random;

    private ChaosRun(World world, Optional<CrashPoint> point, String name, Duration rest) {
        this.world = world;
        this.point = point;
        this.rest = rest;
        this.subject = new Subject(world, name);
        this.random = point.map(CrashPoint::random).orElseGet(() -> new Random(0));
    }

    /**
     * How a run ended: without complaints it is well.
     *
     * @param diary what happened
     * @param stepsAgain optimiser steps that were done more than once
     */
    record Verdict(List<String> complaints, String diary, Duration time, int stepsAgain) {

        Verdict {
            complaints = List.copyOf(complaints);
        }

        boolean well() {
            return complaints.isEmpty();
        }
    }

    /** The digest that a run makes to which nothing happens. */
    static String undisturbed(World world) {
        ChaosRun run = new ChaosRun(world, Optional.empty(), "quiet", Duration.ZERO);
        run.subject.apply();
        run.subject.await("it to serve", Sight::serving, Subject.NOW_AND_THEN);
        String digest = world.registry()
                .tags(run.subject.job().repository())
                .get(run.subject.job().tag());
        run.subject.delete();
        run.subject.await("it to go", sight -> !sight.exists(), Subject.NOW_AND_THEN);
        if (digest == null) {
            throw new AssertionError("Nothing was pushed by " + run.subject.job());
        }
        return digest;
    }

    /** @param expected what an undisturbed run makes */
    static Verdict of(World world, CrashPoint point, String expected, Duration rest) {
        ChaosRun run = new ChaosRun(world, Optional.of(point), "w" + point.seed(), rest);
        List<String> complaints = new ArrayList<>();
        try {
            complaints.addAll(run.go(expected));
        } catch (ConditionTimeoutException | KubernetesClientException late) {
            complaints.add(String.valueOf(late.getMessage()));
        }
        return new Verdict(
                complaints,
                run.subject.diary(),
                run.subject.age(),
                world.cluster().kubelet().steps(run.subject.uid()) - Job.STEPS);
    }

    private List<String> go(String expected) {
        boolean atDeletion = point.orElseThrow().step() == Step.DELETE;
        if (!atDeletion) {
            strikeWhenFirst();
        }
        subject.apply();
        if (!atDeletion) {
            strikeInTime();
        }
        subject.await("it to serve", Sight::serving, Subject.NOW_AND_THEN);
        Oracle oracle = new Oracle(world, subject.job(), subject.uid(), expected);
        List<String> complaints = new ArrayList<>(atRest(oracle, oracle::complaintsWhileServing));
        if (mustHaveResumed() && !world.cluster().kubelet().resumed(subject.uid())) {
            complaints.add("A checkpoint was in the registry, and nobody went on from it.");
        }
        if (atDeletion && point.orElseThrow().moment() == Moment.BEFORE) {
            strike();
        }
        subject.delete();
        if (atDeletion && point.orElseThrow().moment() != Moment.BEFORE) {
            strikeInTime();
        }
        subject.await("it to go", sight -> !sight.exists(), Subject.NOW_AND_THEN);
        complaints.addAll(atRest(oracle, oracle::complaintsAfterDeletion));
        return complaints;
    }

    /** Whose machine or process went after a checkpoint had arrived, and before there was anything else to go on from. */
    private boolean mustHaveResumed() {
        CrashPoint here = point.orElseThrow();
        boolean lost = here.victim() == Victim.TUNER || here.victim() == Victim.NODE;
        return lost && here.step() == Step.CHECKPOINT && here.moment() == Moment.AFTER;
    }

    /** Before the first step there is nothing to be seen. */
    private void strikeWhenFirst() {
        if (first()) {
            strike();
        }
    }

    private boolean first() {
        CrashPoint here = point.orElseThrow();
        return here.step() == Step.ACCEPT && here.moment() == Moment.BEFORE;
    }

    private void strikeInTime() {
        CrashPoint here = point.orElseThrow();
        if (first()) {
            return;
        }
        subject.await(here.toString(), here.step().sign(here.moment()), Subject.CLOSELY);
        if (here.moment() == Moment.DURING) {
            Strike.last(random.nextInt(LONGEST_DELAY_MILLIS));
        }
        strike();
    }

    private void strike() {
        subject.note(
                new Strike(world, subject.job(), random).at(point.orElseThrow().victim(), subject.uid()));
        world.control().revive();
    }

    /** Asks once nothing has changed for a while; what never comes to rest is a complaint of its own. */
    private List<String> atRest(Oracle oracle, Supplier<List<String>> question) {
        try {
            Awaitility.await("rest")
                    .atMost(rest.multipliedBy(RESTLESS).plusSeconds(30))
                    .pollInterval(PULSE)
                    .until(new Stillness(oracle::pulse, rest)::reached);
        } catch (ConditionTimeoutException restless) {
            List<String> all = new ArrayList<>(question.get());
            all.add("It does not come to rest.");
            return all;
        }
        List<String> complaints = question.get();
        subject.note("at rest: " + complaints);
        return complaints;
    }
}

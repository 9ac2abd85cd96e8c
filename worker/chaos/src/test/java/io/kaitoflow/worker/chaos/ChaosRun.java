package io.kaitoflow.worker.chaos;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kaitoflow.testcluster.Kubectl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * One workspace from apply to deletion, struck once. It must come to serve what an undisturbed one serves, and leave nothing; the verdict
 * is given at rest, when nothing has changed for a while.
 */
final class ChaosRun {

    private static final double NANOS = 1e9;
    private static final Duration GOAL = Duration.ofMinutes(5);

    /** A moment to strike at is not to be missed; an end may be seen a little later. */
    private static final Duration LOOK_CLOSELY = Duration.ofMillis(50);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
    private static final int LONGEST_DELAY_MILLIS = 400;
    private static final int RESTLESS = 6;

    private final World world;
    private final Optional<CrashPoint> point;
    private final Duration rest;
    private final Job job;
    private final Random random;
    private final List<String> diary = new ArrayList<>();
    private final long start = System.nanoTime();
    private String uid = "";

    private ChaosRun(World world, Optional<CrashPoint> point, String name, Duration rest) {
        this.world = world;
        this.point = point;
        this.rest = rest;
        this.job = world.newJob(name);
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
        run.apply();
        run.await("it to serve", Sight::serving);
        String digest = world.registry().tags(run.job.repository()).get(run.job.tag());
        run.delete();
        run.await("it to go", sight -> !sight.exists());
        if (digest == null) {
            throw new AssertionError("Nothing was pushed by " + run.job);
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
                String.join("\n", run.diary),
                Duration.ofNanos(System.nanoTime() - run.start),
                world.cluster().kubelet().steps(run.uid) - Job.STEPS);
    }

    private List<String> go(String expected) {
        boolean atDeletion = point.orElseThrow().step() == Step.DELETE;
        if (!atDeletion) {
            strikeWhenFirst();
        }
        apply();
        if (!atDeletion) {
            strikeInTime();
        }
        await("it to serve", Sight::serving);
        Oracle oracle = new Oracle(world, job, uid, expected);
        List<String> complaints = new ArrayList<>(atRest(oracle, oracle::complaintsWhileServing));
        if (mustHaveResumed() && !world.cluster().kubelet().resumed(uid)) {
            complaints.add("A checkpoint was in the registry, and nobody went on from it.");
        }
        if (atDeletion && point.orElseThrow().moment() == Moment.BEFORE) {
            strike();
        }
        delete();
        if (atDeletion && point.orElseThrow().moment() != Moment.BEFORE) {
            strikeInTime();
        }
        await("it to go", sight -> !sight.exists());
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
        await(here.toString(), here.step().sign(here.moment()), LOOK_CLOSELY);
        if (here.moment() == Moment.DURING) {
            Strike.last(random.nextInt(LONGEST_DELAY_MILLIS));
        }
        strike();
    }

    private void strike() {
        note(new Strike(world, job, random).at(point.orElseThrow().victim(), uid));
        world.control().revive();
    }

    private void apply() {
        kubectl("apply", "-f", written("surroundings", job.surroundings()));
        kubectl("apply", "-f", written("workspace", job.workspace()));
        uid = world.cluster().find(job).orElseThrow().getMetadata().getUid();
        note("applied " + job.namespace() + "/" + job.name() + " " + uid);
    }

    private void delete() {
        kubectl("delete", "workspace", job.name(), "-n", job.namespace(), "--wait=false", "--ignore-not-found");
        note("deleted");
    }

    /** A user whose command fails gives it again. */
    private void kubectl(String... command) {
        List<Kubectl.Answer> answers = new ArrayList<>();
        try {
            Awaitility.await("kubectl " + command[0])
                    .atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(500))
                    .pollDelay(Duration.ZERO)
                    .until(() -> {
                        answers.add(world.cluster().server().kubectl().run(command));
                        return answers.getLast().status() == 0;
                    });
        } finally {
            answers.stream().filter(answer -> answer.status() != 0).forEach(answer -> note(answer.err()));
        }
    }

    private String written(String name, String yaml) {
        try {
            return Files.writeString(world.folder().resolve(job.name() + "-" + name + ".yaml"), yaml)
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void await(String what, Predicate<Sight> sign) {
        await(what, sign, LOOK_AGAIN);
    }

    private void await(String what, Predicate<Sight> sign, Duration interval) {
        try {
            Awaitility.await(what)
                    .atMost(GOAL)
                    .pollInterval(interval)
                    .until(() -> world.look(job).filter(sign).isPresent());
        } finally {
            note(what + "? " + world.look(job).map(Sight::toString).orElse("the API server is away"));
        }
    }

    /** Asks once nothing has changed for a while; what never comes to rest is a complaint of its own. */
    private List<String> atRest(Oracle oracle, Supplier<List<String>> question) {
        try {
            Awaitility.await("rest")
                    .atMost(rest.multipliedBy(RESTLESS).plusSeconds(30))
                    .pollInterval(LOOK_AGAIN)
                    .ignoreException(KubernetesClientException.class)
                    .until(new Stillness(oracle::pulse, rest)::reached);
        } catch (ConditionTimeoutException restless) {
            List<String> all = new ArrayList<>(question.get());
            all.add("It does not come to rest.");
            return all;
        }
        List<String> complaints = question.get();
        note("at rest: " + complaints);
        return complaints;
    }

    private void note(String line) {
        diary.add(String.format(Locale.ROOT, "%7.2f %s", (System.nanoTime() - start) / NANOS, line));
    }
}

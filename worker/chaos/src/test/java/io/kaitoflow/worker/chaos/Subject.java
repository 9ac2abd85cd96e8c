package io.kaitoflow.worker.chaos;

import io.kaitoflow.testcluster.Kubectl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** One workspace that people apply, order about and delete; it is looked at from outside, and what is seen is written down. */
final class Subject {

    /** A moment to act at is not to be missed; an end may be seen a little later. */
    static final Duration CLOSELY = Duration.ofMillis(100);

    static final Duration NOW_AND_THEN = Duration.ofMillis(500);

    private static final Duration GOAL = Duration.ofMinutes(5);
    private static final double NANOS = 1e9;

    private final World world;
    private final Job job;
    private final List<String> diary = new ArrayList<>();
    private final long start = System.nanoTime();
    private String uid = "";

    Subject(World world, String name) {
        this(world, world.newJob(name));
    }

    Subject(World world, Job job) {
        this.world = world;
        this.job = job;
    }

    Job job() {
        return job;
    }

    /** Empty before it is applied. */
    String uid() {
        return uid;
    }

    /** How Temporal calls its run. */
    String workflowId() {
        return "workspace/" + job.namespace() + "/" + job.name() + "/" + uid;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    String diary() {
        return String.join("\n", diary);
    }

    void apply() {
        kubectl("apply", "-f", written("surroundings", job.surroundings()));
        kubectl("apply", "-f", written("workspace", job.workspace()));
        uid = world.cluster().find(job).orElseThrow().getMetadata().getUid();
        note("applied " + job.namespace() + "/" + job.name() + " " + uid);
    }

    void annotate(String annotation) {
        kubectl("annotate", "--overwrite", "workspace", job.name(), "-n", job.namespace(), annotation);
        note("annotated: " + annotation);
    }

    void delete() {
        kubectl("delete", "workspace", job.name(), "-n", job.namespace(), "--wait=false", "--ignore-not-found");
        note("deleted");
    }

    /** How long it took until it was so. */
    Duration await(String what, Predicate<Sight> sign, Duration interval) {
        Duration before = age();
        try {
            Awaitility.await(what)
                    .atMost(GOAL)
                    .pollInterval(interval)
                    .pollDelay(Duration.ZERO)
                    .until(() -> sign.test(world.look(job)));
        } finally {
            note(what + "? " + world.look(job));
        }
        return age().minus(before);
    }

    void note(String line) {
        diary.add(String.format(Locale.ROOT, "%7.2f %s", age().toNanos() / NANOS, line));
    }

    /** A user whose command fails gives it again. */
    private void kubectl(String... command) {
        List<Kubectl.Answer> answers = new ArrayList<>();
        try {
            Awaitility.await(Arrays.toString(command))
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
}

package io.kaitoflow.activities.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.failure.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CheckpointCourierTest {

    private static final Digest RUN = Digest.ofSha256(new byte[32]);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("");

    private final ShelfDepot depot = new ShelfDepot();

    @Test
    void aNewMachineStartsFromTheNewestCheckpoint() {
        carry(10, 20);

        CheckpointStore fresh = store("another machine", checkpoint -> {});
        fetchInto(fresh);

        assertThat(fresh.newest().orElseThrow().position().step()).isEqualTo(20);
    }

    @Test
    void aDamagedOneIsPassedOverForTheOneBefore() throws IOException {
        carry(10, 20);
        Files.writeString(depot.folder(20).resolve("adapter.f32"), "damaged");

        CheckpointStore fresh = store("another machine", checkpoint -> {});
        fetchInto(fresh);

        assertThat(fresh.newest().orElseThrow().position().step()).isEqualTo(10);
    }

    @Test
    void oneThatIsHalfWrittenIsPassedOverToo() throws IOException {
        carry(10, 20);
        Files.delete(depot.folder(20).resolve("checkpoint.json"));

        CheckpointStore fresh = store("another machine", checkpoint -> {});
        fetchInto(fresh);

        assertThat(fresh.newest().orElseThrow().position().step()).isEqualTo(10);
    }

    @Test
    void whatThisMachineHasIsNotFetched() {
        carry(10, 20);
        CheckpointStore here = store("this machine", checkpoint -> {});
        save(here, 30);

        fetchInto(here);

        assertThat(here.newest().orElseThrow().position().step()).isEqualTo(30);
        assertThat(depot.fetched).isEmpty();
    }

    @Test
    void trainingDoesNotWaitAndOfThoseThatQueueUpOnlyTheNewestIsCarried() throws InterruptedException {
        depot.closed = new CountDownLatch(1);
        try (CheckpointCourier courier = new CheckpointCourier(depot, PATIENCE)) {
            CheckpointStore store = store("this machine", courier::carry);
            save(store, 10);
            depot.entered.await();
            save(store, 20);
            save(store, 30);
            save(store, 40);
            depot.closed.countDown();
        }

        assertThat(depot.stored).containsExactly(10L, 40L);
    }

    @Test
    void aDepotThatRefusesCostsNothingButSafety() {
        depot.refusal = FailureKind.REGISTRY_DENIED;

        carry(10);

        CheckpointStore fresh = store("another machine", checkpoint -> {});
        fetchInto(fresh);
        assertThat(fresh.newest()).isEmpty();
    }

    @Test
    void aDepotThatDoesNotAnswerIsWaitedForAndThenNothingIsBegunAnew() {
        depot.refusal = FailureKind.REGISTRY_UNAVAILABLE;
        CheckpointStore fresh = store("another machine", checkpoint -> {});
        try (CheckpointCourier courier = new CheckpointCourier(depot, Duration.ZERO)) {
            assertThatThrownBy(() -> courier.fetchInto(fresh, () -> false))
                    .isInstanceOf(CheckpointException.Unreachable.class);
        }
    }

    @Test
    void whoeverIsNotWantedAnyMoreDoesNotWait() {
        depot.refusal = FailureKind.REGISTRY_UNAVAILABLE;
        CheckpointStore fresh = store("another machine", checkpoint -> {});
        try (CheckpointCourier courier = new CheckpointCourier(depot, Duration.ofDays(1))) {
            courier.fetchInto(fresh, () -> true);
        }
        assertThat(fresh.newest()).isEmpty();
    }

    private void carry(long... steps) {
        try (CheckpointCourier courier = new CheckpointCourier(depot, PATIENCE)) {
            CheckpointStore store = store("first machine", checkpoint -> {});
            for (long step : steps) {
                courier.carry(save(store, step));
                depot.await(step);
            }
        }
    }

    private void fetchInto(CheckpointStore store) {
        try (CheckpointCourier courier = new CheckpointCourier(depot, PATIENCE)) {
            courier.fetchInto(store, () -> false);
        }
    }

    private CheckpointStore store(String machine, Consumer<Checkpoint> saved) {
        return new CheckpointStore(folder.resolve(machine), RUN, saved);
    }

    private static Checkpoint save(CheckpointStore store, long step) {
        MemorySegment tensor = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, step, step + 1f);
        return store.save(new TrainingPosition(step, step, step, 1, 0, 0.5), Map.of("adapter", tensor));
    }

    /** A depot in a folder; refuses and hangs where told to. */
    private final class ShelfDepot implements CheckpointDepot {

        private final List<Long> stored = new ArrayList<>();
        private final List<Long> fetched = new ArrayList<>();
        private final CountDownLatch entered = new CountDownLatch(1);
        private CountDownLatch closed = new CountDownLatch(0);
        private volatile FailureKind refusal = FailureKind.INTERNAL;

        Path folder(long step) {
            return folder.resolve("depot").resolve(String.valueOf(step));
        }

        synchronized void await(long step) {
            while (refusal == FailureKind.INTERNAL && !stored.contains(step)) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public synchronized List<Long> steps() {
            refuse();
            return stored.stream().sorted((one, two) -> Long.compare(two, one)).toList();
        }

        @Override
        public void fetch(long step, Path target) {
            refuse();
            fetched.add(step);
            copy(folder(step), target);
        }

        @Override
        public void store(Checkpoint checkpoint) {
            refuse();
            try {
                copy(
                        checkpoint.folder(),
                        Files.createDirectories(folder(checkpoint.position().step())));
                entered.countDown();
                closed.await();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            synchronized (this) {
                stored.add(checkpoint.position().step());
                notifyAll();
            }
        }

        private void refuse() {
            if (refusal != FailureKind.INTERNAL) {
                throw new CheckpointException.Unreachable(refusal, "It says no.", new IOException("no"));
            }
        }

        private static void copy(Path from, Path to) {
            try (Stream<Path> files = Files.list(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

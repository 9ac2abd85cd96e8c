package io.kaitoflow.worker.tuner;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.checkpoint.CheckpointCourier;
import io.kaitoflow.activities.checkpoint.CheckpointStore;
import io.kaitoflow.activities.checkpoint.TrainingPosition;
import io.kaitoflow.activities.image.CredentialSearch;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.image.RegistryCredentials;
import io.kaitoflow.activities.image.checkpoint.CheckpointImages;
import io.kaitoflow.activities.image.registry.RegistryTimeouts;
import io.kaitoflow.activities.image.target.RegistryOrLayout;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.request.SecretReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints between machines, by a real registry that wants a password. */
class RegistryDepotTest {

    private static final Digest RUN = Digest.parse("sha256:" + "ab".repeat(32));

    @TempDir
    private Path work = Path.of("");

    private PasswordRegistry registry;

    @BeforeEach
    void start() throws IOException {
        registry = PasswordRegistry.start(Files.createDirectories(work.resolve("registry")));
    }

    @AfterEach
    void stop() {
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    void anotherMachineStartsFromTheNewest() {
        train(10, 20, 30);

        assertThat(stepOfAnotherMachine()).isEqualTo(30);
    }

    @Test
    void aDamagedLayerIsPassedOverForTheCheckpointBefore() throws IOException {
        train(10);
        Set<Path> before = blobs();
        train(20);
        Path layer = blobs().stream()
                .filter(blob -> !before.contains(blob))
                .max(Comparator.comparingLong(RegistryDepotTest::size))
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(layer);
        bytes[bytes.length / 2] ^= 1;
        Files.write(layer, bytes);

        assertThat(stepOfAnotherMachine()).isEqualTo(10);
    }

    /** Each step is carried before the next one is saved. */
    private void train(long... steps) {
        for (long step : steps) {
            try (CheckpointCourier courier = courier()) {
                CheckpointStore store = new CheckpointStore(work.resolve("machine"), RUN, courier::carry);
                MemorySegment tensor = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, 4096);
                tensor.fill((byte) step);
                store.save(new TrainingPosition(step, step, step, 1, 0, 0.5), Map.of("adapter", tensor));
            }
        }
    }

    private long stepOfAnotherMachine() {
        CheckpointStore store = new CheckpointStore(work.resolve("another"), RUN);
        try (CheckpointCourier courier = courier()) {
            courier.fetchInto(store, () -> false);
        }
        return store.newest().orElseThrow().position().step();
    }

    private CheckpointCourier courier() {
        RegistryCredentials secret = any -> Optional.of(registry.dockerConfig().getBytes(StandardCharsets.UTF_8));
        CheckpointImages images = new CheckpointImages(
                new RegistryOrLayout(
                        new CredentialSearch(secret, Optional.empty()),
                        Optional.empty(),
                        RegistryTimeouts.usual(),
                        Pulse.none()),
                work.resolve("scratch"));
        CheckpointImages.Place place = new CheckpointImages.Place(
                registry.image("adapters/tune"), List.of(new SecretReference("push")), "uid-1");
        return new CheckpointCourier(new RegistryDepot(images, place, RUN), Duration.ofSeconds(30));
    }

    private Set<Path> blobs() throws IOException {
        try (Stream<Path> files = Files.walk(work.resolve("registry"))) {
            return new HashSet<>(files.filter(
                            file -> file.endsWith("data") && file.toString().contains("/blobs/"))
                    .filter(Files::isRegularFile)
                    .toList());
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.kaitoflow.activities.image.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.image.CredentialSearch;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.image.RegistryCredentials;
import io.kaitoflow.activities.image.Sha256;
import io.kaitoflow.activities.image.checkpoint.CheckpointImages.Kept;
import io.kaitoflow.activities.image.checkpoint.CheckpointImages.Place;
import io.kaitoflow.activities.image.registry.DebianRegistry;
import io.kaitoflow.activities.image.registry.RegistryTimeouts;
import io.kaitoflow.activities.image.target.RegistryOrLayout;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints in a real registry that wants a password. */
class CheckpointImagesTest {

    private static final Digest RUN = Sha256.of(new byte[] {1});
    private static final Digest OTHER_RUN = Sha256.of(new byte[] {2});
    private static final List<SecretReference> PUSH = List.of(new SecretReference("push"));

    @TempDir
    private Path work = Path.of("");

    private DebianRegistry registry;

    @BeforeEach
    void start() throws IOException {
        registry = DebianRegistry.withUsers(work.resolve("registry"));
    }

    @AfterEach
    void stop() {
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    void aCheckpointComesBackWithTheSameBytes() throws IOException {
        Path folder = checkpoint("a");
        images().push(place("uid"), RUN, 20, folder);

        Path back = Files.createDirectories(work.resolve("back"));
        Kept kept = images().newestFirst(place("uid")).getFirst();
        images().fetch(place("uid"), kept, back);

        assertThat(kept.step()).isEqualTo(20);
        assertThat(kept.run()).isEqualTo(RUN.value());
        assertThat(back.resolve("adapter.f32")).hasSameBinaryContentAs(folder.resolve("adapter.f32"));
        assertThat(back.resolve("checkpoint.json")).hasSameBinaryContentAs(folder.resolve("checkpoint.json"));
    }

    @Test
    void theTagsAreThoseOfTheContractAndOnlyTheNewestTwoStay() throws IOException {
        for (long step : List.of(9L, 10L, 100L, 20L)) {
            images().push(place("uid"), RUN, step, checkpoint("step " + step));
        }

        assertThat(images().newestFirst(place("uid"))).extracting(Kept::step).containsExactly(100L, 20L);
        try (var store = registry.images(credentials().find(registry.image("x").registry(), PUSH))) {
            assertThat(store.tags(registry.image("adapters/geo")))
                    .containsExactlyInAnyOrder("0.0.1-checkpoint-100", "0.0.1-checkpoint-20");
        }
    }

    @Test
    void checkpointsOfAnEarlierRunGoWithTheFirstOfTheNextOne() throws IOException {
        images().push(place("uid"), OTHER_RUN, 500, checkpoint("old"));
        images().push(place("uid"), RUN, 10, checkpoint("new"));

        assertThat(images().newestFirst(place("uid"))).extracting(Kept::step).containsExactly(10L);
    }

    @Test
    void anotherWorkspaceWithTheSameTagKeepsItsOwn() throws IOException {
        images().push(place("one"), RUN, 10, checkpoint("one"));
        images().push(place("two"), OTHER_RUN, 30, checkpoint("two"));

        assertThat(images().forget(place("one"))).isEqualTo(1);

        assertThat(images().newestFirst(place("one"))).isEmpty();
        assertThat(images().newestFirst(place("two"))).extracting(Kept::step).containsExactly(30L);
    }

    @Test
    void aRepositoryThatIsNotThereHasNoCheckpoints() {
        assertThat(images().newestFirst(place("uid"))).isEmpty();
        assertThat(images().forget(place("uid"))).isZero();
    }

    @Test
    void aSecretThatDoesNotOpenTheRegistryIsARefusal() throws IOException {
        Place closed = new Place(registry.image("adapters/geo"), List.of(), "uid");
        Path folder = checkpoint("a");

        assertThatThrownBy(() -> images().push(closed, RUN, 1, folder)).isInstanceOf(ImageException.Denied.class);
    }

    @Test
    void aRegistryThatDeletesNothingTakesCheckpointsAllTheSame() throws IOException {
        try (DebianRegistry stubborn = DebianRegistry.thatKeepsEverything(work.resolve("stubborn"))) {
            Place place = new Place(stubborn.image("adapters/geo"), PUSH, "uid");
            for (long step : List.of(1L, 2L, 3L)) {
                images().push(place, RUN, step, checkpoint("step " + step));
            }

            assertThat(images().newestFirst(place)).extracting(Kept::step).containsExactly(3L, 2L, 1L);
            assertThatCode(() -> images().forget(place)).doesNotThrowAnyException();
        }
    }

    @Test
    void aTagOfTheGreatestLengthStillHasRoom() throws IOException {
        ImageReference longest = registry.image("adapters/geo").withTag("t".repeat(128));
        Place place = new Place(longest, PUSH, "uid");

        images().push(place, RUN, 123_456_789L, checkpoint("a"));

        assertThat(images().newestFirst(place)).extracting(Kept::step).containsExactly(123_456_789L);
    }

    @Test
    void nothingStaysInTheScratchFolder() throws IOException {
        images().push(place("uid"), RUN, 1, checkpoint("a"));

        try (Stream<Path> left = Files.list(work.resolve("scratch"))) {
            assertThat(left).isEmpty();
        }
    }

    private Place place(String owner) {
        return new Place(registry.image("adapters/geo"), PUSH, owner);
    }

    private Path checkpoint(String content) throws IOException {
        Path folder = Files.createTempDirectory(work, "written-");
        Files.writeString(folder.resolve("adapter.f32"), content);
        Files.writeString(folder.resolve("checkpoint.json"), "{\"of\": \"" + content + "\"}");
        return folder;
    }

    private CheckpointImages images() {
        return new CheckpointImages(
                new RegistryOrLayout(credentials(), Optional.empty(), RegistryTimeouts.usual(), Pulse.none()),
                work.resolve("scratch"));
    }

    private CredentialSearch credentials() {
        String login = "{\"auths\":{\"" + registry.image("x").registry()
                + "\":{\"username\":\"kaito\",\"password\":\"secret\"}}}";
        RegistryCredentials secret = any -> Optional.of(login.getBytes(StandardCharsets.UTF_8));
        return new CredentialSearch(secret, Optional.empty());
    }
}

package io.kaitoflow.inference.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyPlaceTest {

    @TempDir
    private Path folder;

    @Test
    void eachLineOfAFileIsAKey() throws IOException {
        Path file = Files.writeString(folder.resolve("keys"), "\n first \r\nsecond\n\n");

        assertThat(KeyPlace.at(file).first().keys()).containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void eachFileOfAFolderHoldsKeysButForHiddenOnes() throws IOException {
        Files.writeString(folder.resolve("ann"), "of-ann\nof-ann-too");
        Files.writeString(folder.resolve("bob"), "of-bob");
        Files.writeString(folder.resolve(".hidden"), "of-nobody");
        Files.createDirectory(folder.resolve("more"));

        assertThat(KeyPlace.at(folder).first().keys()).containsExactlyInAnyOrder("of-ann", "of-ann-too", "of-bob");
    }

    @Test
    void aMountedSecretHoldsWhatItWasRenewedWith() {
        MountedSecret secret = secret().hold(Map.of("ann", "first", "bob", "second"));
        KeyPlace place = secret.place();

        secret.hold(Map.of("ann", "third"));

        assertThat(place.first().keys()).containsExactlyInAnyOrder("first", "second");
        assertThat(place.now().keys()).containsExactly("third");
    }

    /** A key that is there before and after is there all the time, whichever file it moves to. */
    @Test
    void whatIsReadWhileASecretIsRenewedIsAllOldOrAllNew() {
        MountedSecret secret = secret().hold(Map.of("a", "stays", "b", "0"));
        KeyPlace place = secret.place();

        CompletableFuture<Void> renewals = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 200; i++) {
                secret.hold(i % 2 == 0 ? Map.of("a", "" + i, "b", "stays") : Map.of("a", "stays", "c", "" + i));
            }
        });

        while (!renewals.isDone()) {
            assertThat(place.now().keys()).hasSize(2).contains("stays");
        }
        renewals.join();
    }

    @Test
    void aPlaceWithoutKeysIsRefusedByName() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), " \n");
        Path nowhere = folder.resolve("nowhere");
        MountedSecret secret = new MountedSecret(folder.resolve("team-keys")).hold(Map.of());

        assertThatThrownBy(() -> KeyPlace.at(empty))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--api-keys " + empty + " holds no key");
        assertThatThrownBy(secret::place)
                .hasMessageContaining("team-keys holds no key")
                .hasMessageContaining("Secret");
        assertThatThrownBy(() -> KeyPlace.at(nowhere))
                .hasMessageContaining("--api-keys " + nowhere + " cannot be read");
    }

    @Test
    void noKeyIsEverShown() {
        KeyPlace place = secret().hold(Map.of("ann", "sesame")).place();

        assertThat(place.toString()).contains("1 key").doesNotContain("sesame");
    }

    private MountedSecret secret() {
        return new MountedSecret(folder.resolve("secret"));
    }
}

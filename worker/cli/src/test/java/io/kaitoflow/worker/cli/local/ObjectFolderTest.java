package io.kaitoflow.worker.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.dataset.download.AllowedHosts;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.worker.cli.Manifests;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.tuner.LocalObjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectFolderTest {

    private static final UserLogin LOGIN = new UserLogin(Optional.empty(), Optional.of("hf_sesame"));

    @TempDir
    private Path folder;

    private LocalObjects objects;

    @BeforeEach
    void objects() {
        objects = new LocalObjects(folder.resolve("objects"), folder.resolve("claims"));
    }

    @Test
    void keysOfAConfigMapBecomeFiles() throws IOException {
        new ObjectFolder(objects).write(applied("train.jsonl"));

        assertThat(objects.configMap("rows").resolve("train.jsonl")).hasContent("{}");
    }

    @Test
    void aKeyThatTheManifestHasNoLongerIsGone() throws IOException {
        new ObjectFolder(objects).write(applied("train.jsonl"));
        new ObjectFolder(objects).write(applied("other.jsonl"));

        assertThat(objects.configMap("rows")).isDirectoryNotContaining("glob:**/train.jsonl");
        assertThat(objects.configMap("rows").resolve("other.jsonl")).exists();
    }

    @Test
    void aSecretIsForItsOwnerAlone() throws IOException {
        new ObjectFolder(objects).write(applied("train.jsonl"));

        Path secret = objects.secret("push");
        Path token = secret.resolve(LocalApply.HUB_TOKEN);
        assertThat(token).hasContent("hf_sesame");
        assertThat(permissions(secret)).isEqualTo("rwx------");
        assertThat(permissions(token)).isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../up", "a/b", "..", "with space"})
    void aKeyThatIsNoFileNameIsRefused(String key) throws IOException {
        LocalApply applied = applied(key);

        assertThatThrownBy(() -> new ObjectFolder(objects).write(applied))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("\"" + key + "\" cannot be a file name");
    }

    private LocalApply applied(String key) throws IOException {
        String yaml = Manifests.tuning("rows", Map.of(key, "{}"));
        return LocalApply.of(
                Files.writeString(folder.resolve("w.yaml"), yaml),
                GpuCatalogue.load(),
                LOGIN,
                AllowedHosts.none(),
                Clock.systemUTC());
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}

package io.kaitoflow.worker.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.dataset.download.AllowedHosts;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.worker.cli.Manifests;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.worker.tuner.LocalObjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookedAtObjectsTest {

    private static final UserLogin NOBODY = new UserLogin(Optional.empty(), Optional.empty());

    @TempDir
    private Path folder;

    @Test
    void anEditedManifestThatIsLookedAtChangesNothingForTheRunningOne() throws IOException {
        LocalHome home = new LocalHome(folder.resolve("home"));
        LocalApply running = applied("one");
        LocalObjects read = home.objects(uid(running));
        new ObjectFolder(read).write(running);

        try (LookedAtObjects edited = LookedAtObjects.of(applied("two"), home)) {
            assertThat(edited.objects().configMap("rows").resolve("train.jsonl"))
                    .hasContent("two");
        }

        assertThat(read.configMap("rows").resolve("train.jsonl")).hasContent("one");
        assertThat(home.scratch()).isEmptyDirectory();
    }

    @Test
    void loginsOfALookThatIsBrokenOffAreForgotten() throws IOException, InterruptedException {
        LocalHome home = new LocalHome(folder.resolve("home"));
        Path manifest =
                Files.writeString(folder.resolve("w.yaml"), Manifests.tuning("rows", Map.of("train.jsonl", "one")));

        Process look = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokenOffLook.class.getName(),
                        manifest.toString(),
                        home.root().toString())
                .inheritIO()
                .start();

        assertThat(look.waitFor()).isEqualTo(BrokenOffLook.LOGINS_WERE_THERE);
        assertThat(home.scratch()).isEmptyDirectory();
    }

    private static String uid(LocalApply applied) {
        return ((Translation.Accepted) applied.translation()).request().id().uid();
    }

    private LocalApply applied(String row) throws IOException {
        String yaml = Manifests.tuning("rows", Map.of("train.jsonl", row));
        return LocalApply.of(
                Files.writeString(folder.resolve("w.yaml"), yaml),
                GpuCatalogue.load(),
                NOBODY,
                AllowedHosts.none(),
                Clock.systemUTC());
    }
}

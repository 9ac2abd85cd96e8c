package io.kaitoflow.activities.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.image.layout.LayoutImages;
import io.kaitoflow.activities.image.registry.RegistryTimeouts;
import io.kaitoflow.activities.image.target.RegistryOrLayout;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.ImageActivities;
import io.kaitoflow.workflows.tuning.OutputActivities;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageActivitiesImplTest {

    private static final WorkspaceId ID = new WorkspaceId("default", "smollm2", "0a1b");
    private static final OutputTarget IMAGE =
            new OutputTarget.Image(ImageReference.parse("registry.invalid/adapters/x:1"), Optional.empty());
    private static final OutputTarget VOLUME = new OutputTarget.Volume(new VolumeReference.HostPath("/unused"));

    @TempDir
    Path work;

    private AdapterImages images() {
        CredentialSearch nobody = new CredentialSearch(RegistryCredentials.none(), Optional.empty());
        Optional<LayoutImages> layout = Optional.of(new LayoutImages(work.resolve("images")));
        return new AdapterImages(
                new RegistryOrLayout(nobody, layout, RegistryTimeouts.usual(), Pulse.none()), work.resolve("scratch"));
    }

    private PushedImage push(OutputTarget target, boolean accepted) throws IOException {
        AdapterArtifact adapter = AdapterFixture.write(work.resolve("adapter"), 1);
        return new ImageActivitiesImpl(images(), volume -> work.resolve("results"))
                .push(new ImageActivities.Input(ID, adapter, "smollm2", target, accepted));
    }

    @Test
    void anAcceptedAdapterGetsTheUsersTag() throws IOException {
        assertThat(push(IMAGE, true).image()).hasToString("registry.invalid/adapters/x:1");
    }

    @Test
    void aWorseAdapterNeverTakesTheUsersTag() throws IOException {
        PushedImage pushed = push(IMAGE, false);

        assertThat(pushed.image()).hasToString("registry.invalid/adapters/x:1-rejected");
        assertThatThrownBy(() -> images().resolve(ImageReference.parse("registry.invalid/adapters/x:1"), List.of()))
                .isInstanceOf(ImageException.Unreachable.class);
    }

    @Test
    void aVolumeGetsTheFilesAndTheAdapterCanStillBeServedByDigest() throws IOException {
        PushedImage pushed = push(VOLUME, true);
        images().pull(pushed.image(), pushed.digest(), List.of(), work.resolve("served"));

        assertThat(pushed.location()).isEqualTo(work.resolve("results").toString());
        assertThat(work.resolve("results").resolve(AdapterFiles.WEIGHTS))
                .hasSameBinaryContentAs(work.resolve("served").resolve(AdapterFiles.WEIGHTS));
        assertThat(work.resolve("results").resolve("training.log")).doesNotExist();
    }

    @Test
    void whatWasPushedIsMovedWithoutTheFolderThatItWasMadeIn() throws IOException {
        PushedImage first = push(IMAGE, true);
        AdapterArtifact made = AdapterFixture.write(work.resolve("adapter"), 1);
        Folders.delete(work.resolve("adapter"));

        PushedImage moved = moved(first, made, true);

        assertThat(moved.image()).hasToString("registry.invalid/adapters/y:2");
        assertThat(moved.digest()).isEqualTo(first.digest());
        images().pull(moved.image(), moved.digest(), List.of(), work.resolve("served"));
        assertThat(Sha256.of(work.resolve("served").resolve(AdapterFiles.WEIGHTS)))
                .isEqualTo(made.digest());
        assertThat(moved(first, made, false).image()).hasToString("registry.invalid/adapters/y:2-rejected");
    }

    @Test
    void otherWeightsThanThoseThatWereTrainedAreNotMoved() throws IOException {
        PushedImage first = push(IMAGE, true);
        AdapterArtifact other = AdapterFixture.write(work.resolve("other"), 2);

        assertThatThrownBy(() -> moved(first, other, true)).hasMessageContaining("was trained");
    }

    private PushedImage moved(PushedImage from, AdapterArtifact adapter, boolean accepted) {
        OutputTarget to =
                new OutputTarget.Image(ImageReference.parse("registry.invalid/adapters/y:2"), Optional.empty());
        return new OutputActivitiesImpl(_ -> images(), _ -> Optional.empty())
                .move(new OutputActivities.Move(ID, from, adapter, "smollm2", to, accepted));
    }

    @Test
    void failuresCarryTheirKind() throws IOException {
        Files.writeString(work.resolve("images"), "in the way of the layout");

        assertThatThrownBy(() -> push(IMAGE, true))
                .isInstanceOfSatisfying(
                        ApplicationFailure.class,
                        failure -> assertThat(failure.getType()).isEqualTo("INTERNAL"));
    }
}

package io.kaitoflow.activities.image.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.image.AdapterFixture;
import io.kaitoflow.activities.image.AdapterImages;
import io.kaitoflow.activities.image.CredentialSearch;
import io.kaitoflow.activities.image.OutputActivitiesImpl;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.image.RegistryCredentials;
import io.kaitoflow.activities.image.target.RegistryOrLayout;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.OutputActivities;
import io.kaitoflow.workflows.tuning.OutputActivities.Finding;
import io.kaitoflow.workflows.tuning.OutputActivities.Presence;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Whether an output is still there, asked of a real registry with users. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PushedOutputTest {

    private static final WorkspaceId ID = new WorkspaceId("default", "smollm2", "0a1b");
    private static final List<SecretReference> PUSH = List.of(new SecretReference("push"));
    private static final String LOGIN = "{\"auths\":{\"%s\":{\"username\":\"kaito\",\"password\":\"secret\"}}}";

    @TempDir
    private Path work = Path.of("");

    private DebianRegistry registry;

    @BeforeAll
    void startRegistry(@TempDir Path folder) throws IOException {
        registry = DebianRegistry.withUsers(folder);
    }

    @AfterAll
    void stopRegistry() {
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    void whatWasPushedIsFoundByItsDigest() throws IOException {
        PushedImage pushed = push();

        assertThat(find(pushed, PUSH).presence()).isEqualTo(Presence.PRESENT);
    }

    @Test
    void theFilesOfOneFolderAreCopiedOutOfAnyImage() throws IOException {
        PushedImage pushed = push();
        Path data = Files.createTempDirectory(work, "data");
        Path weights = Files.createTempDirectory(work, "weights");

        images().copy(pushed.image().withDigest(pushed.digest()), PUSH, "/data", data);
        images().copy(pushed.image(), PUSH, "/weights", weights);

        assertThat(data.resolve("adapter_model.safetensors")).isNotEmptyFile();
        assertThat(weights).isEmptyDirectory();
    }

    @Test
    void aDigestThatTheRegistryDoesNotKnowIsGone() throws IOException {
        PushedImage other = new PushedImage(push().image(), Digest.ofSha256(new byte[32]), "");

        Finding finding = find(other, PUSH);

        assertThat(finding.presence()).isEqualTo(Presence.ABSENT);
        assertThat(finding.words()).contains("404");
    }

    @Test
    void aRegistryThatRefusesUsIsNoProofOfAbsence() throws IOException {
        Finding finding = find(push(), List.of());

        assertThat(finding.presence()).isEqualTo(Presence.UNKNOWN);
        assertThat(finding.words()).contains("401", "without credentials");
    }

    @Test
    void whereNobodyIsNothingIsKnown() {
        PushedImage elsewhere = new PushedImage(
                ImageReference.parse("registry.invalid/adapters/x:1"), Digest.ofSha256(new byte[32]), "");

        assertThat(find(elsewhere, PUSH).presence()).isEqualTo(Presence.UNKNOWN);
    }

    @Test
    void aVolumeCannotBeLookedInto() throws IOException {
        OutputTarget volume = new OutputTarget.Volume(new VolumeReference.Claim("results"));

        assertThat(new OutputActivitiesImpl(id -> images(), id -> Optional.empty())
                        .find(new OutputActivities.Input(ID, volume, push()))
                        .presence())
                .isEqualTo(Presence.UNKNOWN);
    }

    private PushedImage push() throws IOException {
        return images().push(
                        AdapterFixture.write(work.resolve("a"), 1), "smollm2", registry.image("adapters/kept"), PUSH);
    }

    private Finding find(PushedImage image, List<SecretReference> secrets) {
        OutputTarget target =
                new OutputTarget.Image(image.image(), secrets.stream().findFirst());
        return new OutputActivitiesImpl(id -> images(), id -> Optional.empty())
                .find(new OutputActivities.Input(ID, target, image));
    }

    private AdapterImages images() {
        RegistryCredentials login = secret ->
                Optional.of(LOGIN.formatted(registry.image("x").registry()).getBytes(StandardCharsets.UTF_8));
        return new AdapterImages(
                new RegistryOrLayout(
                        new CredentialSearch(login, Optional.empty()),
                        Optional.empty(),
                        RegistryTimeouts.usual(),
                        Pulse.none()),
                work.resolve("scratch"));
    }
}

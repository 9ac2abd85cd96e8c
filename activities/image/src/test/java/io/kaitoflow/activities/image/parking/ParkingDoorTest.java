package io.kaitoflow.activities.image.parking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.image.AdapterFiles;
import io.kaitoflow.activities.image.AdapterFixture;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.parking.CourierActivities.Parcel;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An adapter that is carried over a real connection into a folder. */
class ParkingDoorTest {

    @TempDir
    private Path work = Path.of("");

    private AdapterArtifact adapter = new AdapterArtifact("", Digest.ofText(""), 0, 0, 0, 0);
    private ParkedFolder volume = new ParkedFolder(Path.of(""));

    @BeforeEach
    void train() throws IOException {
        adapter = AdapterFixture.write(work.resolve("adapter"), 1);
        volume = new ParkedFolder(Files.createDirectory(work.resolve("volume")));
        Files.createDirectory(volume.root().resolve("lost+found"));
    }

    private ParkingDoor door(Digest awaited) {
        return new ParkingDoor(0, volume, awaited);
    }

    private void carry(AdapterArtifact what, ParkingDoor to) {
        new CourierActivitiesImpl(work.resolve("scratch")).carry(new Parcel(what, address(to)));
    }

    private static String address(ParkingDoor door) {
        return "http://127.0.0.1:" + door.port();
    }

    private Path kept(String file) {
        return volume.of(adapter.digest()).resolve(file);
    }

    @Test
    void anAdapterArrivesWholeAndWithoutWhatIsNoPartOfIt() {
        try (ParkingDoor door = door(adapter.digest())) {
            carry(adapter, door);
        }

        assertThat(kept(AdapterFiles.WEIGHTS)).hasSameBinaryContentAs(Path.of(adapter.path(), AdapterFiles.WEIGHTS));
        assertThat(kept(AdapterFiles.CONFIG)).hasContent("{\"r\":8}");
        assertThat(kept("training.log")).doesNotExist();
        assertThat(work.resolve("scratch")).isEmptyDirectory();
    }

    @Test
    void whoDidNotHearTheAnswerCarriesAgainAndIsAnsweredTheSame() {
        try (ParkingDoor door = door(adapter.digest())) {
            carry(adapter, door);
            carry(adapter, door);
        }

        assertThat(volume.holds(adapter.digest())).isTrue();
    }

    @Test
    void otherWeightsAreRefusedAndNothingIsKept() throws IOException {
        AdapterArtifact other = AdapterFixture.write(work.resolve("other"), 2);

        try (ParkingDoor door = door(adapter.digest())) {
            assertThatThrownBy(() -> carry(other, door))
                    .isInstanceOf(ApplicationFailure.class)
                    .hasMessageContaining("was answered with 422")
                    .hasMessageContaining(other.digest().toString());
        }

        assertThat(volume.root()).isDirectoryNotContaining(entry -> !entry.endsWith("lost+found"));
    }

    @Test
    void whatBreaksOffHalfwayIsNotKeptAndTheWholeIsTakenAfterIt() throws IOException {
        Files.createDirectory(volume.root().resolve(".fresh"));
        Files.writeString(volume.root().resolve(".fresh").resolve(AdapterFiles.WEIGHTS), "half of them");

        assertThat(volume.holds(adapter.digest())).isFalse();
        try (ParkingDoor door = door(adapter.digest())) {
            carry(adapter, door);
        }

        assertThat(volume.holds(adapter.digest())).isTrue();
    }

    @Test
    void theNextResultTakesThePlaceOfTheLast() throws IOException {
        AdapterArtifact next = AdapterFixture.write(work.resolve("next"), 3);
        try (ParkingDoor door = door(adapter.digest())) {
            carry(adapter, door);
        }

        try (ParkingDoor door = door(next.digest())) {
            carry(next, door);
        }

        assertThat(volume.holds(next.digest())).isTrue();
        assertThat(volume.holds(adapter.digest())).isFalse();
        assertThat(volume.root().resolve("lost+found")).exists();
    }

    @Test
    void whatIsNoTarIsRefused() throws Exception {
        try (ParkingDoor door = door(adapter.digest());
                HttpClient http = HttpClient.newHttpClient()) {
            URI address = URI.create(address(door) + "/adapter");
            int answer = http.send(
                            HttpRequest.newBuilder(address)
                                    .PUT(BodyPublishers.ofString("no tar at all"))
                                    .build(),
                            BodyHandlers.ofString())
                    .statusCode();

            assertThat(answer).isEqualTo(422);
            assertThat(http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(405);
        }
    }

    @Test
    void nobodyAtTheAddressIsSaidWithTheAddress() {
        ParkingDoor gone = door(adapter.digest());
        gone.close();

        assertThatThrownBy(() -> carry(adapter, gone))
                .isInstanceOf(ApplicationFailure.class)
                .hasMessageContaining("/adapter failed:");
    }
}

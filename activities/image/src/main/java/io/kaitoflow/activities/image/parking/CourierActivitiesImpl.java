package io.kaitoflow.activities.image.parking;

import io.kaitoflow.activities.image.AdapterFiles;
import io.kaitoflow.activities.image.FolderLayer;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.parking.CourierActivities;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Carries an adapter to a {@link ParkingDoor}. */
public final class CourierActivitiesImpl implements CourierActivities {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** A volume may be slow; the activity's own bound is the other one. */
    private static final Duration WHOLE = Duration.ofMinutes(9);

    private final Path scratch;

    /** @param scratch folder for files under way; holds nothing between calls */
    public CourierActivitiesImpl(Path scratch) {
        this.scratch = scratch;
    }

    @Override
    public void carry(Parcel parcel) {
        ActivityFailures.run(() -> carry(Path.of(parcel.adapter().path()), URI.create(parcel.address() + "/adapter")));
    }

    private void carry(Path adapter, URI address) {
        try {
            Path tar = Files.createTempFile(Files.createDirectories(scratch), "parcel-", ".tar");
            try {
                FolderLayer.write(adapter, AdapterFiles.in(adapter), AdapterFiles.FOLDER, tar);
                require(send(tar, address), address);
            } finally {
                Files.deleteIfExists(tar);
            }
        } catch (IOException cause) {
            throw new ImageException.NotCarried("Carrying the adapter to " + address + " failed: " + cause, cause);
        }
    }

    /** Between pods of one cluster, never through a proxy. */
    private static HttpResponse<String> send(Path tar, URI address) throws IOException {
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .timeout(WHOLE)
                    .PUT(BodyPublishers.ofFile(tar))
                    .build();
            return http.send(request, BodyHandlers.ofString());
        } catch (InterruptedException unwanted) {
            Thread.currentThread().interrupt();
            throw new ImageException.NotCarried("Carrying the adapter to " + address + " was broken off.", unwanted);
        }
    }

    private static void require(HttpResponse<String> answer, URI address) {
        if (answer.statusCode() != HttpURLConnection.HTTP_CREATED) {
            throw new ImageException.NotCarried(
                    "Carrying the adapter to " + address + " was answered with " + answer.statusCode() + ": "
                            + answer.body(),
                    null);
        }
    }
}

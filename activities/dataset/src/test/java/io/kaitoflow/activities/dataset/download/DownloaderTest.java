package io.kaitoflow.activities.dataset.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.presets.ByteSize;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloaderTest {

    private static final DownloadSettings HASTY = new DownloadSettings(
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            3,
            1,
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            ByteSize.ofMebibytes(2));

    @TempDir
    private Path folder;

    private LocalServer server;
    private Downloader downloader;
    private final byte[] file = randomBytes(300_000);

    @BeforeEach
    void start() throws IOException {
        server = new LocalServer();
        downloader = new Downloader(HASTY, AddressRules.publicInternetAnd(Set.of(server.authority())));
    }

    @AfterEach
    void stop() {
        downloader.close();
        server.close();
    }

    @Test
    void theFileArrivesWholeAndAlone() throws IOException {
        server.serve("/train.parquet", file);

        Path path = fetch("/train.parquet");

        assertThat(path).hasBinaryContent(file);
        assertThat(names()).containsExactly("file");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void passingTroubleIsTriedAgain(int status) {
        AtomicInteger calls = new AtomicInteger();
        server.on("/f", exchange -> {
            if (calls.incrementAndGet() < 3) {
                exchange.sendResponseHeaders(status, -1);
            } else {
                LocalServer.answer(exchange, 200, file);
            }
        });

        assertThat(fetch("/f")).hasBinaryContent(file);
        assertThat(calls).hasValue(3);
    }

    @Test
    void lastingTroubleIsSaidWithTheNumberOfAttempts() {
        server.refuse("/f", 503);

        assertThatThrownBy(() -> fetch("/f?sig=secret"))
                .isInstanceOf(DownloadException.Unreachable.class)
                .hasMessage(server.uri("/f") + " answered 503 (3 attempts).");
    }

    @Test
    void aMissingFileIsAskedForOnce() {
        server.refuse("/f", 404);

        assertThatThrownBy(() -> fetch("/f"))
                .isInstanceOf(DownloadException.Unusable.class)
                .hasMessageEndingWith("/f answered 404: there is no such file.");
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void aDeniedFileIsAskedForOnce() {
        server.refuse("/f", 401);

        assertThatThrownBy(() -> fetch("/f")).isInstanceOf(DownloadException.Denied.class);
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void aBrokenTransferGoesOnWhereItStopped() {
        List<String> ranges = new CopyOnWriteArrayList<>();
        server.on("/f", exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"v1\"");
            String range = exchange.getRequestHeaders().getFirst("Range");
            if (range == null) {
                breakOffAfter(exchange, 100_000);
            } else {
                ranges.add(range + " if " + exchange.getRequestHeaders().getFirst("If-Range"));
                answerFrom(exchange, Integer.parseInt(range.substring("bytes=".length(), range.length() - 1)));
            }
        });

        assertThat(fetch("/f")).hasBinaryContent(file);
        assertThat(ranges).hasSize(1).first().asString().endsWith(" if \"v1\"").doesNotStartWith("bytes=0-");
    }

    @Test
    void aTransferWithoutVersionStartsAnew() {
        AtomicInteger calls = new AtomicInteger();
        server.on("/f", exchange -> {
            assertThat(exchange.getRequestHeaders().getFirst("Range")).isNull();
            if (calls.incrementAndGet() == 1) {
                breakOffAfter(exchange, 100_000);
            } else {
                LocalServer.answer(exchange, 200, file);
            }
        });

        assertThat(fetch("/f")).hasBinaryContent(file);
        assertThat(calls).hasValue(2);
    }

    @Test
    void everyHopOfARedirectIsChecked() {
        server.on("/f", exchange -> redirect(exchange, "http://169.254.169.254/latest"));

        assertThatThrownBy(() -> fetch("/f"))
                .isInstanceOf(DownloadException.Refused.class)
                .hasMessageContaining("169.254.169.254");
    }

    @Test
    void anAllowedHostLeadsToOthersThatAreAllowedAlone() throws IOException {
        try (LocalServer elsewhere = new LocalServer()) {
            elsewhere.serve("/blob", file);
            server.on(
                    "/f", exchange -> redirect(exchange, elsewhere.uri("/blob").toString()));

            assertThatThrownBy(() -> fetch("/f"))
                    .isInstanceOf(DownloadException.Refused.class)
                    .hasMessageContaining("data.allowedHosts");
        }
    }

    @Test
    void aTokenStaysWithItsOrigin() throws IOException {
        try (LocalServer elsewhere = new LocalServer();
                Downloader both = new Downloader(
                        HASTY, AddressRules.publicInternetAnd(Set.of(server.authority(), elsewhere.authority())))) {
            List<String> tokens = new CopyOnWriteArrayList<>();
            elsewhere.on("/blob", exchange -> {
                tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                LocalServer.answer(exchange, 200, file);
            });
            server.on("/f", exchange -> {
                tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
                redirect(exchange, elsewhere.uri("/blob").toString());
            });

            both.fetch(download("/f", Optional.of("secret")), ProgressListener.silent());

            assertThat(tokens).containsExactly("Bearer secret", "null");
        }
    }

    @Test
    void endlessRedirectsEnd() {
        server.on("/f", exchange -> redirect(exchange, "/f"));

        assertThatThrownBy(() -> fetch("/f")).hasMessageContaining("redirects more than 5 times");
    }

    @Test
    void aWebPageIsNoFile() throws IOException {
        server.on("/train.parquet", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            LocalServer.answer(exchange, 200, LocalServer.bytes("<html>Sign in</html>"));
        });

        assertThatThrownBy(() -> fetch("/train.parquet"))
                .isInstanceOf(DownloadException.Unusable.class)
                .hasMessageContaining("login page");
        assertThat(names()).isEmpty();
    }

    @Test
    void aFileBeyondTheLimitIsRefusedWhetherItSaysItsSizeOrNot() throws IOException {
        server.serve("/said", new byte[3 << 20]);
        server.on("/unsaid", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[3 << 20]);
        });

        assertThatThrownBy(() -> fetch("/said")).hasMessageContaining("larger than the limit of 2 MiB");
        assertThatThrownBy(() -> fetch("/unsaid")).hasMessageContaining("larger than the limit of 2 MiB");
        assertThat(names()).isEmpty();
    }

    @Test
    void silenceEndsTheWait() {
        CountDownLatch never = new CountDownLatch(1);
        server.on("/f", exchange -> {
            exchange.sendResponseHeaders(200, file.length);
            await(never);
        });

        assertThatThrownBy(() -> fetch("/f")).hasMessageContaining("sent nothing for 1 seconds (3 attempts)");
        never.countDown();
    }

    @Test
    void theListenerEndsTheDownload() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        server.on("/f", exchange -> await(never));

        assertThatThrownBy(() -> downloader.fetch(download("/f", Optional.empty()), (activity, done, total) -> {
                    throw new CancellationException("enough");
                }))
                .isInstanceOf(CancellationException.class)
                .hasMessage("enough");
        assertThat(names()).isEmpty();
        never.countDown();
    }

    @Test
    void aFullDiskNamesTheFolder() throws IOException {
        Files.createSymbolicLink(folder.resolve(".file.part"), Path.of("/dev/full"));
        server.serve("/f", file);

        assertThatThrownBy(() -> fetch("/f"))
                .isInstanceOf(DownloadException.DiskFull.class)
                .hasMessage("No space is left in " + folder + " for file.");
    }

    @Test
    void anUnreachableServerIsSaid() {
        URI nobody = server.uri("/f");
        server.close();

        assertThatThrownBy(() -> fetch("/f"))
                .isInstanceOf(DownloadException.Unreachable.class)
                .hasMessage(nobody + " does not accept connections.");
    }

    private Path fetch(String path) {
        return downloader.fetch(download(path, Optional.empty()), ProgressListener.silent());
    }

    private Download download(String path, Optional<String> bearer) {
        return new Download(server.uri(path), folder.resolve("file"), "file", bearer);
    }

    private List<String> names() throws IOException {
        try (var paths = Files.list(folder)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private void breakOffAfter(HttpExchange exchange, int bytes) throws IOException {
        exchange.sendResponseHeaders(200, file.length);
        exchange.getResponseBody().write(file, 0, bytes);
        exchange.getResponseBody().flush();
        throw new IOException("the server dies here");
    }

    private void answerFrom(HttpExchange exchange, int start) throws IOException {
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes " + start + "-" + (file.length - 1) + "/" + file.length);
        LocalServer.answer(exchange, 206, Arrays.copyOfRange(file, start, file.length));
    }

    private static void redirect(HttpExchange exchange, String target) throws IOException {
        exchange.getResponseHeaders().set("Location", target);
        exchange.sendResponseHeaders(302, -1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}

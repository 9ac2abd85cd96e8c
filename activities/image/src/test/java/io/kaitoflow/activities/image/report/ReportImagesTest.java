package io.kaitoflow.activities.image.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.image.AdapterFixture;
import io.kaitoflow.activities.image.AdapterImage;
import io.kaitoflow.activities.image.CredentialSearch;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.image.RegistryCredentials;
import io.kaitoflow.activities.image.Sha256;
import io.kaitoflow.activities.image.registry.DebianRegistry;
import io.kaitoflow.activities.image.registry.RegistryImages;
import io.kaitoflow.activities.image.registry.RegistryTimeouts;
import io.kaitoflow.activities.image.report.ReportImages.Report;
import io.kaitoflow.activities.image.target.RegistryOrLayout;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports in a real registry that wants a password and knows nothing of referrers. */
class ReportImagesTest {

    private static final Instant MORNING = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Report REPORT = new Report("{\"schema\":\"one\"}\n", "<p>ä one</p>\n");
    private static final List<SecretReference> PUSH = List.of(new SecretReference("push"));

    @TempDir
    private Path work = Path.of("");

    private DebianRegistry registry;
    private ImageReference image;

    @BeforeEach
    void start() throws IOException {
        registry = DebianRegistry.withUsers(work.resolve("registry"));
        AdapterImage adapter = AdapterFixture.image(work, 1);
        image = registry.image("adapters/geo").withDigest(adapter.digest());
        try (RegistryImages store = store()) {
            store.push(image, adapter);
        }
    }

    @AfterEach
    void stop() {
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    void aReportComesBackByTagAndByDigest() {
        reports().attach(image, PUSH, REPORT, MORNING);

        assertThat(reports().newest(image, PUSH)).contains(REPORT);
        assertThat(reports().newest(registry.image("adapters/geo"), PUSH)).contains(REPORT);
    }

    @Test
    void theSameReportTwiceIsOne() {
        Digest once = reports().attach(image, PUSH, REPORT, MORNING);
        Digest twice = reports().attach(image, PUSH, REPORT, MORNING);

        assertThat(twice).isEqualTo(once);
        try (RegistryImages store = store()) {
            assertThat(store.referrers(image, ReportImages.TYPE)).hasSize(1);
        }
    }

    @Test
    void ofTwoReportsTheNewestIsRead() {
        Report later = new Report("{}\n", "<p>two</p>\n");
        reports().attach(image, PUSH, later, MORNING.plusSeconds(1));
        reports().attach(image, PUSH, REPORT, MORNING);

        assertThat(reports().newest(image, PUSH)).contains(later);
    }

    @Test
    void theManifestIsTheOneOfTheSpecification() {
        Digest digest = reports().attach(image, PUSH, REPORT, MORNING);

        try (RegistryImages store = store()) {
            assertThat(new String(store.manifest(image.withDigest(digest)), StandardCharsets.UTF_8))
                    .isEqualTo("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                            + "\"artifactType\":\"application/vnd.kaitoflow.training-report.v1\","
                            + "\"config\":{\"mediaType\":\"application/vnd.oci.empty.v1+json\","
                            + "\"digest\":\"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\",\"size\":2},"
                            + "\"layers\":[{\"mediaType\":\"application/vnd.kaitoflow.training-report.v1+json\",\"digest\":\""
                            + Sha256.of(REPORT.json().getBytes(StandardCharsets.UTF_8))
                            + "\",\"size\":17,\"annotations\":{\"org.opencontainers.image.title\":\"report.json\"}},"
                            + "{\"mediaType\":\"text/html\",\"digest\":\""
                            + Sha256.of(REPORT.page().getBytes(StandardCharsets.UTF_8))
                            + "\",\"size\":14,\"annotations\":{\"org.opencontainers.image.title\":\"report.html\"}}],"
                            + "\"subject\":{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\""
                            + image.digest().orElseThrow() + "\",\"size\":" + store.manifest(image).length + "},"
                            + "\"annotations\":{\"org.opencontainers.image.created\":\"2026-01-02T03:04:05Z\"}}");
        }
    }

    @Test
    void anImageWithoutAReportHasNone() {
        assertThat(reports().newest(image, PUSH)).isEmpty();
    }

    @Test
    void anImageThatIsNotThereTakesNoReport() {
        ImageReference absent = image.withDigest(Sha256.of(new byte[] {1}));

        assertThatThrownBy(() -> reports().attach(absent, PUSH, REPORT, MORNING))
                .isInstanceOf(ImageException.NotAnAdapter.class);
    }

    @Test
    void aSecretThatDoesNotOpenTheRegistryIsARefusal() {
        assertThatThrownBy(() -> reports().attach(image, List.of(), REPORT, MORNING))
                .isInstanceOf(ImageException.Denied.class);
    }

    @Test
    void nothingStaysInTheScratchFolder() throws IOException {
        reports().attach(image, PUSH, REPORT, MORNING);
        reports().newest(image, PUSH);

        try (Stream<Path> left = Files.list(work.resolve("scratch"))) {
            assertThat(left).isEmpty();
        }
    }

    private ReportImages reports() {
        return new ReportImages(
                new RegistryOrLayout(credentials(), Optional.empty(), RegistryTimeouts.usual(), Pulse.none()),
                work.resolve("scratch"));
    }

    private RegistryImages store() {
        return registry.images(credentials().find(registry.image("x").registry(), PUSH));
    }

    /** Only the named secret opens it. */
    private CredentialSearch credentials() {
        String login = "{\"auths\":{\"" + registry.image("x").registry()
                + "\":{\"username\":\"kaito\",\"password\":\"secret\"}}}";
        RegistryCredentials secret = any -> Optional.of(login.getBytes(StandardCharsets.UTF_8));
        return new CredentialSearch(secret, Optional.empty());
    }
}

package io.kaitoflow.worker.tuner;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.image.CredentialSearch;
import io.kaitoflow.activities.image.ImageStore;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.image.registry.RegistryTimeouts;
import io.kaitoflow.activities.image.report.ReportImages;
import io.kaitoflow.activities.image.target.RegistryOrLayout;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the report of {@link TuneAndPush} back from a registry that wants a password. */
final class AttachedOnce {

    private AttachedOnce() {}

    static void assertReported(PushedImage pushed, String login, SecretReference secret, Path scratch) {
        ImageReference image = pushed.image().withDigest(pushed.digest());
        RegistryOrLayout stores = new RegistryOrLayout(
                new CredentialSearch(any -> Optional.of(login.getBytes(StandardCharsets.UTF_8)), Optional.empty()),
                Optional.empty(),
                RegistryTimeouts.usual(),
                Pulse.none());
        try (ImageStore store = stores.forPull(image, image.digest(), List.of(secret))) {
            assertThat(store.referrers(image, ReportImages.TYPE)).hasSize(1);
        }
        ReportImages.Report report =
                new ReportImages(stores, scratch).newest(image, List.of(secret)).orElseThrow();
        assertThat(report.json())
                .contains("\"run\":\"run-1\"", pushed.digest().value(), "\"machine\":\"this machine\"", ",[2,");
        assertThat(report.page()).contains("<svg", "<polyline", "models/tune", "</html>");
    }
}

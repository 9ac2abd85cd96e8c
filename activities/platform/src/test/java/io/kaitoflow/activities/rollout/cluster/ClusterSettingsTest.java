package io.kaitoflow.activities.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterSettingsTest {

    @Test
    void whoPrintsThemSeesWhichVariablesPodsHaveAndNotWhatTheyHold() {
        ClusterSettings settings =
                ClusterSettings.from(Map.of("KAITOFLOW_POD_ENV_HTTPS_PROXY", "http://me:secret@proxy.example:3128"));

        assertThat(settings.pods().environment()).containsEntry("HTTPS_PROXY", "http://me:secret@proxy.example:3128");
        assertThat(settings.toString()).contains("HTTPS_PROXY").doesNotContain("secret");
    }
}

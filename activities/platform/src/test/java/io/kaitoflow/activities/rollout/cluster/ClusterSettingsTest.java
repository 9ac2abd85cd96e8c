package io.kaitoflow.activities.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.rollout.cluster.place.Placement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterSettingsTest {

    @Test
    void aMistakeInWherePodsRunIsNamedWithItsVariable() {
        assertThat(ClusterSettings.from(Map.of("KAITOFLOW_RUNTIME_PLACEMENT", ""))
                        .pods()
                        .placement())
                .isEqualTo(Placement.anywhere());
        for (String wrong : List.of("pool=small", "{\"nodeSelektor\":{}}", "{\"tolerations\":[{\"kee\":\"sku\"}]}")) {
            assertThatThrownBy(() -> ClusterSettings.from(Map.of("KAITOFLOW_RUNTIME_PLACEMENT", wrong)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            "KAITOFLOW_RUNTIME_PLACEMENT: \"" + wrong + "\" does not say where pods run: ");
        }
    }

    @Test
    void whoPrintsThemSeesWhichVariablesPodsHaveAndNotWhatTheyHold() {
        ClusterSettings settings =
                ClusterSettings.from(Map.of("KAITOFLOW_POD_ENV_HTTPS_PROXY", "http://me:secret@proxy.example:3128"));

        assertThat(settings.pods().environment()).containsEntry("HTTPS_PROXY", "http://me:secret@proxy.example:3128");
        assertThat(settings.toString()).contains("HTTPS_PROXY").doesNotContain("secret");
    }
}

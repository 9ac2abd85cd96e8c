package io.kaitoflow.worker.tuner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.temporal.TemporalAccess;
import io.kaitoflow.temporal.TemporalAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TunerSettingsTest {

    private static final Map<String, String> LEAST = Map.of(
            "KAITOFLOW_TEMPORAL_ADDRESS", "temporal:7233",
            "KAITOFLOW_TASK_QUEUE", "tuner/uid-1",
            "KAITOFLOW_HOME", "/var/lib/kaitoflow");

    @Test
    void threeVariablesAreEnough() {
        TunerSettings settings = TunerSettings.from(LEAST);

        assertThat(settings)
                .isEqualTo(new TunerSettings(
                        TemporalAddress.of("temporal:7233"),
                        TemporalAccess.open(),
                        "tuner/uid-1",
                        Path.of("/var/lib/kaitoflow"),
                        Optional.empty(),
                        OptionalInt.empty()));
        assertThat(settings.uid()).isEqualTo("uid-1");
    }

    @Test
    void everyVariableCounts() {
        Map<String, String> all = new TreeMap<>(LEAST);
        all.putAll(Map.of(
                "KAITOFLOW_TEMPORAL_NAMESPACE", "models",
                "KAITOFLOW_TEMPORAL_ACCESS", "/run/kaitoflow/access",
                "KAITOFLOW_SECRETS", "/run/kaitoflow/secrets",
                "KAITOFLOW_HEALTH_PORT", "8080"));

        TunerSettings settings = TunerSettings.from(all);

        assertThat(settings.temporal().namespace()).isEqualTo("models");
        assertThat(settings.access()).isEqualTo(TemporalAccess.by(Path.of("/run/kaitoflow/access")));
        assertThat(settings.secrets()).contains(Path.of("/run/kaitoflow/secrets"));
        assertThat(settings.healthPort()).hasValue(8080);
    }

    @Test
    void whatIsMissingOrWrongIsNamed() {
        assertThatThrownBy(() -> TunerSettings.from(Map.of()))
                .hasMessageContaining("KAITOFLOW_TEMPORAL_ADDRESS is not set");
        Map<String, String> wrong = new TreeMap<>(LEAST);
        wrong.put("KAITOFLOW_HEALTH_PORT", "many");
        assertThatThrownBy(() -> TunerSettings.from(wrong))
                .hasMessage("KAITOFLOW_HEALTH_PORT: \"many\" must be a port number.");
    }
}

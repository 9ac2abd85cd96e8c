package io.kaitoflow.activities.dataset.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {

    @Test
    void nobodyIsAllowedWhoIsNotNamed() {
        assertThat(AllowedHosts.of(Map.of())).isEqualTo(AllowedHosts.none());
        assertThat(AllowedHosts.of(Map.of(AllowedHosts.VARIABLE, " "))).isEqualTo(AllowedHosts.none());
    }

    @Test
    void hostsWithOrWithoutTheirPortAreReadInLowerCase() {
        assertThat(AllowedHosts.of(Map.of(AllowedHosts.VARIABLE, "Nexus.tools.svc, 10.0.0.7:9000,[fd00::1]:80"))
                        .hosts())
                .containsExactlyInAnyOrder("nexus.tools.svc", "10.0.0.7:9000", "[fd00::1]:80");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "*.svc", "http://nexus.svc", "nexus.svc/data", "nexus.svc:http", "fd00::1"})
    void whatIsNoHostIsRefusedInWords(String word) {
        assertThatThrownBy(() -> AllowedHosts.of(Map.of(AllowedHosts.VARIABLE, "nexus.svc," + word)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("KAITOFLOW_ALLOWED_HOSTS: \"" + word
                        + "\" must be a host or host:port, e.g. minio.data.svc:9000, without a scheme, a path or a *.");
    }
}

package io.kaitoflow.activities.rollout.cluster.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ServerKeysTest {

    private final SecretBuilder secret = new SecretBuilder();

    @Test
    void theFirstKeyIsTheFirstLineOfTheFirstValueThatHoldsOne() {
        assertThat(ServerKeys.first(holding("b", "later")
                        .addToData(".hidden", encoded("never"))
                        .addToData("a", encoded("\n  sesame \nother\n"))
                        .build()))
                .contains("sesame");
    }

    @Test
    void whatNoHeaderTakesIsNoKeyToShow() {
        assertThat(ServerKeys.first(holding("a", "open\u0007sesame\nclosed sesame\n\u00e9\nopen")
                        .build()))
                .contains("open");
    }

    @Test
    void aSecretWithoutAnyKeyHasNone() {
        assertThat(ServerKeys.first(new Secret())).isEmpty();
        assertThat(ServerKeys.first(holding("a", " \n").build())).isEmpty();
    }

    private SecretBuilder holding(String name, String value) {
        return secret.addToData(name, encoded(value));
    }

    private static String encoded(String value) {
        return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }
}

package io.kaitoflow.activities.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.workflows.request.SecretReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialSearchTest {

    private static final String NAME_AND_PASSWORD =
            "{\"auths\":{\"ghcr.io\":{\"username\":\"ada\",\"password\":\"pw\",\"email\":\"x\"}},\"credsStore\":\"y\"}";
    /** {@code bob:p:w} in base64. */
    private static final String ENCODED = "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"Ym9iOnA6dw==\"}}}";

    @TempDir
    Path work;

    private static CredentialSearch secrets(Map<String, String> contents) {
        return new CredentialSearch(
                secret -> Optional.ofNullable(contents.get(secret.name()))
                        .map(json -> json.getBytes(StandardCharsets.UTF_8)),
                Optional.empty());
    }

    private static List<SecretReference> named(String... names) {
        return List.of(names).stream().map(SecretReference::new).toList();
    }

    @Test
    void readsNameAndPassword() {
        assertThat(secrets(Map.of("push", NAME_AND_PASSWORD)).find("ghcr.io", named("push")))
                .containsExactly(new Credential("ada", "pw", "the secret push"));
    }

    @Test
    void readsTheEncodedPairOfDockerHubWithColonsInThePassword() {
        assertThat(secrets(Map.of("push", ENCODED)).find("docker.io", named("push")))
                .containsExactly(new Credential("bob", "p:w", "the secret push"));
    }

    @Test
    void findsNothingForAnotherRegistry() {
        assertThat(secrets(Map.of("push", NAME_AND_PASSWORD)).find("quay.io", named("push", "absent")))
                .isEmpty();
    }

    @Test
    void theUsersOwnFileStandsInOnlyWhereNoSecretSpeaksOfTheRegistry() throws IOException {
        Path file = Files.writeString(work.resolve("config.json"), NAME_AND_PASSWORD.replace("ada", "own"));
        Files.writeString(work.resolve("push.json"), NAME_AND_PASSWORD);
        CredentialSearch search = new CredentialSearch(RegistryCredentials.inFolder(work), Optional.of(file));

        assertThat(search.find("ghcr.io", named("push")))
                .extracting(Credential::user)
                .containsExactly("ada");
        assertThat(search.find("ghcr.io", named("absent")))
                .extracting(Credential::user)
                .containsExactly("own");
    }

    @Test
    void aSecretOfAnotherFormIsNamedAndNotQuoted() {
        assertThatThrownBy(() -> secrets(Map.of("push", "password123")).find("ghcr.io", named("push")))
                .isInstanceOf(ImageException.Denied.class)
                .hasMessageContaining("the secret push")
                .hasMessageNotContaining("password123");
    }

    @Test
    void aCredentialDoesNotPrintItsSecret() {
        assertThat(new Credential("ada", "pw123", "the secret push")).hasToString("credentials from the secret push");
    }
}

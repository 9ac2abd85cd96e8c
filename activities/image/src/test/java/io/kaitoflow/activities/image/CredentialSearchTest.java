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
import java.util.stream.Stream;
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
    void anIdentityStandsInForSecretsAndAloneWhereItIsKnown() throws IOException {
        Path file = Files.writeString(work.resolve("config.json"), NAME_AND_PASSWORD.replace("ada", "own"));
        Files.writeString(work.resolve("push.json"), NAME_AND_PASSWORD);
        Credential known = Credential.ofIdentity("t0k3n", "the identity x");
        CredentialSearch search = new CredentialSearch(
                RegistryCredentials.inFolder(work),
                Optional.of(file),
                CredentialSearch.Keychains.none(),
                registry -> Optional.of(known).filter(_ -> registry.equals("ghcr.io")));

        assertThat(search.find("ghcr.io", named("push")))
                .containsExactly(new Credential("ada", "pw", "the secret push"));
        assertThat(search.find("ghcr.io", named())).containsExactly(known);
        assertThat(search.find("quay.io", named())).isEmpty();
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
    void aLoginThatDockerLeftToAHelperIsAskedOfIt() throws IOException {
        String desktop = "{\"auths\":{\"ghcr.io\":{},\"https://index.docker.io/v1/\":{}},\"credsStore\":\"desktop\","
                + "\"credHelpers\":{\"europe-docker.pkg.dev\":\"gcloud\"}}";
        CredentialSearch search = ofUser(
                desktop, (name, server) -> Optional.of(new Credential(name, server, "docker-credential-" + name)));

        assertThat(Stream.of("ghcr.io", "docker.io", "europe-docker.pkg.dev", "quay.io")
                        .flatMap(registry -> search.find(registry, List.of()).stream())
                        .map(found -> found.user() + " " + found.secret()))
                .containsExactly(
                        "desktop ghcr.io",
                        "desktop https://index.docker.io/v1/",
                        "gcloud europe-docker.pkg.dev",
                        "desktop quay.io");
    }

    @Test
    void aHelperThatCannotBeAskedMattersOnlyWhereOneIsLoggedIn() throws IOException {
        ImageException.Denied absent = new ImageException.Denied("not on the PATH");
        CredentialSearch search = ofUser("{\"auths\":{\"ghcr.io\":{}},\"credsStore\":\"desktop\"}", (name, server) -> {
            throw absent;
        });

        assertThatThrownBy(() -> search.find("ghcr.io", List.of())).isSameAs(absent);
        assertThat(search.find("quay.io", List.of())).isEmpty();
    }

    @Test
    void aSecretNamesNoProgramThatRunsHere() {
        CredentialSearch search = new CredentialSearch(
                secret -> Optional.of("{\"credHelpers\":{\"ghcr.io\":\"evil\"},\"credsStore\":\"evil\"}"
                        .getBytes(StandardCharsets.UTF_8)),
                Optional.empty(),
                (name, server) -> {
                    throw new AssertionError("asked " + name);
                });

        assertThat(search.find("ghcr.io", named("push"))).isEmpty();
    }

    @Test
    void anIdentityTokenIsNoPassword() {
        String azure = "{\"auths\":{\"my.azurecr.io\":{\"auth\":\"MDAwMDo=\",\"identitytoken\":\"t0k3n\"}}}";

        assertThat(secrets(Map.of("push", azure)).find("my.azurecr.io", named("push")))
                .extracting(Credential::identityToken)
                .containsExactly(Optional.of("t0k3n"));
    }

    @Test
    void theUsersFileLiesWhereDockerIsToldToKeepIt() {
        assertThat(CredentialSearch.userFile(Map.of("DOCKER_CONFIG", "/mine"))).isEqualTo(Path.of("/mine/config.json"));
        assertThat(CredentialSearch.userFile(Map.of()))
                .isEqualTo(Path.of(System.getProperty("user.home"), ".docker", "config.json"));
    }

    private CredentialSearch ofUser(String json, CredentialSearch.Keychains helpers) throws IOException {
        Path file = Files.writeString(work.resolve("config.json"), json);
        return new CredentialSearch(RegistryCredentials.none(), Optional.of(file), helpers);
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

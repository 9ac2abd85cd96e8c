package io.kaitoflow.worker.cli.local;

import io.kaitoflow.activities.image.CredentialSearch;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the user is logged in to on this machine. It prints as dots, so that no message or log can hold it.
 *
 * @param dockerConfig content of the file that {@code docker login} writes
 * @param hubToken of the model hub
 */
public record UserLogin(Optional<byte[]> dockerConfig, Optional<String> hubToken) {

    private static final byte[] NO_LOGIN = "{\"auths\":{}}".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    /** What {@code docker login} wrote, and {@code HF_TOKEN}. */
    static UserLogin of(Map<String, String> environment) {
        return new UserLogin(
                read(CredentialSearch.userFile(environment)), Optional.ofNullable(environment.get("HF_TOKEN")));
    }

    /** From this user's Docker configuration and environment. */
    public static UserLogin ofThisUser() {
        return of(System.getenv());
    }

    /** As the data of a Secret: base64 by key. */
    Map<String, String> data() {
        Map<String, String> data = new TreeMap<>();
        data.put(LocalApply.DOCKER_CONFIG, base64(dockerConfig.orElse(NO_LOGIN)));
        hubToken.ifPresent(token ->
                data.put(LocalApply.HUB_TOKEN, base64(token.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
        return data;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Optional<byte[]> read(Path file) {
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "The registry login in " + file + " cannot be read: " + e);
        }
    }

    @Override
    public String toString() {
        return "UserLogin[…]";
    }
}

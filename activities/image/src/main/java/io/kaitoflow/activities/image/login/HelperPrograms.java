package io.kaitoflow.activities.image.login;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.kaitoflow.activities.image.Credential;
import io.kaitoflow.activities.image.CredentialSearch;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.Json;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The programs {@code docker-credential-NAME} of the PATH, asked as docker asks them: the server on standard input, the login on
 * standard output. What they print is never quoted, as it may hold the secret.
 */
public final class HelperPrograms implements CredentialSearch.Keychains {

    private static final Pattern NAME = Pattern.compile("\\w[\\w.-]*");
    /** A keychain may ask its user first. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final String NO_LOGIN = "credentials not found in native keychain";

    private final List<Path> folders;

    private HelperPrograms(List<Path> folders) {
        this.folders = folders;
    }

    /** @param path folders as the variable {@code PATH} lists them */
    public static HelperPrograms on(String path) {
        return new HelperPrograms(Arrays.stream(path.split(Pattern.quote(File.pathSeparator), -1))
                .filter(folder -> !folder.isBlank())
                .map(Path::of)
                .toList());
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Login(
            @JsonProperty("Username") @Nullable String user,
            @JsonProperty("Secret") @Nullable String secret) {

        Credential from(String program) {
            if (user == null || secret == null) {
                throw new ImageException.Denied(program + " answered without a Username and a Secret; log in again.");
            }
            return new Credential(user, secret, program);
        }
    }

    @Override
    public Optional<Credential> get(String name, String server) {
        String program = "docker-credential-" + name;
        String doing = "Asking " + program + " for the login at " + server;
        Path file = find(name, program)
                .orElseThrow(
                        () -> new ImageException.Denied(doing + ": it is not on the PATH, where docker's config.json"
                                + " leaves that login to it; install it, or log in again without it."));
        try {
            return ask(doing, file, server).map(login -> login.from(program));
        } catch (Json.Malformed other) {
            throw new ImageException.Denied(doing + ": its answer is " + other.getMessage() + ".");
        } catch (IOException cause) {
            throw new ImageException.Denied(doing + " failed: " + cause.getMessage() + ".");
        }
    }

    private Optional<Path> find(String name, String program) {
        return NAME.matcher(name).matches()
                ? folders.stream()
                        .map(folder -> folder.resolve(program))
                        .filter(Files::isExecutable)
                        .findFirst()
                : Optional.empty();
    }

    private static Optional<Login> ask(String doing, Path program, String server) throws IOException {
        Process process = new ProcessBuilder(program.toString(), "get")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            say(process, server);
            await(doing, process);
            byte[] answer = process.getInputStream().readAllBytes();
            if (process.exitValue() == 0) {
                return Optional.of(Json.read(answer, Login.class));
            }
            if (new String(answer, StandardCharsets.UTF_8).strip().equals(NO_LOGIN)) {
                return Optional.empty();
            }
            throw new ImageException.Denied(doing + ": it ended with status " + process.exitValue()
                    + "; log in again, or try it by hand: echo " + server + " | " + program.getFileName() + " get");
        } finally {
            process.destroyForcibly();
        }
    }

    private static void say(Process process, String server) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(server.getBytes(StandardCharsets.UTF_8));
        } catch (IOException gone) {
            // It ended without reading; its status says why.
        }
    }

    private static void await(String doing, Process process) {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new ImageException.Denied(doing + ": it did not answer within " + PATIENCE.toSeconds() + " s.");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ImageException.Unavailable(doing + " was interrupted.", stopped);
        }
    }
}

package io.kaitoflow.bridge.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;

/**
 * A folder with a manifest that is refused, one that is not, and what is said about the first. In a folder named edit-… the
 * first is applied over the second.
 *
 * <p>Run with {@code -Dgolden.rewrite=true} to write the words anew.
 */
record RefusalCase(Path folder) {

    private static final Path FOLDERS = Path.of("src", "test", "resources", "io", "kaitoflow", "bridge", "refusals");
    private static final List<String> FILES =
            List.of("invalid-workspace.yaml", "valid-workspace.yaml", "out-check.txt", "out-kubectl.txt");

    static List<RefusalCase> all() {
        try (Stream<Path> folders = Files.list(FOLDERS)) {
            return folders.sorted().map(RefusalCase::new).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A test for each folder, named after it. */
    static Stream<DynamicTest> tests(ThrowingConsumer<RefusalCase> test) {
        return DynamicTest.stream(all().stream(), RefusalCase::name, test);
    }

    String name() {
        return folder.getFileName().toString();
    }

    boolean edit() {
        return name().startsWith("edit-");
    }

    Path invalid() {
        return folder.resolve("invalid-workspace.yaml");
    }

    Path valid() {
        return folder.resolve("valid-workspace.yaml");
    }

    /** Why there is such a rule: the comment on top of the refused manifest. */
    String reason() {
        return read("invalid-workspace.yaml")
                .lines()
                .takeWhile(line -> line.startsWith("#"))
                .map(line -> line.substring(1).strip())
                .collect(Collectors.joining(" "));
    }

    String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compares with the file, or writes it where that was asked for. */
    void assertSaid(String file, String said) throws IOException {
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(folder.resolve(file), said);
        }
        assertThat(said).isEqualTo(read(file));
    }

    void assertNothingIsUnused() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(FILES);
        }
    }
}

package io.kaitoflow.testcluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The programs that {@code helm/e2e/tools/build} made.
 *
 * @param folder holds etcd, kube-apiserver and kubectl
 */
record Tools(Path folder) {

    private static final List<String> NEEDED = List.of("etcd", "kube-apiserver", "kubectl");

    /** @throws IllegalStateException when they are not there; the message says how to get them */
    static Tools find() {
        Path home = home();
        return newest(home)
                .map(Tools::new)
                .orElseThrow(() -> new IllegalStateException("There is no kube-apiserver in " + home
                        + ". Build it with helm/e2e/tools/build, which takes 5 to 20 minutes once."));
    }

    Path program(String name) {
        return folder.resolve(name);
    }

    private static Path home() {
        String named = System.getenv("KAITOFLOW_TOOLS");
        String cache = Objects.requireNonNullElse(
                System.getenv("XDG_CACHE_HOME"),
                Path.of(System.getProperty("user.home"), ".cache").toString());
        return named == null ? Path.of(cache, "kaitoflow", "tools") : Path.of(named);
    }

    private static Optional<Path> newest(Path home) {
        if (!Files.isDirectory(home)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(home)) {
            return versions.filter(Tools::complete).max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new IllegalStateException("Tried to look into " + home + ": " + e, e);
        }
    }

    private static boolean complete(Path folder) {
        return NEEDED.stream().map(folder::resolve).allMatch(Files::isExecutable);
    }
}

package io.kaitoflow.testcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;

/** What of Karpenter tests need: its definitions, as its own releases ship them, and itself. */
public final class Karpenter {

    private static final String BUILD =
            "Build it with helm/e2e/tools/build --karpenter, which takes 5 to 20 minutes once.";

    private Karpenter() {}

    /**
     * The definition of NodeClaims.
     *
     * @throws IllegalStateException when it is not there; the message says how to get it
     */
    public static Path nodeClaims() {
        return part("karpenter-", "karpenter.sh_nodeclaims.yaml", "Fetch it with helm/e2e/tools/build, a few seconds.");
    }

    /** All that Karpenter and its provider for tests define. */
    static Path definitions() {
        return directory(
                part("karpenter-", "karpenter.kwok.sh_kwoknodeclasses.yaml", "Fetch it with helm/e2e/tools/build."));
    }

    /** Karpenter with its provider for tests. */
    static Path program() {
        return part("karpenter-", "karpenter-kwok", BUILD);
    }

    /** What says of that provider's nodes that they are ready. */
    static Path kwok() {
        return part("kwok-", "kwok", BUILD);
    }

    private static Path directory(Path file) {
        return Objects.requireNonNull(file.getParent());
    }

    private static Path part(String folders, String name, String cure) {
        Path home = Tools.find().folder();
        try (Stream<Path> versions = Files.list(home)) {
            return versions.filter(version -> version.getFileName().toString().startsWith(folders))
                    .map(version -> version.resolve(name))
                    .filter(Files::exists)
                    .max(Comparator.naturalOrder())
                    .orElseThrow(() -> new IllegalStateException(
                            "There is no " + folders + "*/" + name + " in " + home + ". " + cure));
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to look into " + home, e);
        }
    }
}

package io.kaitoflow.testcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** What of Karpenter tests need: its definitions, as its own releases ship them. */
public final class Karpenter {

    private Karpenter() {}

    /**
     * The definition of NodeClaims.
     *
     * @throws IllegalStateException when it is not there; the message says how to get it
     */
    public static Path nodeClaims() {
        Path folder = Tools.find().folder();
        try (Stream<Path> versions = Files.list(folder)) {
            return versions.map(version -> version.resolve("karpenter.sh_nodeclaims.yaml"))
                    .filter(Files::exists)
                    .max(Comparator.naturalOrder())
                    .orElseThrow(() -> new IllegalStateException("There is no definition of NodeClaims in " + folder
                            + ". Fetch it with helm/e2e/tools/build, which takes a few seconds."));
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to look into " + folder, e);
        }
    }
}

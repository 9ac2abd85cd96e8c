package io.kaitoflow.activities.image;

import io.kaitoflow.workflows.tuning.AdapterArtifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Adapters that differ by seed. */
public final class AdapterFixture {

    private AdapterFixture() {}

    public static AdapterArtifact write(Path folder, long seed) throws IOException {
        Files.createDirectories(folder);
        byte[] weights = new byte[300_000];
        new Random(seed).nextBytes(weights);
        Files.writeString(folder.resolve(AdapterFiles.CONFIG), "{\"r\":8}");
        Path file = Files.write(folder.resolve(AdapterFiles.WEIGHTS), weights);
        Files.writeString(folder.resolve("training.log"), "not part of the adapter");
        return new AdapterArtifact(folder.toString(), Sha256.of(file), 72, 0.04, 17_000, 0);
    }

    public static AdapterImage image(Path work, long seed) throws IOException {
        AdapterArtifact adapter = write(work.resolve("adapter-" + seed), seed);
        return AdapterImage.build(Path.of(adapter.path()), "smollm2-135m-instruct", work.resolve("layer-" + seed));
    }
}

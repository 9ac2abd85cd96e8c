package io.kaitoflow.activities.image.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.image.AdapterFixture;
import io.kaitoflow.activities.image.AdapterImage;
import io.kaitoflow.activities.image.ImageStore;
import io.kaitoflow.activities.image.ImageStoreContract;
import io.kaitoflow.presets.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistryImagesTest extends ImageStoreContract {

    private DebianRegistry registry;
    private Path data;

    @BeforeAll
    void startRegistry(@TempDir Path folder) throws IOException {
        registry = DebianRegistry.open(folder);
        data = folder.resolve("data");
    }

    @AfterAll
    void stopRegistry() {
        if (registry != null) {
            registry.close();
        }
    }

    @Override
    protected ImageStore store() {
        return registry.images(List.of());
    }

    @Override
    protected ImageReference image(String repository) {
        return registry.image(repository);
    }

    @Test
    void aBlobThatIsThereIsNotSentAgain() throws IOException {
        ImageReference name = image("adapters/cheap");
        AdapterImage image = AdapterFixture.image(work, 20);
        try (ImageStore store = store()) {
            store.push(name, image);
            Files.delete(image.layer().file());

            store.push(name.withTag("again"), image);

            assertThat(store.manifest(name.withTag("again")))
                    .isEqualTo(image.manifest().content());
        }
    }

    @Test
    void aTriedPushLeavesNoUploadBehind() throws IOException {
        try (ImageStore store = store()) {
            store.checkPush(image("adapters/upload"));
        }

        try (Stream<Path> files = Files.walk(data)) {
            // An upload that goes on has a file that says when it began.
            assertThat(files.filter(file -> file.endsWith("startedat"))).isEmpty();
        }
    }
}

package io.kaitoflow.activities.image.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.image.AdapterFixture;
import io.kaitoflow.activities.image.AdapterImage;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.ImageStore;
import io.kaitoflow.activities.image.ImageStoreContract;
import io.kaitoflow.presets.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LayoutImagesTest extends ImageStoreContract {

    @Override
    protected ImageStore store() {
        return new LayoutImages(folder());
    }

    @Override
    protected ImageReference image(String repository) {
        return ImageReference.parse("registry.example.com/" + repository + ":0.0.1");
    }

    private Path folder() {
        return work.resolve("images");
    }

    @Test
    void manyWritersLoseNoTag() throws Exception {
        AdapterImage image = AdapterFixture.image(work, 1);
        List<ImageReference> names = IntStream.range(0, 20)
                .mapToObj(i -> image("adapters/many").withTag("v" + i))
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> pushes = names.stream()
                    .<Callable<Boolean>>map(name -> () -> {
                        new LayoutImages(folder()).push(name, image);
                        return true;
                    })
                    .toList();
            for (Future<Boolean> push : threads.invokeAll(pushes)) {
                assertThat(push.get()).isTrue();
            }
        }

        LayoutImages images = new LayoutImages(folder());
        assertThat(names).allMatch(images::contains);
    }

    @Test
    void aDamagedBlobIsReplacedByTheNextPush() throws IOException {
        AdapterImage image = AdapterFixture.image(work, 1);
        LayoutImages images = new LayoutImages(folder());
        images.push(image("adapters/damaged"), image);
        Path blob = folder().resolve("blobs/sha256")
                .resolve(image.layer().descriptor().digest().hex());
        Files.writeString(blob, "damaged");

        images.push(image("adapters/damaged"), image);

        assertThat(blob).hasSameBinaryContentAs(image.layer().file());
    }

    @Test
    void isALayoutByTheSpecification() throws IOException {
        new LayoutImages(folder()).push(image("adapters/form"), AdapterFixture.image(work, 1));

        assertThat(folder().resolve("oci-layout")).hasContent("{\"imageLayoutVersion\":\"1.0.0\"}");
        assertThat(folder().resolve("index.json"))
                .content()
                .contains("\"org.opencontainers.image.ref.name\":\"registry.example.com/adapters/form:0.0.1\"");
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(work.resolve("file"), "in the way");
        LayoutImages images = new LayoutImages(file.resolve("images"));

        assertThatThrownBy(() -> images.checkPush(image("adapters/x")))
                .isInstanceOf(ImageException.Broken.class)
                .hasMessageContaining(file.toString());
    }
}

package io.kaitoflow.activities.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.image.AdapterFixture;
import io.kaitoflow.activities.image.AdapterImage;
import io.kaitoflow.activities.image.Credential;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.presets.ImageReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A real registry with users. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistryAccessTest {

    private static final Credential RIGHT = new Credential("kaito", "secret", "the secret push-secret");
    private static final Credential WRONG = new Credential("kaito", "hunter2", "the secret old-secret");

    @TempDir
    Path work;

    private DebianRegistry registry;

    @BeforeAll
    void startRegistry(@TempDir Path folder) throws IOException {
        registry = DebianRegistry.withUsers(folder);
    }

    @AfterAll
    void stopRegistry() {
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    void theRightCredentialsPush() throws IOException {
        ImageReference name = registry.image("adapters/right");
        AdapterImage image = AdapterFixture.image(work, 1);
        try (RegistryImages images = registry.images(List.of(RIGHT))) {
            images.push(name, image);

            assertThat(images.manifest(name)).isEqualTo(image.manifest().content());
        }
    }

    @Test
    void credentialsAreTriedInOrder() throws IOException {
        ImageReference name = registry.image("adapters/order");
        AdapterImage image = AdapterFixture.image(work, 2);
        try (RegistryImages images = registry.images(List.of(WRONG, RIGHT))) {
            images.push(name, image);

            assertThat(images.manifest(name)).isEqualTo(image.manifest().content());
        }
    }

    @Test
    void wrongCredentialsAreNamedByTheirOriginAndNeverPrinted() {
        try (RegistryImages images = registry.images(List.of(WRONG))) {
            assertThatThrownBy(() -> images.checkPush(registry.image("adapters/wrong")))
                    .isInstanceOf(ImageException.Denied.class)
                    .hasMessageContaining("401")
                    .hasMessageContaining("the secret old-secret")
                    .hasMessageNotContaining("hunter2");
        }
    }

    @Test
    void noCredentialsAreSaidSo() {
        try (RegistryImages images = registry.images(List.of())) {
            assertThatThrownBy(() -> images.checkPush(registry.image("adapters/none")))
                    .isInstanceOf(ImageException.Denied.class)
                    .hasMessageContaining("without credentials");
        }
    }

    @Test
    void aRegistryThatWantsCredentialsHasAnsweredTheGreeting() {
        try (RegistryImages images = registry.images(List.of())) {
            images.greet();
        }
    }
}

package io.kaitoflow.presets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ImageReferenceTest {

    @Test
    void readsHostPortRepositoryAndTag() {
        ImageReference reference = ImageReference.parse("registry.local:5000/a/b-c:0.0.1");

        assertThat(reference.registry()).isEqualTo("registry.local:5000");
        assertThat(reference.repository()).isEqualTo("a/b-c");
        assertThat(reference.tag()).isEqualTo("0.0.1");
    }

    @Test
    void refusesUpperCaseRepositories() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageReference.parse("ACR_REPO_HERE.azurecr.io/IMAGE_NAME_HERE:0.0.1"))
                .withMessageContaining("lower case");
    }
}

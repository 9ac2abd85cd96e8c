package io.kaitoflow.worker.tuner;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.VolumeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectsTest {

    @TempDir
    private Path folder;

    private LocalObjects objects;

    @BeforeEach
    void objects() {
        objects = new LocalHome(folder).objects("uid");
    }

    @Test
    void aClaimIsMadeWhenItIsFirstAskedFor() {
        Path claim = objects.volume(new VolumeReference.Claim("results"));

        assertThat(claim).isEmptyDirectory().startsWith(folder);
    }

    @Test
    void aHostPathIsItself() {
        assertThat(objects.volume(new VolumeReference.HostPath("/data/rows"))).isEqualTo(Path.of("/data/rows"));
    }

    @Test
    void aConfigMapIsTheFolderOfItsKeys() {
        assertThat(objects.volume(new VolumeReference.ConfigMap("rows"))).isEqualTo(objects.configMap("rows"));
    }

    @Test
    void aSecretsKeyIsReadWhenItIsThere() throws IOException {
        Files.createDirectories(objects.secret("push"));
        Files.writeString(objects.secret("push").resolve("HF_TOKEN"), "sesame");
        SecretReference push = new SecretReference("push");

        assertThat(objects.secretKey(push, "HF_TOKEN"))
                .hasValueSatisfying(key -> assertThat(key).asString().isEqualTo("sesame"));
        assertThat(objects.secretKey(push, "other")).isEmpty();
        assertThat(objects.secretKey(new SecretReference("none"), "HF_TOKEN")).isEmpty();
    }

    @Test
    void workspacesOfOneHomeHaveObjectsOfTheirOwn() {
        LocalHome home = new LocalHome(folder);

        assertThat(home.objects("a").configMap("rows"))
                .isNotEqualTo(home.objects("b").configMap("rows"));
    }
}

package io.kaitoflow.bridge.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.bridge.refusal.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestReaderTest {

    private static final String WORKSPACE = """
            apiVersion: kaito.sh/v1beta1
            kind: Workspace
            metadata:
              name: w
            """;

    private final ManifestReader reader = new ManifestReader();

    @Test
    void aMissingFileIsNamed(@TempDir Path folder) {
        Path file = folder.resolve("nowhere.yaml");

        assertThatThrownBy(() -> reader.read(file))
                .isInstanceOf(ManifestException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("there is no such file");
    }

    @Test
    void aBinaryFileIsNotReadAsText(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("x.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

        assertThatThrownBy(() -> reader.read(file)).hasMessageContaining("not UTF-8");
    }

    @Test
    void anEmptyFileIsSaidToBeEmpty() {
        assertThatThrownBy(() -> reader.read("---\n# nothing\n", "x.yaml")).hasMessageStartingWith("x.yaml is empty");
    }

    @Test
    void brokenYamlIsNamedWithItsLine() {
        assertThatThrownBy(() -> reader.read("kind: Workspace\nmetadata: {name: w\n", "x.yaml"))
                .isInstanceOf(ManifestException.class)
                .hasMessageContaining("line 3");
    }

    @Test
    void aKeyGivenTwiceIsBroken() {
        assertThatThrownBy(() -> reader.read("kind: Workspace\nkind: Workspace\n", "x.yaml"))
                .hasMessageContaining("duplicate key");
    }

    @Test
    void aWrongTypeIsNamedWithItsField() {
        String text = WORKSPACE + "resource:\n  count: two\n";

        assertThatThrownBy(() -> reader.read(text, "x.yaml")).hasMessageContaining("resource.count of Workspace");
    }

    @Test
    void aTruthValueInAnAnnotationNeedsQuotes() {
        String text = WORKSPACE + "  annotations:\n    kaito.sh/spot: true\n";

        assertThatThrownBy(() -> reader.read(text, "x.yaml"))
                .hasMessageContaining("metadata.annotations.kaito.sh/spot")
                .hasMessageContaining("needs quotes");
    }

    @Test
    void allUnknownFieldsAreNamedAtOnce() {
        String text = WORKSPACE + """
                  labels: {a: b}
                  nmae: x
                resource:
                  labelSelector:
                    matchLabel: {a: b}
                tuning:
                  input:
                    volumeSource:
                      configMap: {nam: x}
                spec: {}
                """;

        Manifest manifest = reader.read(text, "x.yaml");

        assertThat(manifest.refusals())
                .extracting(Refusal::path)
                .containsExactlyInAnyOrder(
                        "metadata.nmae",
                        "resource.labelSelector.matchLabel",
                        "tuning.input.volumeSource.configMap.nam",
                        "spec");
    }

    @Test
    void aPodTemplateIsNotJudged() {
        String text = WORKSPACE + "inference:\n  template:\n    spec:\n      anything: {goes: true}\n";

        assertThat(reader.read(text, "x.yaml").refusals()).isEmpty();
    }

    @Test
    void exactlyOneWorkspaceIsRead() {
        assertThatThrownBy(() -> reader.read(WORKSPACE + "---\n" + WORKSPACE, "x.yaml"))
                .hasMessageContaining("holds 2 Workspaces");
    }

    @Test
    void otherKindsAreLeftOutAndSaid() {
        Manifest manifest = reader.read("apiVersion: v1\nkind: Namespace\n---\n" + WORKSPACE, "x.yaml");

        assertThat(manifest.notes()).singleElement().asString().contains("Namespace is left out");
    }

    @Test
    void configMapsAndSecretsAreFoundByName() {
        String text = WORKSPACE + """
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: c}
                data: {day: 2026-01-01x}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: s}
                """;

        Manifest manifest = reader.read(text, "x.yaml");

        assertThat(manifest.references().configMap("c")).isPresent();
        assertThat(manifest.references().secret("s")).isPresent();
        assertThat(manifest.references().secret("c")).isEmpty();
    }

    @Test
    void anotherVersionIsRefused() {
        Manifest manifest = reader.read(WORKSPACE.replace("v1beta1", "v1"), "x.yaml");

        assertThat(manifest.refusals()).extracting(Refusal::path).containsExactly("apiVersion");
    }

    @Test
    void anchorsWorkAsInKubectl() {
        String text = WORKSPACE + "  labels: &l {a: b}\n  annotations: *l\n";

        assertThat(reader.read(text, "x.yaml").workspace().getMetadata().getAnnotations())
                .containsEntry("a", "b");
    }
}

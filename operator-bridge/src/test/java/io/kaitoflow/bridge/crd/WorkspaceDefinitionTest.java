package io.kaitoflow.bridge.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WorkspaceDefinitionTest {

    private static final Path COPY = Path.of("..", "helm", "crds", "workspaces.kaito.sh.yaml");

    private static String yaml = "";
    private static List<CustomResourceDefinitionVersion> versions = List.of();

    @BeforeAll
    static void generate() throws IOException {
        yaml = WorkspaceDefinition.yaml();
        versions = Serialization.unmarshal(yaml, CustomResourceDefinition.class)
                .getSpec()
                .getVersions();
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.createDirectories(COPY.getParent());
            Files.writeString(COPY, yaml);
        }
    }

    @Test
    void theChartCarriesWhatTheClassesSay() throws IOException {
        assertThat(Files.readString(COPY)).isEqualTo(yaml);
    }

    @Test
    void bothVersionsAreServedAndTheNewerIsStored() {
        assertThat(versions)
                .extracting(version -> version.getName() + " " + version.getServed() + " " + version.getStorage())
                .containsExactly("v1beta1 true true", "v1alpha1 true false");
    }

    @Test
    void theVersionsDifferInOneDefaultAlone() {
        List<String> newer = lines(versions.getFirst());
        List<String> older = lines(versions.getLast());

        assertThat(older).contains("default: \"Standard_NC24ads_A100_v4\"");
        older.remove("default: \"Standard_NC24ads_A100_v4\"");
        assertThat(older).isEqualTo(newer);
    }

    private static List<String> lines(CustomResourceDefinitionVersion version) {
        return Serialization.asYaml(Schema.root(version))
                .lines()
                .map(String::strip)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @Test
    void thereIsNoSpec() {
        assertThat(Schema.root(versions.getFirst()).getProperties().keySet())
                .containsExactlyInAnyOrder("metadata", "resource", "inference", "tuning", "status");
    }

    @Test
    void everyFieldIsExplained() {
        List<String> silent = new ArrayList<>();
        Map<String, JSONSchemaProps> properties =
                Schema.root(versions.getFirst()).getProperties();
        properties.forEach((name, schema) -> {
            if (!name.equals("metadata")) {
                collectSilent(name, schema, silent);
            }
        });

        assertThat(silent).isEmpty();
    }

    private static void collectSilent(String path, JSONSchemaProps schema, List<String> silent) {
        if (Objects.requireNonNullElse(schema.getDescription(), "").isBlank()) {
            silent.add(path);
        }
        JSONSchemaProps inner =
                schema.getItems() == null ? schema : schema.getItems().getSchema();
        Objects.requireNonNullElse(inner.getProperties(), Map.<String, JSONSchemaProps>of())
                .forEach((name, field) -> collectSilent(path + "." + name, field, silent));
    }
}

package io.kaitoflow.bridge.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.kaitoflow.bridge.api.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Finishes the schema of the one version that the generator made. */
record Schema(CustomResourceDefinition definition) {

    void finish() {
        JSONSchemaProps root = root(definition.getSpec().getVersions().getFirst());
        root.setDescription(Objects.requireNonNull(Workspace.class.getAnnotation(JsonClassDescription.class))
                .value());
        root.getProperties().put("metadata", metadata());
        eachOnce(root);
        JSONSchemaProps conditions = field(root, "status", "conditions");
        conditions.setXKubernetesListType("map");
        conditions.setXKubernetesListMapKeys(List.of("type"));
    }

    static JSONSchemaProps root(CustomResourceDefinitionVersion version) {
        return version.getSchema().getOpenAPIV3Schema();
    }

    /** The schema of the field at that path, which must be there. */
    static JSONSchemaProps field(JSONSchemaProps root, String... path) {
        JSONSchemaProps found = root;
        for (String name : path) {
            found = Objects.requireNonNull(found.getProperties().get(name), name);
        }
        return found;
    }

    /** A rule can point at the name only where the schema shows it. */
    private static JSONSchemaProps metadata() {
        JSONSchemaProps name = new JSONSchemaPropsBuilder().withType("string").build();
        return new JSONSchemaPropsBuilder()
                .withType("object")
                .withProperties(Map.of("name", name))
                .build();
    }

    /** A rule on a record's component reaches the generator twice, by its field and by its accessor. */
    private static void eachOnce(JSONSchemaProps schema) {
        if (schema.getXKubernetesValidations() != null) {
            schema.setXKubernetesValidations(
                    schema.getXKubernetesValidations().stream().distinct().toList());
        }
        Objects.requireNonNullElse(schema.getProperties(), Map.<String, JSONSchemaProps>of())
                .values()
                .forEach(Schema::eachOnce);
        if (schema.getItems() != null) {
            eachOnce(schema.getItems().getSchema());
        }
    }
}

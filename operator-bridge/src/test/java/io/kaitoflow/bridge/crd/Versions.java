package io.kaitoflow.bridge.crd;

import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceConversionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kaitoflow.bridge.api.ResourceSpec;
import java.util.List;

/**
 * Makes two served versions of one: the same schema but for one default, the same columns in the same order. The generator would
 * sort columns by path.
 */
record Versions(CustomResourceDefinition definition) {

    private static final List<CustomResourceColumnDefinition> COLUMNS = List.of(
            narrow("Instance", ".resource.instanceType"),
            narrow("ResourceReady", condition("ResourceReady")),
            narrow("InferenceReady", condition("InferenceReady")),
            narrow("WorkspaceReady", condition("WorkspaceReady")),
            column("Age", "date", ".metadata.creationTimestamp", 0),
            wide("Phase", "string", ".status.phase"),
            wide("Progress", "string", ".status.progress.text"),
            wide("Loss", "number", ".status.progress.loss"),
            wide("ETA", "string", ".status.progress.eta"),
            wide("Cost", "string", ".status.cost.text"),
            wide("State", "string", ".status.state"),
            wide("JobStarted", "string", condition("JobStarted")),
            wide("WorkspaceSucceeded", "string", condition("WorkspaceSucceeded")),
            wide("Nodes", "string", ".status.workerNodes"));

    void serveBoth() {
        CustomResourceDefinitionVersion newer =
                definition.getSpec().getVersions().getFirst();
        newer.setAdditionalPrinterColumns(COLUMNS);
        // A builder would share the schema between the two.
        CustomResourceDefinitionVersion older = Serialization.clone(newer);
        older.setName("v1alpha1");
        older.setStorage(false);
        Schema.field(Schema.root(older), "resource", "instanceType")
                .setDefault(TextNode.valueOf(ResourceSpec.V1ALPHA1_INSTANCE_TYPE));
        definition.getSpec().setVersions(List.of(newer, older));
        definition
                .getSpec()
                .setConversion(new CustomResourceConversionBuilder()
                        .withStrategy("None")
                        .build());
    }

    private static String condition(String type) {
        return ".status.conditions[?(@.type==\"" + type + "\")].status";
    }

    private static CustomResourceColumnDefinition narrow(String name, String path) {
        return column(name, "string", path, 0);
    }

    private static CustomResourceColumnDefinition wide(String name, String type, String path) {
        return column(name, type, path, 1);
    }

    private static CustomResourceColumnDefinition column(String name, String type, String path, int priority) {
        return new CustomResourceColumnDefinitionBuilder()
                .withName(name)
                .withType(type)
                .withJsonPath(path)
                .withPriority(priority)
                .build();
    }
}

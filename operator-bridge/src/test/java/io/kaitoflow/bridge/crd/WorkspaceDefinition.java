package io.kaitoflow.bridge.crd;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.kaitoflow.bridge.api.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Generates the custom resource definition as the YAML that the chart carries. */
final class WorkspaceDefinition {

    private static final String HEADER = """
            # Generated from the classes of operator-bridge; a test holds it equal. To write it anew:
            #   mvn -pl operator-bridge -am verify -Dtest=WorkspaceDefinitionTest -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.rewrite=true
            """;

    private WorkspaceDefinition() {}

    static String yaml() {
        Text text = new Text();
        new CRDGenerator()
                .customResourceClasses(Workspace.class)
                .withMinQuotes(true)
                .withPostProcessor(new Finish())
                .withOutput(text)
                .detailedGenerate();
        // The generator's own first line says that it was generated, but not how.
        return HEADER + text.toString().lines().skip(1).reduce("", (all, line) -> all + line + "\n");
    }

    /** What the generator cannot say by annotations. */
    private static final class Finish implements CRDPostProcessor {

        @Override
        public HasMetadata process(HasMetadata resource, String crdSpecVersion) {
            CustomResourceDefinition definition = (CustomResourceDefinition) resource;
            new Schema(definition).finish();
            new Versions(definition).serveBoth();
            return definition;
        }
    }

    /** Keeps in memory what the generator would write to a folder. */
    private static final class Text implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public ByteArrayOutputStream outputFor(String name) {
            return bytes;
        }

        @Override
        public void close() throws IOException {
            bytes.close();
        }

        @Override
        public String toString() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}

package io.kaitoflow.bridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.WithApiServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How our finalizer goes off an object that others write to, on a real API server. */
@ExtendWith(WithApiServer.class)
class FinalizerIT {

    private static final Path DEFINITION = Path.of("..", "helm", "crds", "workspaces.kaito.sh.yaml");
    private static final String ANOTHER = "example.com/another";

    private final KubernetesClient client;
    private final String namespace;

    FinalizerIT(ApiServer server) {
        server.define(DEFINITION, "workspaces.kaito.sh");
        client = ClusterClient.prepared(new KubernetesClientBuilder().withConfig(server.clientConfig()))
                .build();
        namespace = server.newNamespace();
    }

    @BeforeEach
    void create() {
        client.resource(marked(Finalizer.NAME, ANOTHER)).create();
    }

    @AfterEach
    void close() {
        read().ifPresent(left -> write(left, List.of()));
        client.close();
    }

    private Workspace marked(String... finalizers) {
        Workspace workspace = Samples.unsaved("a");
        workspace.getMetadata().setNamespace(namespace);
        workspace.getMetadata().setFinalizers(List.of(finalizers));
        return workspace;
    }

    private Optional<Workspace> read() {
        return Optional.ofNullable(client.resources(Workspace.class)
                .inNamespace(namespace)
                .withName("a")
                .get());
    }

    private void write(Workspace workspace, List<String> finalizers) {
        client.resource(workspace).edit(now -> {
            now.getMetadata().setFinalizers(finalizers);
            return now;
        });
    }

    private Workspace deletedThenWritten() {
        client.resource(read().orElseThrow()).delete();
        Workspace seen = read().orElseThrow();
        client.resource(seen).edit(now -> {
            now.getMetadata().setLabels(Map.of("written", "since"));
            return now;
        });
        return seen;
    }

    /** As it was seen before others wrote to it and took their mark off. */
    private Workspace deletedThenLeftByOthers() {
        Workspace seen = deletedThenWritten();
        write(read().orElseThrow(), List.of(Finalizer.NAME));
        return seen;
    }

    @Test
    void itGoesOffAnObjectThatWasWrittenMeanwhileAndOtherMarksStay() {
        new Finalizer(client).takeOff(deletedThenWritten());

        assertThat(read().orElseThrow().getMetadata().getFinalizers()).containsExactly(ANOTHER);
    }

    @Test
    void itGoesOffWhereOtherMarksWentMeanwhile() {
        Workspace seen = deletedThenLeftByOthers();

        new Finalizer(client).takeOff(seen);

        assertThat(read()).isEmpty();
    }

    @Test
    void withTheLastMarkTheObjectGoesAndToTakeItOffAgainIsNothing() {
        Workspace seen = deletedThenLeftByOthers();

        new Finalizer(client).takeOff(seen);
        assertThat(read()).isEmpty();
        new Finalizer(client).takeOff(seen);

        client.resource(marked(Finalizer.NAME)).create();
        new Finalizer(client).takeOff(seen);
        assertThat(read().orElseThrow().getMetadata().getFinalizers())
                .as("of a namesake")
                .containsExactly(Finalizer.NAME);
    }

    @Test
    void withOursGoesThatOfAKaitoThatIsGone() {
        client.resource(read().orElseThrow()).edit(now -> {
            now.getMetadata().setFinalizers(List.of(Finalizer.NAME, Finalizer.KAITO));
            return now;
        });
        client.resource(read().orElseThrow()).delete();

        new Finalizer(client).takeOff(read().orElseThrow());

        assertThat(read()).isEmpty();
    }
}

package io.kaitoflow.bridge.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.kaitoflow.bridge.api.Workspace;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Our mark on an object that must not go yet, and the one of a KAITO that was there before us. The last status is written at the moment when it may, so what is patched here depends on
 * the marks alone; the operator framework's own way depends on the whole object, and after a conflict goes on from what it read before.
 */
record Finalizer(KubernetesClient client) {

    static final String NAME = "kaito.sh/workspace";

    /** Nobody is left who would take it off. */
    static final String KAITO = "workspace.finalizer.kaito.sh";

    private static final int TRIES = 10;
    private static final int UNPROCESSABLE = 422;

    /** One operation of a JSON Patch, RFC 6902. */
    private record Operation(String op, String path, Object value) {}

    /** Takes both off, whatever else is written to the object meanwhile; off one that is gone they are already. */
    void takeOff(Workspace workspace) {
        takeOff(workspace, Set.of(NAME, KAITO));
    }

    /** Takes KAITO's off where there is one: the object is ours from now on. */
    void takeOver(Workspace workspace) {
        if (isMarked(workspace, Set.of(KAITO))) {
            takeOff(workspace, Set.of(KAITO));
        }
    }

    private void takeOff(Workspace workspace, Set<String> marks) {
        Optional<Workspace> marked = Optional.of(workspace);
        for (int tries = 1; marked.isPresent(); tries++) {
            try {
                patch(marked.get(), marks);
                return;
            } catch (KubernetesClientException refused) {
                if (!isOutdated(refused) || tries == TRIES) {
                    throw refused;
                }
                marked = stillMarked(workspace, marks);
            }
        }
    }

    private static boolean isMarked(Workspace workspace, Set<String> marks) {
        return workspace.getMetadata().getFinalizers().stream().anyMatch(marks::contains);
    }

    /** Other marks came or went, the object is gone, or it is a namesake. */
    private static boolean isOutdated(KubernetesClientException refused) {
        return refused.getCode() == UNPROCESSABLE || refused.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
    }

    private void patch(Workspace marked, Set<String> marks) {
        String path = "/metadata/finalizers";
        List<String> all = marked.getMetadata().getFinalizers();
        List<String> others = all.stream().filter(mark -> !marks.contains(mark)).toList();
        List<Operation> operations = List.of(
                new Operation("test", "/metadata/uid", marked.getMetadata().getUid()),
                new Operation("test", path, all),
                new Operation("replace", path, others));
        resource(marked)
                .patch(
                        PatchContext.of(PatchType.JSON),
                        client.getKubernetesSerialization().asJson(operations));
    }

    private Optional<Workspace> stillMarked(Workspace workspace, Set<String> marks) {
        String uid = workspace.getMetadata().getUid();
        return Optional.ofNullable(resource(workspace).get())
                .filter(now -> uid.equals(now.getMetadata().getUid()))
                .filter(now -> isMarked(now, marks));
    }

    private Resource<Workspace> resource(Workspace workspace) {
        return client.resources(Workspace.class)
                .inNamespace(workspace.getMetadata().getNamespace())
                .withName(workspace.getMetadata().getName());
    }
}

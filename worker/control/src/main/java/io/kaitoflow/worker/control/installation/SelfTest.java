package io.kaitoflow.worker.control.installation;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.reconcile.ClusterClient;
import java.io.PrintStream;
import java.util.List;

/** Asks an installation what a user would ask, by server-side dry runs, so that nothing is created. */
public final class SelfTest {

    private static final String NAME = "kaitoflow-self-test";

    private static final String RIGHT = """
            apiVersion: kaito.sh/v1beta1
            kind: Workspace
            metadata: {name: %s}
            resource: {labelSelector: {matchLabels: {apps: self-test}}}
            inference: {preset: {name: smollm2-135m-instruct}}
            """.formatted(NAME);

    /** The schema lets it pass; only the webhook knows which models there are. */
    private static final String WRONG = RIGHT.replace("smollm2-135m-instruct", "smollm2-135m-instrukt");

    private final KubernetesClient client;
    private final String namespace;
    private final PrintStream out;

    SelfTest(KubernetesClient client, String namespace, PrintStream out) {
        this.client = client;
        this.namespace = namespace;
        this.out = out;
    }

    /** Arguments: a namespace, and {@code --webhook} when one is served; exit status 1 when something is not as it should be. */
    public static void main(String[] arguments) {
        try (KubernetesClient client =
                ClusterClient.prepared(new KubernetesClientBuilder()).build()) {
            SelfTest test = new SelfTest(client, arguments[0], System.out);
            boolean fine = test.definition();
            if (List.of(arguments).contains("--webhook")) {
                fine &= test.webhook();
            }
            if (!fine) {
                System.exit(1);
            }
        }
    }

    /** Whether the API server takes a Workspace. */
    boolean definition() {
        try {
            tryToCreate(RIGHT);
            return said(true, "a Workspace is accepted");
        } catch (KubernetesClientException e) {
            return said(false, "a Workspace is not accepted: " + e.getMessage());
        }
    }

    /** Whether a mistake that only our code can see is refused. */
    boolean webhook() {
        try {
            tryToCreate(WRONG);
            return said(false, "the webhook does not answer the API server: a model that does not exist was accepted");
        } catch (KubernetesClientException e) {
            String answer = String.valueOf(e.getMessage());
            return said(answer.contains("smollm2-135m-instrukt"), "a model that does not exist: " + answer);
        }
    }

    private void tryToCreate(String yaml) {
        Workspace workspace = client.getKubernetesSerialization().unmarshal(yaml, Workspace.class);
        client.resource(workspace).inNamespace(namespace).dryRun().create();
    }

    private boolean said(boolean fine, String what) {
        out.println((fine ? "ok: " : "NOT ok: ") + what);
        return fine;
    }
}

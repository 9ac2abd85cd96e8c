package io.kaitoflow.worker.control.installation;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.reconcile.ClusterClient;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Deletes every Workspace and waits until all are gone, while a control plane still runs to give back what they lease. Afterwards
 * neither a finalizer nor a machine is left that nobody looks after.
 */
public final class Farewell {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final int ENOUGH_NAMES = 10;

    private final KubernetesClient client;
    private final PrintStream out;

    Farewell(KubernetesClient client, PrintStream out) {
        this.client = client;
        this.out = out;
    }

    /** Its one argument is how long to wait, as {@link Duration#parse} reads it; exit status 1 when something is left. */
    public static void main(String[] arguments) throws InterruptedException {
        Duration patience = Duration.parse(arguments[0]);
        try (KubernetesClient client =
                ClusterClient.prepared(new KubernetesClientBuilder()).build()) {
            if (!new Farewell(client, System.out).within(patience)) {
                System.exit(1);
            }
        }
    }

    /** Whether all were gone in time. */
    boolean within(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        String told = "";
        for (List<Workspace> left = workspaces(); !left.isEmpty(); left = workspaces()) {
            left.stream()
                    .filter(workspace -> !workspace.isMarkedForDeletion())
                    .forEach(workspace -> client.resource(workspace).delete());
            told = tell(told, "Waiting for " + names(left));
            if (System.nanoTime() > end) {
                out.println("Still there after " + patience.toSeconds() + " s: " + names(left)
                        + ". kubectl describe workspace says what each waits for; nothing else was uninstalled.");
                return false;
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
        out.println("No Workspace is left.");
        return true;
    }

    private List<Workspace> workspaces() {
        return client.resources(Workspace.class).inAnyNamespace().list().getItems();
    }

    private String tell(String before, String now) {
        if (!now.equals(before)) {
            out.println(now);
        }
        return now;
    }

    private static String names(List<Workspace> workspaces) {
        String names = workspaces.stream()
                .limit(ENOUGH_NAMES)
                .map(workspace -> workspace.getMetadata().getNamespace() + "/"
                        + workspace.getMetadata().getName())
                .collect(Collectors.joining(", "));
        return workspaces.size() > ENOUGH_NAMES
                ? names + " and " + (workspaces.size() - ENOUGH_NAMES) + " more"
                : names;
    }
}

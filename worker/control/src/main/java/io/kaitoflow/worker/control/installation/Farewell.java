package io.kaitoflow.worker.control.installation;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.reconcile.ClusterClient;
import io.kaitoflow.bridge.reconcile.Installation;
import io.kaitoflow.bridge.reconcile.OtherInstallations;
import io.kaitoflow.bridge.reconcile.WorkspaceObjects;
import io.kaitoflow.worker.control.ControlSettings;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Deletes every Workspace of an installation and waits until all are gone, while its control plane still runs to give back what they
 * lease. Afterwards neither a finalizer nor a machine is left that nobody looks after. Where another installation is at work on them they
 * are that one's, and stay.
 */
public final class Farewell {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final int ENOUGH_NAMES = 10;

    private final WorkspaceObjects objects;
    private final Supplier<Optional<Installation>> heir;
    private final Duration believed;
    private final PrintStream out;

    /**
     * @param heir is at work on the same Workspaces, as far as its lease says
     * @param believed how long a lease may say so although nobody is
     */
    Farewell(WorkspaceObjects objects, Supplier<Optional<Installation>> heir, Duration believed, PrintStream out) {
        this.objects = objects;
        this.heir = heir;
        this.believed = believed;
        this.out = out;
    }

    /**
     * Its one argument is how long to wait, as {@link Duration#parse} reads it; variables say which installation it is, as for the control
     * plane. Exit status 1 when something is left.
     */
    public static void main(String[] arguments) throws InterruptedException {
        Duration patience = Duration.parse(arguments[0]);
        Installation installation = ControlSettings.installation(System.getenv());
        try (KubernetesClient client =
                ClusterClient.prepared(new KubernetesClientBuilder()).build()) {
            OtherInstallations others = new OtherInstallations(client, installation);
            WorkspaceObjects objects = new WorkspaceObjects(client, installation.watched());
            if (!new Farewell(objects, others::sharing, OtherInstallations.BELIEVED, System.out).within(patience)) {
                System.exit(1);
            }
        }
    }

    /** Whether all were gone in time, or were another's. */
    boolean within(Duration patience) throws InterruptedException {
        Optional<Installation> other = heirForCertain();
        if (other.isPresent()) {
            out.println("An installation in namespace " + other.get().namespace() + " is at work on Workspaces of "
                    + other.get().watched() + "; none is deleted.");
            return true;
        }
        return delete(patience);
    }

    private Optional<Installation> heirForCertain() throws InterruptedException {
        long end = System.nanoTime() + believed.toNanos();
        Optional<Installation> other = heir.get();
        while (other.isPresent() && System.nanoTime() < end) {
            Thread.sleep(BETWEEN_LOOKS);
            other = heir.get();
        }
        return other;
    }

    private boolean delete(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        String told = "";
        for (List<Workspace> left = objects.all(); !left.isEmpty(); left = objects.all()) {
            left.stream()
                    .filter(workspace -> !workspace.isMarkedForDeletion())
                    .forEach(workspace -> objects.client().resource(workspace).delete());
            told = tell(told, "Waiting for " + names(left));
            if (System.nanoTime() > end) {
                out.println("Still there after " + patience.toSeconds() + " s: " + names(left)
                        + ". kubectl describe workspace says what each waits for; nothing else was uninstalled.");
                return false;
            }
            Thread.sleep(BETWEEN_LOOKS);
        }
        out.println("No Workspace is left in " + objects.watched() + ".");
        return true;
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

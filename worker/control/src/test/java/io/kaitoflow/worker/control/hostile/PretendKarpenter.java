package io.kaitoflow.worker.control.hostile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A cloud without machines: it takes charge of some claims, and lets those go a while after they were deleted. */
final class PretendKarpenter implements AutoCloseable {

    private static final String IN_CHARGE = """
            {"metadata":{"finalizers":["karpenter.sh/termination"]}}""";
    private static final String DONE = """
            {"metadata":{"finalizers":null}}""";
    private static final int LONGEST_GOING_MILLIS = 1500;
    private static final int LOOK_AGAIN_MILLIS = 300;
    private static final int UNPROCESSABLE = 422;
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient truth;
    private final SharedIndexInformer<NodeClaim> watch;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("karpenter").daemon().factory());
    private volatile Random random = new Random(0);

    /** @param truth goes to the API server itself */
    PretendKarpenter(KubernetesClient truth) {
        this.truth = truth;
        this.watch = truth.resources(NodeClaim.class).inform(new Watcher());
    }

    void behaveBy(long seed) {
        random = new Random(seed);
    }

    private void patch(String name, String patch) {
        try {
            truth.resources(NodeClaim.class).withName(name).patch(MERGE, patch);
        } catch (KubernetesClientException e) {
            if (e.getCode() != UNPROCESSABLE && known(name)) {
                later(name, patch, LOOK_AGAIN_MILLIS);
            }
        }
    }

    /** By the watch: a server that has just started also answers with 404 what it does not serve yet. */
    private boolean known(String name) {
        return watch.getIndexer().getByKey(name) != null;
    }

    private void later(String name, String patch, int millis) {
        if (!thread.isShutdown()) {
            var unused = thread.schedule(() -> patch(name, patch), millis, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        watch.close();
        thread.shutdownNow();
    }

    private final class Watcher implements ResourceEventHandler<NodeClaim> {

        @Override
        public void onAdd(NodeClaim claim) {
            if (claim.isMarkedForDeletion()) {
                onUpdate(claim, claim);
            } else if (random.nextBoolean()) {
                later(claim.getMetadata().getName(), IN_CHARGE, 0);
            }
        }

        @Override
        public void onUpdate(NodeClaim before, NodeClaim now) {
            if (now.isMarkedForDeletion()) {
                later(now.getMetadata().getName(), DONE, random.nextInt(LONGEST_GOING_MILLIS));
            }
        }

        @Override
        public void onDelete(NodeClaim claim, boolean stateUnknown) {
            // Nothing is left to do.
        }
    }
}

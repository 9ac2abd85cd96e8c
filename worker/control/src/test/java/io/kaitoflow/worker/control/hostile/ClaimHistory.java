package io.kaitoflow.worker.control.hostile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Every claim that ever was, as a watch of its own on the API server tells: what is bought twice is seen here. */
final class ClaimHistory implements AutoCloseable {

    static final String UID = "kaito.sh/workspace-uid";

    private final SharedIndexInformer<NodeClaim> watch;
    private final Map<String, Integer> bought = new LinkedHashMap<>();
    private final Map<String, Set<String>> inForce = new LinkedHashMap<>();
    private final List<String> duplicates = new ArrayList<>();
    private final BlockingQueue<String> news = new LinkedBlockingQueue<>();
    private volatile Consumer<String> reader = line -> {};

    /** @param truth goes to the API server itself */
    ClaimHistory(KubernetesClient truth) {
        watch = truth.resources(NodeClaim.class).inform(new Recorder());
    }

    /** @param next is told each line from now on */
    void readBy(Consumer<String> next) {
        reader = next;
    }

    /** How many claims were ever made for a workspace. */
    synchronized int bought(String uid) {
        return bought.getOrDefault(uid, 0);
    }

    /** Claims that came while another one of the same workspace was in force. */
    synchronized List<String> duplicates() {
        return List.copyOf(duplicates);
    }

    /** Returns when something happens to a claim, or when nothing did for so long. */
    void awaitNews(Duration longest) {
        news.clear();
        try {
            var unused = news.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for news", e);
        }
    }

    private synchronized void begin(String uid, String name) {
        bought.merge(uid, 1, Integer::sum);
        Set<String> others = inForce.computeIfAbsent(uid, unknown -> new HashSet<>());
        if (!others.isEmpty()) {
            duplicates.add(name + " of " + uid + " beside " + others);
        }
        others.add(name);
    }

    private synchronized void end(String uid, String name) {
        inForce.getOrDefault(uid, new HashSet<>()).remove(name);
    }

    private void tell(String what, NodeClaim claim) {
        String line = "claim " + claim.getMetadata().getName() + " of " + uid(claim) + " " + what;
        news.add(line);
        reader.accept(line);
    }

    private static String uid(NodeClaim claim) {
        return claim.getMetadata().getLabels().getOrDefault(UID, "nobody");
    }

    @Override
    public void close() {
        watch.close();
    }

    private final class Recorder implements ResourceEventHandler<NodeClaim> {

        @Override
        public void onAdd(NodeClaim claim) {
            begin(uid(claim), claim.getMetadata().getName());
            tell("is made", claim);
        }

        @Override
        public void onUpdate(NodeClaim before, NodeClaim now) {
            if (!before.getMetadata().getUid().equals(now.getMetadata().getUid())) {
                onDelete(before, true);
                onAdd(now);
            } else if (now.isMarkedForDeletion() && !before.isMarkedForDeletion()) {
                end(uid(now), now.getMetadata().getName());
                tell("is being deleted", now);
            }
        }

        @Override
        public void onDelete(NodeClaim claim, boolean stateUnknown) {
            end(uid(claim), claim.getMetadata().getName());
            tell("is gone", claim);
        }
    }
}

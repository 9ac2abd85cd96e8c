package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.trouble.Patience;
import io.kaitoflow.activities.rollout.cluster.trouble.PodWait;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Deletes until nothing is left, also what appears meanwhile. */
record Sweep(Patience patience) {

    /**
     * @param what as messages name it
     * @param left what there still is
     */
    void of(String what, Supplier<List<HasMetadata>> left, Consumer<HasMetadata> delete) {
        of(what, left, delete, kept -> {});
    }

    /** @param insist is given what is deleted and still there after half of the time */
    void of(String what, Supplier<List<HasMetadata>> left, Consumer<HasMetadata> delete, Consumer<HasMetadata> insist) {
        long start = System.nanoTime();
        long end = start + patience.gone().toNanos();
        for (List<HasMetadata> found = left.get(); !found.isEmpty(); found = left.get()) {
            found.stream().filter(object -> !object.isMarkedForDeletion()).forEach(delete);
            if (System.nanoTime() > start + patience.gone().dividedBy(2).toNanos()) {
                found.stream().filter(HasMetadata::isMarkedForDeletion).forEach(insist);
            }
            if (System.nanoTime() > end) {
                throw new RolloutException.NotStopped("Deleting " + what + " takes longer than "
                        + patience.gone().toSeconds() + " s. Left: "
                        + found.stream().map(Sweep::standing).collect(Collectors.joining("; ")) + ".");
            }
            PodWait.pause("the end of " + what, patience.lookAgain());
        }
    }

    private static String standing(HasMetadata object) {
        List<String> finalizers =
                Objects.requireNonNullElse(object.getMetadata().getFinalizers(), List.of());
        return ClusterObjects.title(object) + ", deleted since "
                + object.getMetadata().getDeletionTimestamp()
                + (finalizers.isEmpty() ? "" : ", kept by " + String.join(", ", finalizers));
    }
}

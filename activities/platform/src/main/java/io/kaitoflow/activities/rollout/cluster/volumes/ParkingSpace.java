package io.kaitoflow.activities.rollout.cluster.volumes;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;

/**
 * What an installation asks for where a result is kept that cannot be pushed.
 *
 * @param storageClass of the claim; the cluster's own when empty
 * @param size of the claim, e.g. {@code 4Gi}
 */
public record ParkingSpace(Optional<String> storageClass, String size) {

    public static final String USUAL_SIZE = "4Gi";

    public ParkingSpace {
        if (!size.matches("[1-9][0-9]*(Mi|Gi|Ti|M|G|T)")) {
            throw new IllegalArgumentException("\"" + size + "\" must be a size such as " + USUAL_SIZE + ".");
        }
    }

    public Quantity quantity() {
        return new Quantity(size);
    }
}

package io.kaitoflow.bridge.admission;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.List;
import java.util.Set;

/** What admission may see of the cluster. Answers within its budget, with what it has by then. */
interface ClusterView {

    /**
     * ConfigMaps of a namespace.
     *
     * @param found those that are there
     * @param unread names of those that could not be read in time, or at all
     */
    record Seen(List<ConfigMap> found, Set<String> unread) {
        public Seen {
            found = List.copyOf(found);
            unread = Set.copyOf(unread);
        }
    }

    /** Whether somebody may do something. */
    enum Right {
        GIVEN,
        DENIED,
        UNKNOWN
    }

    Seen configMaps(String namespace, Set<String> names);

    /** Whether an author could have made a pod, which can use whatever its namespace holds. */
    Right mayCreatePods(AdmissionReview.Author author, String namespace);
}

package io.kaitoflow.bridge.admission;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.kaitoflow.bridge.admission.AdmissionReview.Author;
import java.util.List;
import java.util.Set;

/** What admission may see of the cluster. */
interface ClusterView {

    /**
     * What one review needs to know.
     *
     * @param namespace of the workspace
     * @param configMaps names of those that it names
     * @param author who asks
     */
    record Question(String namespace, Set<String> configMaps, Author author) {}

    /**
     * What was found out within the budget.
     *
     * @param found the ConfigMaps that are there
     * @param unread names of those that could not be read in time, or at all
     * @param podCreation whether the author could have made a pod, which can use whatever its namespace holds
     */
    record Seen(List<ConfigMap> found, Set<String> unread, Right podCreation) {
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

    Seen look(Question question);
}

package io.kaitoflow.workflows.request;

import java.util.Optional;

/**
 * The newest known wish. Events may be lost, doubled or reordered: the state with the greatest ordering version wins, and one
 * with a known fingerprint changes nothing.
 *
 * @param fingerprint hash of the user's fields, known annotations, deletion, and the resource versions of referenced objects
 * @param orderingVersion greatest resource version that was read
 * @param request what is wished for; empty means the workspace is to be deleted
 * @param verb the user's last verb by annotation, if any
 */
public record DesiredState(
        String fingerprint, long orderingVersion, Optional<WorkspaceRequest> request, Optional<Verb> verb) {

    /** Whether everything is to be undone. */
    public boolean deleted() {
        return request.isEmpty();
    }

    /** Whether this wish replaces {@code other}; the fingerprint then says whether anything changed. */
    public boolean newerThan(DesiredState other) {
        return orderingVersion > other.orderingVersion;
    }
}

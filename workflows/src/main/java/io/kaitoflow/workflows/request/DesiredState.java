package io.kaitoflow.workflows.request;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The newest known wish. Events may be lost, doubled or reordered: the state with the greatest ordering version wins, and one
 * with a known fingerprint changes nothing.
 *
 * @param fingerprint hash of the user's fields, known annotations, deletion, and the resource versions of referenced objects
 * @param orderingVersion greatest resource version that was read
 * @param request what is wished for; empty means the workspace is to be deleted
 * @param verbs the user's verbs by annotation, one an annotation; of two that a run has not seen the later one is the newer
 * @param earlier what an earlier run made; only a run that remembers nothing looks at it
 */
public record DesiredState(
        String fingerprint,
        long orderingVersion,
        Optional<WorkspaceRequest> request,
        // Histories from before verbs were independent hold one, or null.
        @JsonAlias("verb") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<Verb> verbs,

        Optional<EarlierOutput> earlier) {

    public DesiredState {
        verbs = List.copyOf(Objects.requireNonNullElse(verbs, List.of()));
    }

    /** A wish of an object about which nothing is known but what stands in it. */
    public DesiredState(
            String fingerprint, long orderingVersion, Optional<WorkspaceRequest> request, List<Verb> verbs) {
        this(fingerprint, orderingVersion, request, verbs, Optional.empty());
    }

    /** What a run is told whose object is gone: a uid never comes back, so nothing is newer. */
    public static DesiredState absent() {
        return new DesiredState("absent", Long.MAX_VALUE, Optional.empty(), List.of());
    }

    /** Whether everything is to be undone. */
    public boolean deleted() {
        return request.isEmpty();
    }

    /** Whether this wish replaces {@code other}; the fingerprint then says whether anything changed. */
    public boolean newerThan(DesiredState other) {
        return orderingVersion > other.orderingVersion;
    }
}

package io.kaitoflow.workflows.request;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Comparator;
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
 * @param reading which of two with the same ordering version was read later; empty where nothing else is named, and of messages that do not
 *     say it
 */
public record DesiredState(
        String fingerprint,
        long orderingVersion,
        Optional<WorkspaceRequest> request,
        // Histories from before verbs were independent hold one, or null.
        @JsonAlias("verb") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<Verb> verbs,

        Optional<EarlierOutput> earlier,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Reading> reading) {

    private static final Comparator<DesiredState> BY_VERSION = Comparator.comparingLong(DesiredState::orderingVersion)
            .thenComparing(state -> state.reading().orElse(Reading.UNKNOWN));

    /**
     * Object and named objects come by different ways, and the greatest version among them says nothing of the others. Readings of the
     * same object name the same others, so there the sum grows with each newer one.
     *
     * @param own resource version of the object
     * @param sum of its resource version and of those of all that it names
     */
    public record Reading(long own, long sum) implements Comparable<Reading> {

        private static final Reading UNKNOWN = new Reading(0, 0);

        @Override
        public int compareTo(Reading other) {
            int byObject = Long.compare(own, other.own);
            return byObject == 0 ? Long.compare(sum, other.sum) : byObject;
        }
    }

    public DesiredState {
        verbs = List.copyOf(Objects.requireNonNullElse(verbs, List.of()));
        // Absent from what older releases wrote.
        reading = Objects.requireNonNullElse(reading, Optional.empty());
    }

    /** A wish of which nobody knows how it was read. */
    public DesiredState(
            String fingerprint,
            long orderingVersion,
            Optional<WorkspaceRequest> request,
            List<Verb> verbs,
            Optional<EarlierOutput> earlier) {
        this(fingerprint, orderingVersion, request, verbs, earlier, Optional.empty());
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
        return BY_VERSION.compare(this, other) > 0;
    }
}

package io.kaitoflow.inference.server.schema;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a text has come in following a {@link Shape}: what is open now, and what it stands in. Equal progress, equal
 * continuations.
 */
record Progress(Part open, @Nullable Progress within) {

    /** Nothing written yet. */
    static Progress of(Shape shape) {
        return new Progress(new Part.Pending(shape), null);
    }

    /** What one more character makes of it; empty where it may not come. */
    Optional<Progress> after(char next) {
        return open.after(next, within);
    }

    /** Whether the text may end here. */
    boolean mayEnd() {
        return within == null && open.mayEnd();
    }
}

package io.kaitoflow.workflows.report;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is told of a training afterwards and decides nothing; serialisable, because it outlives a run. */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
public final class RunJournal {

    private static final int KEPT_STARTS = 50;

    private final List<TunerStart> starts = new ArrayList<>();
    private @Nullable AttachedReport report;

    /** The last starts of the tuner, oldest first. */
    public List<TunerStart> starts() {
        return List.copyOf(starts);
    }

    /** A tuner polls its queue. */
    public void started(TunerStart start) {
        starts.add(start);
        if (starts.size() > KEPT_STARTS) {
            starts.removeFirst();
        }
    }

    /** Of the result that was pushed last. */
    public Optional<AttachedReport> report() {
        return Optional.ofNullable(report);
    }

    /** @param about the newest result; null while it has none yet */
    public void reported(@Nullable AttachedReport about) {
        report = about;
    }
}

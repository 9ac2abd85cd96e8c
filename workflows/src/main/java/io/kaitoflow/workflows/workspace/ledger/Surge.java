package io.kaitoflow.workflows.workspace.ledger;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kaitoflow.workflows.nodes.NodeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is written down of an edit that is fulfilled on a second machine, while the server of before answers on the first. */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
public final class Surge {

    private @Nullable Predecessor predecessor;
    private final List<NodeRequest> leaving = new ArrayList<>();
    private @Nullable String pursued;
    private boolean kept;
    private @Nullable String remark;

    /** The server that answers until the next one does, and its machine. */
    public Optional<Predecessor> predecessor() {
        return Optional.ofNullable(predecessor);
    }

    /** Whether this claim is on a machine beside the one that is worked with: it answers meanwhile, or goes. */
    public boolean isBeside(NodeRequest claim) {
        return machines().anyMatch(claim::equals);
    }

    /** What was decided for another wish means nothing for this one. */
    public void pursue(String signature) {
        if (!signature.equals(pursued)) {
            pursued = signature;
            kept = false;
            remark = null;
        }
    }

    /** Whether the wish that is pursued was given up, and what was served before goes on. */
    public boolean kept() {
        return kept;
    }

    /** Whether the wish that is pursued may still be fulfilled on a second machine. */
    public boolean open() {
        return remark == null;
    }

    /** Why the wish that is pursued is not fulfilled as it was asked for. */
    public Optional<String> remark() {
        return Optional.ofNullable(remark);
    }

    /** It is fulfilled on the first machine, and nothing answers meanwhile. */
    public void decline(String why) {
        remark = why;
    }

    /** It is not fulfilled, and what was served before goes on. */
    public void keep(String why) {
        kept = true;
        remark = why;
    }

    /** From now on a second machine is worked with. */
    void begin(Predecessor before) {
        predecessor = before;
    }

    /** Machines beside the one that is worked with, which cost until they are gone. */
    Stream<NodeRequest> machines() {
        return Stream.concat(predecessor().stream().map(Predecessor::machine), leaving.stream());
    }

    /** Nobody is served by the one before any more; its machine costs until it is gone. */
    public void dismiss() {
        predecessor().map(Predecessor::machine).ifPresent(leaving::add);
        predecessor = null;
    }

    /** A machine that is not worked with any more. */
    void leave(NodeRequest machine) {
        leaving.add(machine);
    }

    /** The machine of the one before is the one that is worked with. */
    void over() {
        predecessor = null;
    }

    /** A machine is given back. */
    void gone(NodeRequest machine) {
        leaving.remove(machine);
        if (predecessor != null && predecessor.machine().equals(machine)) {
            predecessor = null;
        }
    }

    /** Nothing answers any more, so there is nothing to keep. */
    void silent() {
        if (kept) {
            kept = false;
            remark = null;
        }
    }
}

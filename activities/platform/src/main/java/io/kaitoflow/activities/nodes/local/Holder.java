package io.kaitoflow.activities.nodes.local;

import io.kaitoflow.workflows.nodes.NodeRequest;
import java.util.List;
import java.util.Optional;

/**
 * Who holds this machine.
 *
 * @param uid of the workspace
 * @param name of the workspace, for messages
 * @param pid of the process that leased
 * @param started when that process started, since pids come again
 */
record Holder(String uid, String name, long pid, String started) {

    private static final int FIELDS = 4;

    static Holder of(NodeRequest request, ProcessHandle owner) {
        return new Holder(
                request.id().uid(),
                request.id().namespace() + "/" + request.id().name(),
                owner.pid(),
                startOf(owner));
    }

    /** Empty when the text is damaged: a lease that cannot be read holds nothing. */
    static Optional<Holder> parse(String text) {
        List<String> fields = List.of(text.strip().split("\n", -1));
        return fields.size() == FIELDS && fields.get(2).matches("\\d+")
                ? Optional.of(new Holder(fields.get(0), fields.get(1), Long.parseLong(fields.get(2)), fields.get(3)))
                : Optional.empty();
    }

    String text() {
        return String.join("\n", uid, name, String.valueOf(pid), started) + "\n";
    }

    boolean isAlive() {
        return ProcessHandle.of(pid)
                .filter(process -> startOf(process).equals(started))
                .isPresent();
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Object::toString).orElse("unknown");
    }
}

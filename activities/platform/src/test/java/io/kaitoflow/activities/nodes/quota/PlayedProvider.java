package io.kaitoflow.activities.nodes.quota;

import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A provider with endless machines, which keeps books of what is held and of the most that ever was. */
final class PlayedProvider implements NodeProvisioner {

    private final List<NodeRequest> made = new ArrayList<>();
    private final List<NodeRequest> going = new ArrayList<>();
    private Predicate<NodeRequest> slow = request -> false;
    private Optional<NodeException> answer = Optional.empty();
    private int most;

    /** Machines that stay for a while after they were given back. */
    synchronized void slowToGo(Predicate<NodeRequest> which) {
        slow = which;
    }

    synchronized void refuse(NodeException with) {
        answer = Optional.of(with);
    }

    synchronized List<String> holders() {
        return made.stream().map(request -> request.id().name()).toList();
    }

    /** The most GPUs that were held at once. */
    synchronized int most() {
        return most;
    }

    @Override
    public synchronized NodeLease claim(NodeRequest request) {
        NodeException refusal = answer.orElse(null);
        answer = Optional.empty();
        if (refusal != null) {
            throw refusal;
        }
        if (!made.contains(request)) {
            made.add(request);
        }
        most = Math.max(
                most, made.stream().mapToInt(each -> each.option().gpus()).sum());
        return observe(request);
    }

    @Override
    public synchronized NodeLease observe(NodeRequest request) {
        if (!made.contains(request)) {
            throw new NodeException.Vanished("There is no such claim.");
        }
        return new NodeLease("claim", request.option(), List.of("node"), true);
    }

    @Override
    public synchronized List<NodeRequest> held(WorkspaceId id) {
        return made.stream()
                .filter(request -> request.id().equals(id) && !going.contains(request))
                .toList();
    }

    @Override
    public synchronized List<NodeRequest> all() {
        return List.copyOf(made);
    }

    @Override
    public synchronized boolean release(NodeRequest request) {
        if (made.contains(request) && slow.test(request) && !going.contains(request)) {
            going.add(request);
            return false;
        }
        going.remove(request);
        made.remove(request);
        return true;
    }
}

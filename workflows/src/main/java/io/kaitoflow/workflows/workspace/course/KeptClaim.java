package io.kaitoflow.workflows.workspace.course;

import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.temporal.workflow.Workflow;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** The claim that is held already and asks for exactly what is wished for, if there is one. */
public record KeptClaim(Optional<NodeRequest> held) {

    /** Nothing is kept. */
    public static KeptClaim none() {
        return new KeptClaim(Optional.empty());
    }

    /**
     * The one of these that may be kept. One for the other capacity type may not, though it is among the options: it was made before
     * somebody asked for spot.
     */
    public static KeptClaim among(Stream<NodeRequest> claims, WorkspaceRequest request, List<MachineOption> options) {
        return new KeptClaim(claims.filter(held -> held.machines().count()
                                == request.machines().count()
                        && held.machines().labels().equals(request.machines().labels())
                        && held.machines().nodes().equals(request.machines().nodes()))
                .filter(held -> options.stream().anyMatch(option -> sameKind(held, option))
                        && held.option().spot() == options.getFirst().spot())
                .findFirst());
    }

    public boolean is(NodeRequest claim) {
        return held.filter(claim::equals).isPresent();
    }

    /** Its kind before the others. */
    public List<MachineOption> first(List<MachineOption> options) {
        return Stream.concat(
                        options.stream().filter(option -> ofKind(option).isPresent()),
                        options.stream().filter(option -> ofKind(option).isEmpty()))
                .toList();
    }

    /**
     * What is asked for to get this kind. A claim that is kept is asked for as it was made: under another description it would be owed
     * twice, and given back once too often.
     *
     * @param nextLease the number of a claim that is new
     */
    public NodeRequest asked(WorkspaceRequest request, MachineOption option, IntSupplier nextLease) {
        Optional<NodeRequest> kept = ofKind(option);
        int number = kept.map(NodeRequest::number).orElseGet(nextLease::getAsInt);
        NodeRequest today = new NodeRequest(request.id(), option, request.machines(), number);
        return kept.filter(made -> !made.equals(today) && staysAsItWasMade()).orElse(today);
    }

    private Optional<NodeRequest> ofKind(MachineOption option) {
        return held.filter(claim -> sameKind(claim, option));
    }

    private static boolean sameKind(NodeRequest held, MachineOption option) {
        return held.option().instanceType().equals(option.instanceType())
                && held.option().spot() == option.spot()
                && held.option().zone().equals(option.zone());
    }

    /** Asked where the two differ. */
    private static boolean staysAsItWasMade() {
        return Workflow.getVersion("kept-claim", Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }
}

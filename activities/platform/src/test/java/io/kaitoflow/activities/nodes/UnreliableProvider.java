package io.kaitoflow.activities.nodes;

import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.Random;
import java.util.Set;

/** A provider as the world is: it loses answers, refuses, takes its time and takes machines away. Its own books are always right. */
public interface UnreliableProvider extends AutoCloseable {

    /** A process that remembers nothing, and knows what a watch would have told it by then. */
    NodeProvisioner process(Mortality mortality);

    /** Something goes wrong with one of the next requests, or nothing does. */
    void misbehave(Random random);

    /** What was set off goes on: machines come, cannot be had, go, or are gone at last. */
    void goOn(Random random);

    /** From now on all is well, and what is to go goes. */
    void heal();

    /** The numbers of the claims of which there is anything, from the provider's own books. */
    Set<Integer> claims(WorkspaceId id);

    /** What is asked for. */
    NodeRequest request(WorkspaceId id, int number);

    @Override
    void close();
}

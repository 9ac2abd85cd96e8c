package io.kaitoflow.activities.nodes.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.nodes.FaultRun;
import io.kaitoflow.activities.nodes.Mortality;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.nodes.UnreliableProvider;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The runs find what they are for. */
class FaultRunTest {

    @Test
    void aProviderThatSaysGoneAndIsNotIsFoundOut() {
        assertThat(wrong(Liar::new)).contains("nobody will give back");
    }

    @Test
    void aProviderThatMakesAnotherMachineAtEachTryIsFoundOut() {
        assertThat(wrong(Doubler::new)).contains("nobody will give back");
    }

    private static String wrong(UnaryOperator<NodeProvisioner> defect) {
        try (Defective azure = new Defective(new UnreliableAzure(), defect)) {
            return FaultRun.of(1, azure).orElse("nothing");
        }
    }

    private record Defective(UnreliableAzure azure, UnaryOperator<NodeProvisioner> defect)
            implements UnreliableProvider {

        @Override
        public NodeProvisioner process(Mortality mortality) {
            return defect.apply(azure.process(mortality));
        }

        @Override
        public void misbehave(Random random) {
            azure.misbehave(random);
        }

        @Override
        public void goOn(Random random) {
            azure.goOn(random);
        }

        @Override
        public void heal() {
            azure.heal();
        }

        @Override
        public Set<Integer> claims(WorkspaceId id) {
            return azure.claims(id);
        }

        @Override
        public NodeRequest request(WorkspaceId id, int number) {
            return azure.request(id, number);
        }

        @Override
        public void close() {
            azure.close();
        }
    }

    private abstract static class Passing implements NodeProvisioner {

        final NodeProvisioner real;

        Passing(NodeProvisioner real) {
            this.real = real;
        }

        @Override
        public NodeLease claim(NodeRequest request) {
            return real.claim(request);
        }

        @Override
        public NodeLease observe(NodeRequest request) {
            return real.observe(request);
        }

        @Override
        public List<NodeRequest> held(WorkspaceId id) {
            return real.held(id);
        }

        @Override
        public List<NodeRequest> all() {
            return real.all();
        }

        @Override
        public boolean release(NodeRequest request) {
            return real.release(request);
        }
    }

    private static final class Liar extends Passing {

        Liar(NodeProvisioner real) {
            super(real);
        }

        @Override
        public boolean release(NodeRequest request) {
            return true;
        }
    }

    private static final class Doubler extends Passing {

        private static int tries = 1000;

        Doubler(NodeProvisioner real) {
            super(real);
        }

        @Override
        public NodeLease claim(NodeRequest request) {
            return real.claim(new NodeRequest(request.id(), request.option(), request.machines(), ++tries));
        }
    }
}

package io.kaitoflow.workflows.workspace.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.ServingTerms;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is part of which step's key; a key that changed would do again what is done. */
class StepKeysTest {

    private static final Optional<SecretReference> NOBODY_ASKED = Optional.empty();

    @Test
    void serversThatAskForNoKeyHaveTheKeysOfEarlierReleases() {
        assertThat(roll(false, NOBODY_ASKED)).isEqualTo(StepKey.of("88f1c9382f78ac46bdd0e4a28f8185d9"));
        assertThat(roll(true, NOBODY_ASKED)).isEqualTo(StepKey.of("a100c0e53c7892f5c5b2a49cfeed14e5"));
    }

    @Test
    void anotherSecretOfKeysIsAnotherServerAndNothingElse() {
        WorkspaceRequest first = request(true, secret("first"));
        WorkspaceRequest second = request(true, secret("second"));

        assertThat(StepKeys.of(Step.ROLL, first))
                .isNotEqualTo(StepKeys.of(Step.ROLL, second))
                .isNotEqualTo(roll(true, NOBODY_ASKED));
        assertThat(StepKeys.of(Step.PLAN, first)).isEqualTo(StepKeys.of(Step.PLAN, second));
        assertThat(StepKeys.of(Step.PREFLIGHT, first)).isEqualTo(StepKeys.of(Step.PREFLIGHT, second));
        assertThat(StepKeys.of(Step.CLAIM, first)).isEqualTo(StepKeys.of(Step.CLAIM, second));
    }

    private static StepKey roll(boolean loadBalancer, Optional<SecretReference> keys) {
        return StepKeys.of(Step.ROLL, request(loadBalancer, keys));
    }

    private static Optional<SecretReference> secret(String name) {
        return Optional.of(new SecretReference(name));
    }

    private static WorkspaceRequest request(boolean loadBalancer, Optional<SecretReference> keys) {
        return new WorkspaceRequest(
                new WorkspaceId("default", "geo", "uid-1"),
                new WorkspaceGoal.Serve(new ModelReference("tiny", Optional.empty()), List.of()),
                new MachineRequest(List.of("sku-a"), 1, Map.of(), List.of(), false),
                Terms.none(),
                new ServingTerms(true, loadBalancer, Optional.empty(), false, keys));
    }
}

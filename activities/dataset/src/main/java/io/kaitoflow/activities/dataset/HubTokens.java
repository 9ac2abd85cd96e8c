package io.kaitoflow.activities.dataset;

import io.kaitoflow.activities.model.HubToken;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.Optional;

/** Reads hub tokens where they are used; the worker implements it. */
@FunctionalInterface
public interface HubTokens {

    /**
     * The token for a model.
     *
     * @param workspace whose namespace holds the secret
     * @param secret that the user named; where none is named the environment may still hold a token
     */
    Optional<HubToken> find(WorkspaceId workspace, Optional<SecretReference> secret);
}

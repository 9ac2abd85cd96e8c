package io.kaitoflow.activities.nodes.azure;

import com.azure.core.management.polling.PollResult;
import com.azure.core.util.polling.SyncPoller;
import com.azure.resourcemanager.containerservice.fluent.models.AgentPoolInner;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operations that this process set off, for what they say when they fail. They cannot be written down, so a restart forgets them. */
final class Operations {

    private static final int KEPT = 1000;

    private final Map<String, SyncPoller<PollResult<AgentPoolInner>, AgentPoolInner>> byPool =
            Collections.synchronizedMap(new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(
                        Map.Entry<String, SyncPoller<PollResult<AgentPoolInner>, AgentPoolInner>> eldest) {
                    return size() > KEPT;
                }
            });

    void remember(String pool, SyncPoller<PollResult<AgentPoolInner>, AgentPoolInner> operation) {
        byPool.put(pool, operation);
    }

    void forget(String pool) {
        byPool.remove(pool);
    }

    /** Asks the operation once more how it ended. */
    List<AzureError> errors(String pool) {
        return Optional.ofNullable(byPool.get(pool))
                .map(operation -> operation.poll().getValue())
                .map(PollResult::getError)
                .map(PollResult.Error::getResponseBody)
                .map(AzureError::all)
                .orElse(List.of());
    }
}

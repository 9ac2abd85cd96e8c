package io.kaitoflow.activities.nodes.karpenter;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Karpenter answers.
 *
 * @param nodeName once the machine joined
 * @param conditions Launched, Registered, Initialized, Ready and others
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record NodeClaimStatus(
        @Nullable String nodeName, @Nullable List<Condition> conditions) {

    boolean ready() {
        return all().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }

    /** The newest condition that does not hold: why there is no machine yet. */
    Optional<Condition> complaint() {
        return all().stream()
                .filter(condition -> !condition.getStatus().equals("True"))
                .filter(condition ->
                        !Objects.requireNonNullElse(condition.getMessage(), "").isBlank())
                .max(Comparator.comparing(
                        (Condition condition) -> Objects.requireNonNullElse(condition.getLastTransitionTime(), "")));
    }

    private List<Condition> all() {
        return Objects.requireNonNullElse(conditions, List.of());
    }
}

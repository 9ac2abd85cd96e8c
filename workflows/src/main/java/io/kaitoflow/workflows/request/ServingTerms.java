package io.kaitoflow.workflows.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * What the known annotations say about a server, beyond what it serves.
 *
 * @param measured its speed is measured once when it answers
 * @param loadBalancer its address is reached from outside the cluster
 * @param runtime what serves, where that was said; absent from wishes of earlier releases
 * @param surge a change that needs another server is made on a second machine, while the first one answers; absent from wishes of
 *     earlier releases
 * @param apiKeys holds the keys of which callers must show one; absent where nobody is asked, and from wishes of earlier releases
 */
public record ServingTerms(
        boolean measured,
        boolean loadBalancer,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ServingRuntime> runtime,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean surge,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<SecretReference> apiKeys) {

    /** Nobody is asked for a key. */
    public ServingTerms(boolean measured, boolean loadBalancer, Optional<ServingRuntime> runtime, boolean surge) {
        this(measured, loadBalancer, runtime, surge, Optional.empty());
    }

    /** Nothing answers while a change that needs another server is made. */
    public ServingTerms(boolean measured, boolean loadBalancer, Optional<ServingRuntime> runtime) {
        this(measured, loadBalancer, runtime, false);
    }

    /** Whatever serves by default. */
    public ServingTerms(boolean measured, boolean loadBalancer) {
        this(measured, loadBalancer, Optional.empty());
    }

    /** Nothing is measured, and nobody outside the cluster reaches it. */
    public static ServingTerms plain() {
        return new ServingTerms(false, false);
    }

    /** Whether vLLM serves, and not this product's own server. */
    public boolean byVllm() {
        return runtime.equals(Optional.of(ServingRuntime.VLLM));
    }
}

package io.kaitoflow.workflows.status;

import io.kaitoflow.workflows.plan.MachineOption;
import java.time.Instant;
import java.util.Optional;

/**
 * One try to get something from a provider.
 *
 * @param instanceType what was asked for
 * @param answer what was answered
 * @param at when
 * @param zone where one was named
 */
public record Attempt(String instanceType, String answer, Instant at, Optional<String> zone) {

    /** A try wherever the provider likes. */
    public Attempt(String instanceType, String answer, Instant at) {
        this(instanceType, answer, at, Optional.empty());
    }

    /** A try to get one kind of machine. */
    public static Attempt of(MachineOption option, String answer, Instant at) {
        return new Attempt(option.instanceType() + (option.spot() ? " (spot)" : ""), answer, at, option.zone());
    }
}

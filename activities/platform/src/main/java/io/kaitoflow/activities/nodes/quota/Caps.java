package io.kaitoflow.activities.nodes.quota;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What an installation lets each namespace hold at once, and spend.
 *
 * @param standard of namespaces that are not named
 * @param namespaces bound by their own cap alone, whatever the standard is
 */
public record Caps(@JsonProperty("default") Optional<Cap> standard, Map<String, Cap> namespaces) {

    private static final JsonMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    public Caps {
        namespaces = Map.copyOf(Objects.requireNonNullElse(namespaces, Map.of()));
    }

    /** Nobody is bound. */
    public static Caps none() {
        return new Caps(Optional.empty(), Map.of());
    }

    /**
     * Reads {@code {"default": {"gpus": 8}, "namespaces": {"team-a": {"gpus": 16, "usdPerHour": 60}}}}.
     *
     * @throws IllegalArgumentException that says what is wrong
     */
    public static Caps parse(String json) {
        try {
            return JSON.readValue(json, Caps.class);
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException(
                    "\"" + json + "\" names no caps of namespaces: " + wrong.getOriginalMessage(), wrong);
        }
    }

    /** Empty where nothing bounds the namespace. */
    public Optional<Cap> of(String namespace) {
        return Optional.ofNullable(namespaces.get(namespace)).or(() -> standard).filter(Cap::bounds);
    }

    /**
     * Why a claim can never be made, however long it waits; empty when it can.
     *
     * @param beside what its workspace holds and keeps meanwhile
     */
    Optional<String> objection(NodeRequest request, Amount beside) {
        String namespace = request.id().namespace();
        return of(namespace).flatMap(cap -> objection(request, beside, cap, "namespace " + namespace));
    }

    private static Optional<String> objection(NodeRequest request, Amount beside, Cap cap, String namespace) {
        String kind = request.option().instanceType();
        if (cap.countsMoney() && unpriced(request.option())) {
            return Optional.of(
                    "Nobody knows the price of " + kind + ", and " + namespace + " may use " + cap.words() + ".");
        }
        Amount wanted = Amount.of(request);
        return cap.holds(wanted.plus(beside))
                ? Optional.empty()
                : Optional.of(request.machines().count() + " x " + kind + " is " + cap.measured(wanted)
                        + (beside.equals(Amount.NONE) ? "" : " beside what the Workspace holds")
                        + ", and " + namespace + " may use " + cap.words() + ".");
    }

    /** Own nodes cost nothing more. */
    private static boolean unpriced(MachineOption option) {
        return !option.owned() && option.hourlyUsd().isEmpty();
    }
}

package io.kaitoflow.workflows.workspace.ledger;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Hash of a step's own inputs. A new desired state re-runs only the steps whose key changed.
 *
 * @param value hex digits
 */
public record StepKey(@JsonValue String value) {

    @JsonCreator
    public static StepKey of(String value) {
        return new StepKey(value);
    }

    @Override
    public String toString() {
        return value;
    }
}

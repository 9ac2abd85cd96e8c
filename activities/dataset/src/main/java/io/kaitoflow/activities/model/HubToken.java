package io.kaitoflow.activities.model;

/** Opens gated models on the hub. It prints as dots, so that no message or log can hold it. */
public record HubToken(String value) {

    @Override
    public String toString() {
        return "HubToken[…]";
    }
}

package io.kaitoflow.bridge.api.schema;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** How a condition looks in the definition. */
public record ConditionSchema(
        @Required @JsonPropertyDescription("What the condition is about, e.g. WorkspaceReady.")
        String type,

        @Required @JsonPropertyDescription("True, False or Unknown.")
        String status,

        @Required
        @JsonPropertyDescription(
                "Why, in one word; the failure's kind when it is False. The error manual has an entry for each.")
        String reason,

        @Required @JsonPropertyDescription("One sentence: what was tried, on what, what was answered, what to do.")
        String message,

        @Required @JsonPropertyDescription("When status changed last, in RFC 3339.")
        String lastTransitionTime,

        @JsonPropertyDescription("The generation of the object that the condition answers.")
        Long observedGeneration) {}

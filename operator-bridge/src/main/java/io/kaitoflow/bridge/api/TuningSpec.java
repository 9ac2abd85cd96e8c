package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What is tuned. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.preset)",
        message = "Name a model; see them with: kaitoflow models list.",
        fieldPath = ".preset",
        reason = Rules.REQUIRED)
@ValidationRule(
        value = "has(self.method)",
        message = "must be lora or qlora. Write method: qlora.",
        fieldPath = ".method",
        reason = Rules.REQUIRED)
@ValidationRule(
        value = "has(self.method) == has(oldSelf.method) && (!has(self.method) || self.method == oldSelf.method)",
        messageExpression = "'must stay as it was created (' + (has(oldSelf.method) ? oldSelf.method : 'absent') + '). "
                + "Undo the change, or make another Workspace.'",
        fieldPath = ".method",
        reason = Rules.FORBIDDEN)
@ValidationRule(
        value = "has(self.input)",
        message = "must have exactly one of urls, volumeSource and image. Say where the training rows are.",
        fieldPath = ".input",
        reason = Rules.REQUIRED)
@ValidationRule(
        value = "has(self.output)",
        message = "must have exactly one of volumeSource and image. Say where the adapter goes.",
        fieldPath = ".output",
        reason = Rules.REQUIRED)
public record TuningSpec(
        @JsonPropertyDescription("The model that is tuned. It must be one that can be.") @Nullable
        PresetSpec preset,

        @Size(max = 32)
        @ValidationRule(
                value = "self.lowerAscii() in ['lora', 'qlora']",
                message = "must be lora or qlora. Write method: qlora.")
        @JsonPropertyDescription(
                "lora trains an adapter over the model in 16 bits, qlora over the model in 4 bits, which needs "
                        + "about a third of the memory. Cannot be changed.")
        @Nullable
        String method,

        @JsonPropertyDescription(
                "A ConfigMap whose key training_config.yaml holds the recipe. Without it a built-in recipe is "
                        + "used.")
        @Nullable
        String config,

        @ValidationRule(
                value = "!has(self.urls) || self.urls.all(url, url.matches('" + DataSource.WEB + "'))",
                messageExpression = "'\"' + self.urls.filter(url, !url.matches('" + DataSource.WEB + "'))[0]"
                        + " + '\" must be an http or https URL with a host. "
                        + "Give an address that everyone with the right may read.'",
                fieldPath = ".urls")
        @ValidationRule(
                value = "[has(self.urls) && size(self.urls) > 0, has(self.volumeSource), has(self.image)]"
                        + ".filter(given, given).size() == 1",
                message = "must have exactly one of urls, volumeSource and image. Keep one of them.")
        @JsonPropertyDescription(
                "Where the training rows come from: exactly one of urls, volumeSource and image. May be "
                        + "changed; the model is then tuned again.")
        @Nullable
        DataSource input,

        @ValidationRule(
                value = "has(self.volumeSource) != has(self.image)",
                message = "must have exactly one of volumeSource and image. Keep one of them.")
        @JsonPropertyDescription(
                "Where the adapter goes: exactly one of volumeSource and image. May be changed; nothing is "
                        + "tuned again for it.")
        @Nullable
        DataDestination output) {}

package io.kaitoflow.bridge.api.schema;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;

/** How a label selector looks in the definition; the objects hold Kubernetes' own type. */
public record LabelSelectorSchema(
        @Size(max = 32) @JsonPropertyDescription("Labels that all must be there with these values.")
        Map<String, String> matchLabels,

        @Size(max = 32)
        @JsonPropertyDescription(
                "The same in a longer form. Only In with one value, since new nodes are stamped with it.")
        List<Expression> matchExpressions) {

    /** Only what a new node can be stamped with. */
    public static final String ONE_VALUE = "!has(self.matchExpressions) || self.matchExpressions.all("
            + "each, each.operator == 'In' && has(each.values) && each.values.size() == 1)";

    private static final String RESERVED = "'^([^/]*[.])?(kubernetes[.]io|k8s[.]io|kaito[.]sh|karpenter[.]sh|"
            + "karpenter[.]azure[.]com|karpenter[.]k8s[.]aws)/'";

    /** At least one key outside the domains that Kubernetes, Karpenter and this product keep for themselves. */
    public static final String OWN_KEY = "(has(self.matchLabels) && self.matchLabels.exists(key, !key.matches("
            + RESERVED
            + "))) || (has(self.matchExpressions) && self.matchExpressions.exists(each, !each.key.matches(" + RESERVED
            + ")))";

    /** One requirement. */
    public record Expression(
            @Required @Size(max = 317) @JsonPropertyDescription("The label's key.")
            String key,

            @Required @Size(max = 16) @JsonPropertyDescription("In.")
            String operator,

            @Size(max = 32) @JsonPropertyDescription("One value.")
            List<String> values) {}
}

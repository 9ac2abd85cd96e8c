package io.kaitoflow.bridge.translate;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.bridge.refusal.Findings;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds placeholders of the quickstart that nobody filled in: words like {@code ACR_REPO_HERE}. */
record PlaceholderRule(Findings findings) {

    private static final Pattern PLACEHOLDER = Pattern.compile("(?<![A-Za-z0-9])[A-Z][A-Z0-9_]*_HERE(?![A-Za-z0-9])");

    /** Looks at every text below a node. */
    void check(String path, JsonNode node) {
        if (node.isTextual()) {
            checkText(path, node.asText());
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                check(path + "[" + i + "]", node.get(i));
            }
        } else {
            node.properties().forEach(field -> check(path + "." + field.getKey(), field.getValue()));
        }
    }

    private void checkText(String path, String text) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        if (matcher.find()) {
            String names = matcher.reset()
                    .results()
                    .map(each -> each.group())
                    .distinct()
                    .reduce((a, b) -> a + " and " + b)
                    .orElseThrow();
            findings.refuseForGood(
                    path, text, "still holds the quickstart's placeholder " + names, "Put your own name in its place.");
        }
    }
}

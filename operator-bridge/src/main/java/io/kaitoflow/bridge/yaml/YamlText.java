package io.kaitoflow.bridge.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML as kubectl does: anchors work, a key given twice is an error, and dates stay text.
 *
 * @param text of one or more documents
 */
public record YamlText(String text) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The text is not YAML; the message names line and column. */
    public static final class BrokenYamlException extends RuntimeException {
        private static final long serialVersionUID = 1;

        BrokenYamlException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * All documents that are not empty, in order.
     *
     * @throws BrokenYamlException with line and column
     */
    public List<JsonNode> documents() {
        List<JsonNode> documents = new ArrayList<>();
        try {
            for (Object document : yaml().loadAll(text)) {
                if (document != null) {
                    documents.add(JSON.valueToTree(document));
                }
            }
        } catch (MarkedYAMLException e) {
            throw new BrokenYamlException(describe(e), e);
        } catch (YAMLException | IllegalArgumentException e) {
            throw new BrokenYamlException(Objects.requireNonNullElse(e.getMessage(), e.toString()), e);
        }
        return documents;
    }

    private static String describe(MarkedYAMLException e) {
        String problem = Objects.requireNonNullElse(e.getProblem(), "cannot be read");
        return Optional.ofNullable(e.getProblemMark())
                .map(mark -> place(mark) + ": " + problem)
                .orElse(problem);
    }

    private static String place(Mark mark) {
        return "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    }

    private static Yaml yaml() {
        LoaderOptions loading = new LoaderOptions();
        loading.setAllowDuplicateKeys(false);
        DumperOptions dumping = new DumperOptions();
        return new Yaml(new SafeConstructor(loading), new Representer(dumping), dumping, loading, new JsonTypes());
    }

    /** Only the scalars that JSON has; also {@code 2e-4}, which YAML 1.1 would leave as text. */
    private static final class JsonTypes extends Resolver {

        private static final Pattern DECIMAL =
                Pattern.compile("[-+]?(?:\\d+\\.\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?|[-+]?\\d+[eE][-+]?\\d+");
        private static final Pattern WHOLE = Pattern.compile("[-+]?(?:0|[1-9]\\d*)");
        private static final Pattern TRUTH = Pattern.compile("true|True|TRUE|false|False|FALSE");

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, TRUTH, "tTfF");
            addImplicitResolver(Tag.INT, WHOLE, "-+0123456789");
            addImplicitResolver(Tag.FLOAT, DECIMAL, "-+0123456789.");
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }
    }
}

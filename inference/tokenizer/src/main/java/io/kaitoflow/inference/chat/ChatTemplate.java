package io.kaitoflow.inference.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.interpret.TemplateError.ErrorReason;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a model wants a conversation written: its own Jinja template. Safe for use by many threads. */
public final class ChatTemplate {

    private static final int LONGEST_SOURCE_CHARS = 1 << 18;
    private static final Duration LONGEST_RUN = Duration.ofSeconds(10);

    /** Names that templates join to text without asking whether they exist. */
    private static final Map<String, String> NO_TOKENS = Map.of("bos_token", "", "eos_token", "");

    /** {@code for x in y if z}, which the library reads as an empty list instead of an error. */
    private static final Pattern FILTERED_LOOP =
            Pattern.compile("\\{%-?\\s*for\\s+[^%]*?\\sin\\s(?:(?!\\selse\\s)[^%])*?\\sif\\s(?:(?!\\selse\\s)[^%])*%}");

    private final String source;
    private final Map<String, String> variables;
    private final Clock clock;
    private final Duration limit;
    private final Jinjava jinjava = TemplateSandbox.create();

    /**
     * @param source    Jinja as transformers understands it
     * @param variables the spellings of special tokens that the template may name, such as {@code bos_token}
     * @param clock     what {@code strftime_now} shows
     * @throws ChatTemplateException.Broken if the source is not a template
     */
    public ChatTemplate(String source, Map<String, String> variables, Clock clock) {
        this(source, variables, clock, LONGEST_RUN);
    }

    ChatTemplate(String source, Map<String, String> variables, Clock clock, Duration limit) {
        if (source.length() > LONGEST_SOURCE_CHARS) {
            throw new ChatTemplateException.Broken("The chat template has " + source.length() + " characters; "
                    + LONGEST_SOURCE_CHARS + " are allowed. Use the model's own template.");
        }
        if (FILTERED_LOOP.matcher(source).find()) {
            throw new ChatTemplateException.Broken("The chat template has a loop with \"if\" in its head, which is not"
                    + " read here. Move the condition into the loop's body.");
        }
        this.source = source;
        this.variables = Map.copyOf(variables);
        this.clock = clock;
        this.limit = limit;
    }

    /** The template's text as the model's files hold it. */
    public String source() {
        return source;
    }

    /**
     * The conversation as one text.
     *
     * @param addGenerationPrompt whether the text ends where the model is to write its answer
     * @throws ChatTemplateException.Refused if the template raises an exception
     * @throws ChatTemplateException.Broken if the template has an error or exceeds its bounds
     */
    public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        Map<String, Object> bindings = new HashMap<>(NO_TOKENS);
        bindings.putAll(variables);
        bindings.put("messages", messages.stream().map(ChatTemplate::asMap).toList());
        bindings.put("add_generation_prompt", addGenerationPrompt);
        TemplateRun run = new TemplateRun(clock, limit);
        RenderResult result = run(run, bindings);
        failOnErrors(run, result);
        return result.getOutput();
    }

    private RenderResult run(TemplateRun run, Map<String, Object> bindings) {
        try {
            return ScopedValue.where(TemplateRun.CURRENT, run)
                    .call(() -> jinjava.renderForResult(asJinjaReads(source), bindings));
        } catch (TemplateRun.TimeExceeded e) {
            throw new ChatTemplateException.Broken(
                    "The chat template runs " + e.getMessage() + ". Use the model's own template.");
        }
    }

    private static void failOnErrors(TemplateRun run, RenderResult result) {
        if (run.refusal().isPresent()) {
            throw new ChatTemplateException.Refused("The model's chat template refuses this conversation: "
                    + run.refusal().get());
        }
        Optional<TemplateError> error = result.getErrors().stream()
                // A property that does not exist is no error in Jinja but the undefined value.
                .filter(found -> found.getReason() != ErrorReason.UNKNOWN)
                .findFirst();
        if (error.isPresent()) {
            throw new ChatTemplateException.Broken("The chat template fails at line "
                    + error.get().getLineno() + ": " + error.get().getMessage()
                    + ". Use the model's own template.");
        }
    }

    private static Map<String, String> asMap(ChatMessage message) {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("role", message.role());
        map.put("content", message.content());
        return map;
    }

    /** Jinja counts every line end as one newline and forgets the one that ends the file. */
    private static String asJinjaReads(String source) {
        String unified = source.replace("\r\n", "\n").replace('\r', '\n');
        return unified.endsWith("\n") ? unified.substring(0, unified.length() - 1) : unified;
    }
}

package io.kaitoflow.activities.dataset.tokens;

import io.kaitoflow.activities.dataset.files.Hashing;
import io.kaitoflow.activities.dataset.rows.TrainingRow;
import io.kaitoflow.activities.dataset.rows.Turn;
import io.kaitoflow.activities.model.ModelException;
import io.kaitoflow.inference.chat.ChatMessage;
import io.kaitoflow.inference.chat.ChatTemplate;
import io.kaitoflow.inference.chat.ChatTemplateException;
import io.kaitoflow.inference.tokenizer.ChatEncoder;
import io.kaitoflow.inference.tokenizer.EncodedChat;
import io.kaitoflow.inference.tokenizer.ModelFiles;
import io.kaitoflow.inference.tokenizer.SpecialTokens;
import io.kaitoflow.inference.tokenizer.Tokenizer;
import io.kaitoflow.inference.tokenizer.TokenizerException;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.request.DataRecipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Encodes rows as a model reads them. Chats, and completions where the model has a template, go through the template;
 * the special tokens of a row's own texts stay text. Safe for use by many threads until it is closed.
 */
public final class ModelRowEncoder implements RowEncoder, AutoCloseable {

    private static final String VERSION = "model-rows-1";

    private final Tokenizer tokenizer;
    private final Optional<ChatTemplate> template;
    private final boolean completionOnlyLoss;

    private ModelRowEncoder(Tokenizer tokenizer, Optional<ChatTemplate> template, boolean completionOnlyLoss) {
        this.tokenizer = tokenizer;
        this.template = template;
        this.completionOnlyLoss = completionOnlyLoss;
    }

    /**
     * Loads tokenizer and template.
     *
     * @param model GGUF file or folder
     * @param recipe may replace the template, and decides whether prompts are learnt too
     * @throws ModelException.Unavailable when the model's files cannot be used
     */
    public static ModelRowEncoder open(Path model, DataRecipe recipe) {
        try {
            ModelFiles files = ModelFiles.at(model);
            Tokenizer tokenizer = files.tokenizer();
            Optional<ChatTemplate> template = recipe.chatTemplate()
                    .map(source -> custom(source, tokenizer))
                    .or(() -> own(files));
            return new ModelRowEncoder(tokenizer, template, recipe.completionOnlyLoss());
        } catch (TokenizerException e) {
            throw new ModelException.Unavailable(String.valueOf(e.getMessage()), e);
        }
    }

    private static ChatTemplate custom(String source, Tokenizer tokenizer) {
        Map<String, String> variables = new HashMap<>();
        tokenizer.token(tokenizer.eosId()).ifPresent(token -> variables.put("eos_token", token));
        tokenizer.bosId().stream()
                .boxed()
                .flatMap(id -> tokenizer.token(id).stream())
                .forEach(token -> variables.put("bos_token", token));
        return new ChatTemplate(source, variables, Clock.systemUTC());
    }

    /** Base models have none. */
    private static Optional<ChatTemplate> own(ModelFiles files) {
        try {
            return Optional.of(files.chatTemplate());
        } catch (TokenizerException.Missing none) {
            return Optional.empty();
        }
    }

    @Override
    public TokenisedRow encode(TrainingRow row) {
        TokenisedRow encoded = switch (row) {
            case TrainingRow.Chat(List<Turn> turns) -> chat(messages(turns));
            case TrainingRow.Completion(String prompt, String completion) -> completion(prompt, completion);
            case TrainingRow.Text(String text) -> text(text);
        };
        return completionOnlyLoss ? encoded : allScored(encoded);
    }

    private static List<ChatMessage> messages(List<Turn> turns) {
        return turns.stream()
                .map(turn -> new ChatMessage(turn.role().label(), turn.content()))
                .toList();
    }

    private TokenisedRow completion(String prompt, String completion) {
        if (template.isPresent()) {
            return chat(List.of(ChatMessage.user(prompt), ChatMessage.assistant(completion)));
        }
        return begun().add(plain(prompt), false)
                .add(plain(completion), true)
                .add(tokenizer.eosId(), true)
                .row();
    }

    private TokenisedRow chat(List<ChatMessage> messages) {
        ChatTemplate present = template.orElseThrow(() -> new RowRefusedException(
                "the model has no chat template; give one as chat_template, or rows with prompt and completion."));
        try {
            EncodedChat chat = new ChatEncoder(tokenizer, present).encode(messages);
            return new TokenisedRow(chat.ids(), chat.scored());
        } catch (ChatTemplateException e) {
            throw new RowRefusedException(String.valueOf(e.getMessage()), e);
        }
    }

    private TokenisedRow text(String text) {
        return begun().add(plain(text), true).add(tokenizer.eosId(), true).row();
    }

    @Override
    public boolean spellsMark(TrainingRow row) {
        return row instanceof TrainingRow.Text(String text)
                && !Arrays.equals(plain(text), tokenizer.encode(text, SpecialTokens.RECOGNISED));
    }

    private RowTokens begun() {
        RowTokens tokens = new RowTokens();
        tokenizer.bosId().ifPresent(id -> tokens.add(id, false));
        return tokens;
    }

    private int[] plain(String text) {
        return tokenizer.encode(text, SpecialTokens.PLAIN);
    }

    private static TokenisedRow allScored(TokenisedRow row) {
        boolean[] scored = new boolean[row.length()];
        Arrays.fill(scored, true);
        return new TokenisedRow(row.ids(), scored);
    }

    @Override
    public Digest digest() {
        String parts = VERSION + "\n" + tokenizer.digest() + "\n" + completionOnlyLoss + "\n"
                + template.map(ChatTemplate::source).orElse("");
        return Digest.ofSha256(Hashing.sha256().digest(parts.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}

package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.adapter.UnknownAdapterException;
import io.kaitoflow.inference.chat.ChatMessage;
import io.kaitoflow.inference.chat.ChatTemplateException;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.sampling.GenerationException;
import io.kaitoflow.inference.sampling.GenerationRequest;
import io.kaitoflow.inference.sampling.GeneratorLoad;
import io.kaitoflow.inference.sampling.SamplingParameters;
import io.kaitoflow.inference.server.chat.ChatFailure;
import io.kaitoflow.inference.server.chat.ChatModel;
import io.kaitoflow.inference.server.chat.Draw;
import io.kaitoflow.inference.server.chat.ModelLoad;
import io.kaitoflow.inference.server.chat.Prompt;
import io.kaitoflow.inference.server.chat.Sampling;
import io.kaitoflow.inference.server.chat.TokenRun;
import io.kaitoflow.inference.server.chat.Turn;
import io.kaitoflow.inference.server.schema.SchemaConstraint;
import io.kaitoflow.inference.server.schema.Shape;
import io.kaitoflow.inference.server.schema.TokenTexts;
import io.kaitoflow.inference.tokenizer.ChatEncoder;
import io.kaitoflow.inference.tokenizer.SpecialTokens;
import io.kaitoflow.inference.tokenizer.Tokenizer;
import io.kaitoflow.inference.weights.WeightFileException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The engine behind the port: a generator for the tokens, a tokenizer for the text. */
final class EngineChatModel implements ChatModel {

    /** A slot is freed by whichever running reply ends first, which is rarely long. */
    private static final Duration QUEUE_RETRY = Duration.ofSeconds(2);

    /** A process that is started anew has to load its model. */
    private static final Duration RESTART_RETRY = Duration.ofSeconds(10);

    /** Below it logits that are divided by it leave the range of their numbers; only the likeliest token is left there anyhow. */
    private static final double LEAST_TEMPERATURE = 1e-5;

    private final ServedBase base;
    private final Engine engine;
    private final Tokenizer tokenizer;
    private final Optional<ChatEncoder> encoder;
    private final Owned owned;
    private final PieceText pieces;
    private final Supplier<TokenTexts> texts;

    /** Closes {@code owned}, and nothing else, at its end. */
    EngineChatModel(ServedBase base, Engine engine, Tokenizer tokenizer, Optional<ChatEncoder> encoder, Owned owned) {
        this.base = base;
        this.engine = engine;
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.owned = owned;
        this.pieces = new PieceText(tokenizer);
        this.texts = Once.of(() -> TokenPieces.of(pieces));
    }

    @Override
    public int contextLength() {
        return engine.context();
    }

    @Override
    public boolean hasChatTemplate() {
        return encoder.isPresent();
    }

    @Override
    public Prompt chat(List<Turn> turns) {
        ChatEncoder chat = encoder.orElseThrow(() -> new ChatFailure.BadRequest(
                "messages", "messages need a chat template, and this model has none; send a prompt."));
        try {
            return new Prompt(chat.prompt(turns.stream()
                    .map(turn -> new ChatMessage(turn.role(), turn.content()))
                    .toList()));
        } catch (ChatTemplateException.Refused refused) {
            throw new ChatFailure.BadRequest("messages", "messages: " + refused.getMessage());
        } catch (ChatTemplateException broken) {
            throw new ChatFailure.GenerationFailed(broken);
        }
    }

    @Override
    public Prompt raw(String text) {
        IntStream ids = IntStream.of(tokenizer.encode(text, SpecialTokens.RECOGNISED));
        int[] all = IntStream.concat(tokenizer.bosId().stream(), ids).toArray();
        return new Prompt(all, all.length > 0 && pieces.shows(all[all.length - 1]));
    }

    @Override
    public int[] tokens(String text) {
        return tokenizer.encode(text, SpecialTokens.RECOGNISED);
    }

    @Override
    public TokenRun start(Prompt prompt, Draw draw) {
        GenerationRequest request = new GenerationRequest(
                prompt.tokens(),
                draw.budget().max(),
                draw.budget().min(),
                tokenizer.stopIds(),
                parameters(draw.sampling()),
                draw.adapter(),
                draw.odds(),
                draw.shape().map(this::constraint));
        try {
            return new EngineTokenRun(engine.generator().submit(request), pieces, prompt.endsInText());
        } catch (UnknownAdapterException unknown) {
            throw new ChatFailure.AdapterGone(String.valueOf(unknown.getMessage()));
        } catch (GenerationException.Closed _) {
            throw new ChatFailure.Busy("This server answers no more; another takes its place.", RESTART_RETRY);
        } catch (GenerationException.QueueFull _) {
            throw new ChatFailure.Busy(
                    "Every slot and every place in the queue is taken; try again soon.", QUEUE_RETRY);
        }
    }

    private SchemaConstraint constraint(Shape shape) {
        return new SchemaConstraint(shape, texts.get(), tokenizer.stopIds());
    }

    @Override
    public void loadAdapter(String name, Path folder, double strength) {
        try {
            engine.adapters().replace(name, new AdapterSource(folder, strength).read(base));
        } catch (ModelException | WeightFileException | IllegalArgumentException e) {
            throw new ChatFailure.BadRequest("lora_path", "The adapter cannot be served: " + e.getMessage());
        } catch (UncheckedIOException e) {
            throw new ChatFailure.BadRequest(
                    "lora_path", "The adapter cannot be read: " + e.getMessage() + " failed: " + e.getCause());
        }
    }

    @Override
    public void unloadAdapter(String name) {
        engine.adapters().unload(name);
    }

    @Override
    public boolean hasFailed() {
        return engine.generator().hasFailed();
    }

    @Override
    public ModelLoad load() {
        GeneratorLoad load = engine.generator().load();
        return new ModelLoad(load.active(), load.queued(), load.tokens(), load.freeTokens());
    }

    /** A caller's top p of 0 means the likeliest token alone; the engine wants it above 0. */
    private static SamplingParameters parameters(Sampling sampling) {
        return new SamplingParameters(
                sampling.temperature() < LEAST_TEMPERATURE ? 0 : sampling.temperature(),
                sampling.topK(),
                Math.max(sampling.topP(), Double.MIN_NORMAL),
                sampling.minP(),
                new SamplingParameters.Penalties(
                        sampling.penalties().repetition(),
                        sampling.penalties().presence(),
                        sampling.penalties().frequency()),
                sampling.seed());
    }

    @Override
    public void close() {
        owned.close();
    }
}

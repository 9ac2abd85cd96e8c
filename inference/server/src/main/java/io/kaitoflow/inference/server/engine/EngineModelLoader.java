package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.chat.ChatTemplate;
import io.kaitoflow.inference.decode.DecodeModel;
import io.kaitoflow.inference.decode.cuda.CudaModel;
import io.kaitoflow.inference.server.chat.ChatModel;
import io.kaitoflow.inference.server.chat.Draw;
import io.kaitoflow.inference.server.chat.ModelLoader;
import io.kaitoflow.inference.server.chat.Prompt;
import io.kaitoflow.inference.server.chat.Sampling;
import io.kaitoflow.inference.server.chat.TokenBudget;
import io.kaitoflow.inference.server.chat.TokenRun;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.DeviceChoice;
import io.kaitoflow.inference.tensor.TensorException;
import io.kaitoflow.inference.tokenizer.ChatEncoder;
import io.kaitoflow.inference.tokenizer.ModelFiles;
import io.kaitoflow.inference.tokenizer.Tokenizer;
import io.kaitoflow.inference.tokenizer.TokenizerException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads a model with its adapters and lets each make a few tokens, so that the first caller does not pay for what is
 * prepared lazily.
 */
public final class EngineModelLoader implements ModelLoader {

    private static final Logger LOG = LoggerFactory.getLogger(EngineModelLoader.class);
    private static final TokenBudget WARM_UP = new TokenBudget(4, 4);
    private static final int PROMPT_TOKENS = 16;

    private final EngineSettings settings;

    /** Reads nothing yet. */
    public EngineModelLoader(EngineSettings settings) {
        this.settings = settings;
    }

    @Override
    public ChatModel load() {
        try (Owned owned = new Owned()) {
            LoadPhases phases = new LoadPhases();
            ModelFiles files = ModelFiles.at(settings.model());
            CompletableFuture<Tokenizer> text = CompletableFuture.supplyAsync(files::tokenizer);
            owned.add(() -> closeWhenLoaded(text));
            CompletableFuture<Optional<ChatTemplate>> template = CompletableFuture.supplyAsync(() -> template(files));
            Engine engine = engine(owned, phases);
            Tokenizer tokenizer = loaded(text);
            phases.ended("tokenizer");
            Optional<ChatEncoder> encoder = loaded(template).map(found -> new ChatEncoder(tokenizer, found));
            phases.ended("template");
            warmUp(new EngineChatModel(settings.base(), engine, tokenizer, encoder, new Owned()), tokenizer.eosId());
            phases.ended("first tokens");
            return new EngineChatModel(settings.base(), engine, tokenizer, encoder, owned.handOver());
        }
    }

    private static <T> T loaded(CompletableFuture<T> part) {
        try {
            return part.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static void closeWhenLoaded(CompletableFuture<Tokenizer> text) {
        // A tokenizer that could not be loaded has nothing to close.
        text.thenAccept(Tokenizer::close).exceptionally(_ -> null).join();
    }

    /** On a GPU that was only found, and not asked for, what cannot be had there is computed on the processor. */
    private Engine engine(Owned owned, LoadPhases phases) {
        DeviceChoice choice = settings.arithmetic().device();
        try {
            Optional<Engine> ours = onGpu(owned, phases);
            return ours.isPresent() ? ours.get() : on(choice.device(), owned, phases);
        } catch (TensorException e) {
            if (choice != DeviceChoice.AUTO || !choice.wantsGpu()) {
                throw e;
            }
            LOG.warn("Computing on the processor. {}", e.getMessage());
            return on(ComputeDevice.CPU, owned, phases);
        }
    }

    /** In bfloat16 by kernels of our own, if there are some for the model and what they need is there. PyTorch is not. */
    private Optional<Engine> onGpu(Owned owned, LoadPhases phases) {
        Arithmetic asked = settings.arithmetic();
        if (asked.type() != ComputeType.BFLOAT16
                || asked.deterministic()
                || !asked.device().wantsGpu()) {
            return Optional.empty();
        }
        try (Owned taken = new Owned()) {
            Optional<Engine> engine =
                    CudaModel.open(settings.model()).map(model -> GpuEngine.start(model, settings, taken, phases));
            owned.add(taken.handOver()::close);
            return engine;
        }
    }

    /** On the processor weights as they are stored, where there are kernels for that; else converted and given to PyTorch. */
    private Engine on(ComputeDevice device, Owned owned, LoadPhases phases) {
        Arithmetic asked = settings.arithmetic();
        Optional<DecodeModel> stored = device == ComputeDevice.CPU
                ? DecodeModel.open(settings.model(), asked.type() == ComputeType.BFLOAT16)
                : Optional.empty();
        if (stored.isPresent()) {
            return StoredEngine.start(stored.get(), settings, owned, phases);
        }
        if (asked.deterministic()) {
            throw new IllegalArgumentException(
                    "--deterministic: this model is computed by PyTorch or on a GPU, where sums depend on what"
                            + " is computed beside them. Serve it without, or on a processor where it is on a GPU.");
        }
        return ConvertedEngine.start(settings, device, owned, phases);
    }

    /** A model without a template is a base model: it continues texts and refuses conversations. */
    private static Optional<ChatTemplate> template(ModelFiles files) {
        try {
            return Optional.of(files.chatTemplate());
        } catch (TokenizerException.Missing missing) {
            LOG.info("Serving without chat: {}", missing.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Any prompt will do; one of a token that every tokenizer has depends on no vocabulary. What an adapter runs through is what
     * the base and the other adapters run through.
     */
    private void warmUp(ChatModel model, int token) {
        int[] tokens = new int[Math.clamp(model.contextLength() - WARM_UP.max(), 1, PROMPT_TOKENS)];
        Arrays.fill(tokens, token);
        Prompt prompt = new Prompt(tokens);
        Optional<String> adapter = settings.adapters().keySet().stream().findFirst();
        TokenRun run =
                model.start(prompt, new Draw(WARM_UP, Sampling.GREEDY, adapter, OptionalInt.empty(), Optional.empty()));
        run.forEachRemaining(_ -> {});
    }
}

package io.kaitoflow.inference.server;

import io.kaitoflow.inference.server.chat.ChatFailure;
import io.kaitoflow.inference.server.chat.ChatModel;
import io.kaitoflow.inference.server.chat.Draw;
import io.kaitoflow.inference.server.chat.FinishReason;
import io.kaitoflow.inference.server.chat.ModelLoad;
import io.kaitoflow.inference.server.chat.Prompt;
import io.kaitoflow.inference.server.chat.Sampling;
import io.kaitoflow.inference.server.chat.TokenBudget;
import io.kaitoflow.inference.server.chat.TokenOdds;
import io.kaitoflow.inference.server.chat.TokenRun;
import io.kaitoflow.inference.server.chat.Turn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A model whose words are its tokens: it says who it is and repeats what it was given. Knobs: slots, a gate before
 * each token, a failure.
 */
final class ScriptedModel implements ChatModel {

    static final int CONTEXT = 40;
    static final int CACHED = 2;

    private final Semaphore slots;
    private final Semaphore gate;
    private final AtomicInteger failures = new AtomicInteger();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Map<String, Double> loaded = new ConcurrentHashMap<>();
    private volatile boolean failed;
    private volatile Optional<Sampling> lastSampling = Optional.empty();

    private ScriptedModel(int slots, int openTokens) {
        this.slots = new Semaphore(slots);
        this.gate = new Semaphore(openTokens);
    }

    static ScriptedModel ready() {
        return new ScriptedModel(8, Integer.MAX_VALUE / 2);
    }

    /** Makes {@code tokens} tokens, then waits for {@link #open}. */
    static ScriptedModel pausingAfter(int tokens, int slots) {
        return new ScriptedModel(slots, tokens);
    }

    void open() {
        gate.release(1000);
    }

    /** Takes back what {@link #open} let through: the next token waits again. */
    void shut() {
        gate.drainPermits();
    }

    void failNext() {
        failures.incrementAndGet();
    }

    /** From now on it answers nothing. */
    void failForGood() {
        failed = true;
    }

    int freeSlots() {
        return slots.availablePermits();
    }

    boolean isClosed() {
        return closed.isDone();
    }

    Sampling lastSampling() {
        return lastSampling.orElseThrow();
    }

    @Override
    public int contextLength() {
        return CONTEXT;
    }

    @Override
    public boolean hasChatTemplate() {
        return true;
    }

    @Override
    public Prompt chat(List<Turn> turns) {
        return raw(
                turns.stream().map(turn -> turn.role() + " " + turn.content()).collect(Collectors.joining(" ")));
    }

    @Override
    public Prompt raw(String text) {
        return new Prompt(text.codePoints().filter(letter -> letter != '\r').toArray());
    }

    @Override
    public int[] tokens(String text) {
        return raw(text).tokens();
    }

    @Override
    public TokenRun start(Prompt prompt, Draw draw) {
        if (!slots.tryAcquire()) {
            throw new ChatFailure.Busy("All slots are taken.", Duration.ofSeconds(1));
        }
        lastSampling = Optional.of(draw.sampling());
        String heard = new String(prompt.tokens(), 0, prompt.length());
        return new Words((draw.adapter().orElse("base") + " heard " + heard).split("(?= )", -1), draw);
    }

    @Override
    public void loadAdapter(String name, Path folder, double strength) {
        if (folder.endsWith("broken")) {
            throw new ChatFailure.BadRequest("lora_path", "The adapter cannot be served: scripted");
        }
        if (folder.endsWith("haunted")) {
            throw new IllegalStateException("scripted");
        }
        loaded.put(name, strength);
    }

    @Override
    public void unloadAdapter(String name) {
        loaded.remove(name);
    }

    @Override
    public boolean hasFailed() {
        return failed;
    }

    @Override
    public ModelLoad load() {
        return new ModelLoad(3, 2, 100, 60);
    }

    /** Adapters that were loaded, with their strengths. */
    Map<String, Double> loaded() {
        return Map.copyOf(loaded);
    }

    @Override
    public void close() {
        closed.complete(null);
    }

    private final class Words implements TokenRun {

        private final List<String> words;
        private final FinishReason ending;
        private final OptionalInt likeliest;
        private int said;
        private int told;
        private volatile boolean cancelled;
        private boolean freed;

        Words(String[] all, Draw draw) {
            TokenBudget budget = draw.budget();
            this.likeliest = draw.odds();
            int length = Math.min(Math.max(all.length, budget.min()), budget.max());
            this.words = IntStream.range(0, length)
                    .mapToObj(at -> at < all.length ? all[at] : " more")
                    .toList();
            this.ending = all.length > budget.max() ? FinishReason.LENGTH : FinishReason.STOP;
        }

        @Override
        public boolean hasNext() {
            if (said < words.size() && !cancelled && failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                free();
                throw new ChatFailure.GenerationFailed(new IllegalStateException("scripted"));
            }
            boolean more = said < words.size() && !cancelled;
            if (more) {
                gate.acquireUninterruptibly();
            } else {
                free();
            }
            return more && !cancelled;
        }

        @Override
        public String next() {
            if (said >= words.size()) {
                throw new NoSuchElementException("all words are said");
            }
            return words.get(said++);
        }

        @Override
        public int tokens() {
            return said;
        }

        /** The chosen word at one half, and each other one half as likely as the one before. */
        @Override
        public List<TokenOdds> takeOdds() {
            int from = told;
            told = said;
            return likeliest.isEmpty()
                    ? List.of()
                    : IntStream.range(from, said).mapToObj(this::odds).toList();
        }

        private TokenOdds odds(int at) {
            return new TokenOdds(
                    new TokenOdds.Candidate(words.get(at), Math.log(0.5)),
                    IntStream.range(0, likeliest.orElse(0))
                            .mapToObj(i -> new TokenOdds.Candidate(
                                    i == 0 ? words.get(at) : "other" + i, Math.log(Math.pow(0.5, i + 1.0))))
                            .toList());
        }

        @Override
        public int cachedTokens() {
            return CACHED;
        }

        @Override
        public FinishReason finishReason() {
            return cancelled ? FinishReason.CANCELLED : ending;
        }

        @Override
        public void cancel() {
            cancelled = true;
            free();
            gate.release();
        }

        private synchronized void free() {
            if (!freed) {
                freed = true;
                slots.release();
            }
        }
    }
}

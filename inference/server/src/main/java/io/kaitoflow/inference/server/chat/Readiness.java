package io.kaitoflow.inference.server.chat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Where the server stands between start and end; the one place a request gets its model from. */
public final class Readiness {

    private static final Duration LOADING_RETRY = Duration.ofSeconds(2);
    private static final Duration DRAINING_RETRY = Duration.ofSeconds(10);

    private sealed interface State {
        String word();
    }

    private record Loading() implements State {
        @Override
        public String word() {
            return "Loading";
        }
    }

    private record Ready(ChatModel model) implements State {
        @Override
        public String word() {
            return "Healthy";
        }
    }

    private record Leaving(ChatModel model) implements State {
        @Override
        public String word() {
            return "Leaving";
        }
    }

    private record Draining(Optional<ChatModel> model) implements State {
        @Override
        public String word() {
            return "Draining";
        }
    }

    private final AtomicReference<State> state = new AtomicReference<>(new Loading());

    /** The model has answered its first tokens; a server that drains stays so. */
    public void ready(ChatModel model) {
        state.updateAndGet(now -> now instanceof Loading ? new Ready(model) : now);
    }

    /** Nobody is to be sent here any more; who comes all the same is answered. */
    public void leave() {
        state.updateAndGet(now -> now instanceof Ready(ChatModel model) ? new Leaving(model) : now);
    }

    /** Whether whoever comes is to go elsewhere next time. */
    public boolean isLeaving() {
        return state.get() instanceof Leaving;
    }

    /** No request is taken from now on. */
    public void drain() {
        state.updateAndGet(now -> new Draining(held(now)));
    }

    /** Whether somebody may be sent here. */
    public boolean isReady() {
        return state.get() instanceof Ready && !hasFailed();
    }

    /** Whether the model answers nothing any more, so that only a fresh process helps. */
    public boolean hasFailed() {
        return switch (state.get()) {
            case Ready ready -> ready.model().hasFailed();
            case Leaving leaving -> leaving.model().hasFailed();
            case Loading _, Draining _ -> false;
        };
    }

    /** One word for a health check. */
    public String word() {
        return hasFailed() ? "Failed" : state.get().word();
    }

    /** How busy the model is; nothing where there is none. */
    ModelLoad load() {
        return held(state.get()).map(ChatModel::load).orElse(ModelLoad.NONE);
    }

    /** Also while it drains: what runs then is counted too. */
    private static Optional<ChatModel> held(State state) {
        return switch (state) {
            case Loading _ -> Optional.empty();
            case Ready(ChatModel model) -> Optional.of(model);
            case Leaving(ChatModel model) -> Optional.of(model);
            case Draining(Optional<ChatModel> model) -> model;
        };
    }

    /** @throws ChatFailure.Busy before the model is there and when the server goes away */
    public ChatModel model() {
        return switch (state.get()) {
            case Ready ready -> ready.model();
            case Leaving leaving -> leaving.model();
            case Loading _ -> throw new ChatFailure.Busy("The model is still being loaded.", LOADING_RETRY);
            case Draining _ -> throw new ChatFailure.Busy("The server is shutting down.", DRAINING_RETRY);
        };
    }
}

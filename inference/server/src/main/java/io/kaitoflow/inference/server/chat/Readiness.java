package io.kaitoflow.inference.server.chat;

import java.time.Duration;
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

    private record Draining() implements State {
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

    /** No request is taken from now on. */
    public void drain() {
        state.set(new Draining());
    }

    /** Whether requests are taken. */
    public boolean isReady() {
        return state.get() instanceof Ready;
    }

    /** One word for a health check. */
    public String word() {
        return state.get().word();
    }

    /** How busy the model is; nothing where there is none. */
    ModelLoad load() {
        return state.get() instanceof Ready ready ? ready.model().load() : ModelLoad.NONE;
    }

    /** @throws ChatFailure.Busy before the model is there and when the server goes away */
    public ChatModel model() {
        return switch (state.get()) {
            case Ready ready -> ready.model();
            case Loading _ -> throw new ChatFailure.Busy("The model is still being loaded.", LOADING_RETRY);
            case Draining _ -> throw new ChatFailure.Busy("The server is shutting down.", DRAINING_RETRY);
        };
    }
}

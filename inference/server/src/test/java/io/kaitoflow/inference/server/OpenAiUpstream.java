package io.kaitoflow.inference.server;

import java.net.URI;

/** This product's own server with a scripted model, for whoever needs an OpenAI server behind it. */
public final class OpenAiUpstream implements AutoCloseable {

    private final ServedModel served;

    private OpenAiUpstream(ServedModel served) {
        this.served = served;
    }

    /** Serves {@code base} and {@code tuned}. */
    public static OpenAiUpstream start() {
        return new OpenAiUpstream(ServedModel.of(ScriptedModel.ready()));
    }

    public URI address() {
        return served.address();
    }

    @Override
    public void close() {
        served.close();
    }
}

package io.kaitoflow.inference.server;

import io.kaitoflow.inference.server.chat.ServedNames;
import io.kaitoflow.inference.server.engine.EngineSettings;
import java.util.List;

/**
 * Everything the process was told, read once.
 *
 * @param names what callers ask for; one adapter each of the engine's
 * @param endsWithParent whether the end of standard input stops the server
 */
record ServerSettings(ServedNames names, EngineSettings engine, HttpSettings http, boolean endsWithParent) {

    static ServerSettings of(String modelName, EngineSettings engine, HttpSettings http, boolean endsWithParent) {
        ServedNames names =
                new ServedNames(modelName, List.copyOf(engine.adapters().keySet()));
        return new ServerSettings(names, engine, http, endsWithParent);
    }

    /** One line for the log. Nothing here is secret yet; a secret that joins must not be shown. */
    String describe() {
        return names + ", " + engine + ", " + http;
    }
}

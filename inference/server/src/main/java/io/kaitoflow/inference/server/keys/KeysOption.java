package io.kaitoflow.inference.server.keys;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of whoever asks for keys. */
public final class KeysOption {

    @Option(
            names = "--api-keys",
            paramLabel = "PLACE",
            description =
                    "File with one key a line, or a folder of such files, e.g. a mounted Secret; callers must then send"
                            + " one as a bearer token. Other keys in the same place count as soon as they are there.")
    private @Nullable Path place;

    /**
     * Where keys lie; empty where nobody is asked for one.
     *
     * @throws IllegalArgumentException when there is none
     */
    public Optional<KeyPlace> place() {
        return Optional.ofNullable(place).map(KeyPlace::at);
    }
}

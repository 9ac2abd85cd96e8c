package io.kaitoflow.worker.cli.local;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.model.ModelStore;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.workflows.status.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first start of a server on this machine, made while the tuner has it: it leaves the class archive that halves
 * the time of the start that the user waits for. Nothing depends on it.
 */
public final class ServerRehearsal implements Consumer<Phase>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerRehearsal.class);

    private final LocalHome home;
    private final Optional<Preset> preset;
    private final ModelStore models;
    private Optional<ServerProcess> server = Optional.empty();
    private boolean begun;

    /** @param preset that is tuned, which lies in {@code models} by then */
    public ServerRehearsal(LocalHome home, Optional<Preset> preset, ModelStore models) {
        this.home = home;
        this.preset = preset;
        this.models = models;
    }

    /** Begins with the first tuning. */
    @Override
    public void accept(Phase phase) {
        if (!begun && phase instanceof Phase.Tuning) {
            begun = true;
            begin();
        }
    }

    private void begin() {
        if (ServerProcess.unrehearsed(home)) {
            server = preset.flatMap(known -> models.cached(known, ProgressListener.silent()))
                    .flatMap(model -> start(model.path()));
        }
    }

    private Optional<ServerProcess> start(Path model) {
        try {
            return Optional.of(ServerProcess.rehearse(
                    home, List.of("--model", model.toString()), home.logs().resolve("server-rehearsal.log")));
        } catch (IOException | CommandFailure e) {
            LOG.info("The server's start was not rehearsed: {}", e.toString());
            return Optional.empty();
        }
    }

    /** Ends it, should it still run. */
    @Override
    public void close() {
        server.ifPresent(ServerProcess::close);
    }
}

package io.kaitoflow.temporal;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** A Temporal server that this process may use, and stops when it is its own. */
public interface TemporalServer extends AutoCloseable {

    /** Where it answers. */
    TemporalAddress address();

    /** Where people look at runs, if there is such a place. */
    Optional<URI> webUi();

    /** Whether runs survive the death of this process. */
    boolean durable();

    @Override
    void close();

    /**
     * The best server at hand: the given one; else the {@code temporal} binary of the PATH with its database under
     * {@code folder}; else one inside this process, whose runs end with it.
     *
     * @param given what the user named
     * @param folder for the database and the process file; created when needed
     */
    static TemporalServer choose(Optional<TemporalAddress> given, Path folder) {
        if (given.isPresent()) {
            return new GivenServer(given.get());
        }
        return DevServer.binaryOnPath()
                .<TemporalServer>map(binary -> DevServer.startOrFind(binary, folder))
                .orElseGet(TemporalServer::inProcess);
    }

    /** One inside this process, on a loopback port; its runs end with it. */
    static TemporalServer inProcess() {
        return InProcessServer.start();
    }

    /**
     * The dev server that this binary is, with its database under {@code folder}; one that runs there already is used and
     * left running.
     *
     * @param binary of Temporal's command line, as {@code temporal/dev/server install} puts it
     */
    static TemporalServer dev(Path binary, Path folder) {
        return DevServer.startOrFind(binary, folder);
    }
}

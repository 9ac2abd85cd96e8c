package io.kaitoflow.inference.server.adapters;

import io.kaitoflow.inference.server.chat.ChatFailure;
import io.kaitoflow.inference.server.chat.Readiness;
import io.kaitoflow.inference.server.follow.Lookout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the adapters that a file lists, and each newer list as soon as it is there. The file is the only way in: no request
 * reaches it.
 */
public final class AdapterFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdapterFollower.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final AdapterDesk desk;
    private final Readiness readiness;
    private final Optional<Lookout> lookout;
    private volatile AdapterStanding standing = AdapterStanding.NONE;

    private AdapterFollower(AdapterDoor door, AdapterDesk desk, Readiness readiness) {
        this.desk = desk;
        this.readiness = readiness;
        this.lookout = switch (door) {
            case AdapterDoor.Followed(Path file, AdapterList first) ->
                Optional.of(Lookout.start("adapter-follower", LOOK_AGAIN, first, seen -> look(file, seen)));
            case AdapterDoor.Callers _, AdapterDoor.Closed _ -> Optional.empty();
        };
    }

    /** Follows what the door names, until it is closed. */
    public static AdapterFollower start(AdapterDoor door, AdapterDesk desk, Readiness readiness) {
        return new AdapterFollower(door, desk, readiness);
    }

    /** What became of the newest list. */
    public AdapterStanding standing() {
        return standing;
    }

    /**
     * The list that a file holds.
     *
     * @throws IllegalArgumentException when it holds none
     */
    public static AdapterList read(Path file) {
        try {
            return AdapterList.parse(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("The list of adapters " + file + " cannot be read: " + e, e);
        }
    }

    /** Returns the list that was dealt with last; none is before the model can take one. */
    private AdapterList look(Path file, AdapterList seen) {
        if (!readiness.isReady()) {
            return seen;
        }
        try {
            AdapterList now = read(file);
            if (!now.equals(seen)) {
                serve(now);
            } else if (standing.revision().isEmpty()) {
                standing = new AdapterStanding(now.revision(), null);
            }
            return now;
        } catch (IllegalArgumentException broken) {
            if (!String.valueOf(broken.getMessage()).equals(standing.refusal())) {
                refused(standing.revision(), String.valueOf(broken.getMessage()));
            }
            return seen;
        }
    }

    private void serve(AdapterList list) {
        if (list.refusal().isPresent()) {
            refused(list.revision(), list.refusal().get());
            return;
        }
        try {
            desk.serve(list.adapters());
            standing = new AdapterStanding(list.revision(), null);
            LOG.info("Serving the adapters of revision {}: {}", list.revision(), list.adapters());
        } catch (ChatFailure failure) {
            refused(list.revision(), failure.text());
        } catch (RuntimeException unforeseen) { // whatever it is, later lists must be looked at
            LOG.error("The adapters of revision {} could not be loaded.", list.revision(), unforeseen);
            refused(list.revision(), "They could not be loaded: " + unforeseen);
        }
    }

    private void refused(String revision, String reason) {
        standing = new AdapterStanding(revision, reason);
        LOG.warn("The adapters of revision {} are not served: {}", revision, reason);
    }

    @Override
    public void close() {
        lookout.ifPresent(Lookout::close);
    }
}

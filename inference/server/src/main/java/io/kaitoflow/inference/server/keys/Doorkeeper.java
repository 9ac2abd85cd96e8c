package io.kaitoflow.inference.server.keys;

import io.kaitoflow.inference.server.follow.Lookout;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks callers for a key where the server was given some, and follows their place: the keys that it holds now are those that count.
 * A place that holds none any more, or cannot be read, leaves those that counted before.
 */
public final class Doorkeeper implements AutoCloseable {

    /** What is said to whoever shows none. */
    public static final String QUESTION = "This server asks for a key: send the header Authorization: Bearer KEY.";

    private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    /** What probes, monitoring and descriptions need. */
    private static final Set<String> OPEN =
            Set.of("/", "/health", "/health/live", "/health/ready", "/health/adapters", "/metrics", "/openapi.json");

    private final Optional<Lookout> lookout;
    private volatile Optional<ApiKeys> keys;

    private Doorkeeper(Optional<KeyPlace> place) {
        this.keys = place.map(KeyPlace::first);
        this.lookout =
                place.map(there -> Lookout.start("api-keys", LOOK_AGAIN, "", complaint -> look(there, complaint)));
    }

    /** @param place of the keys; empty where everybody is let in */
    public static Doorkeeper of(Optional<KeyPlace> place) {
        return new Doorkeeper(place);
    }

    /**
     * Whether a call may pass. Health, metrics and the page itself are open to all.
     *
     * @param path decoded, without the query
     * @param authorization the header of that name; empty where there is none
     */
    public boolean lets(String method, String path, String authorization) {
        boolean page = method.equals("GET") && path.equals("/chat");
        return page
                || OPEN.contains(path)
                || keys.map(known -> known.open(authorization)).orElse(true);
    }

    /** Returns what there is to complain of; the same is said once. */
    private String look(KeyPlace place, String complaint) {
        try {
            take(place.now());
            return "";
        } catch (IllegalArgumentException wrong) {
            String now = String.valueOf(wrong.getMessage());
            if (!now.equals(complaint)) {
                LOG.warn("{} The keys of before count on.", now);
            }
            return now;
        }
    }

    private void take(ApiKeys now) {
        if (!keys.equals(Optional.of(now))) {
            keys = Optional.of(now);
            LOG.info("The keys were renewed: {} from now on.", now);
        }
    }

    @Override
    public void close() {
        lookout.ifPresent(Lookout::close);
    }
}

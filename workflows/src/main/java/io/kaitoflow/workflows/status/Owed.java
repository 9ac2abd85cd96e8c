package io.kaitoflow.workflows.status;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that has to be given back before a workspace can go.
 *
 * @param what it is and how its provider calls it
 * @param since when it is asked back; empty while it is in use
 * @param answer what was answered last
 */
public record Owed(String what, Optional<Instant> since, Optional<String> answer) {

    /** For lists: {@code machine Standard_NC24ads_A100_v4 (ws1a2b3c4d5), asked back since …; last answer: …}. */
    public String sentence() {
        return what
                + since.map(at -> ", asked back since " + at).orElse("")
                + answer.map(said -> "; last answer: " + said).orElse("");
    }
}

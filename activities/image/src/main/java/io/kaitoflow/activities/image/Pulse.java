package io.kaitoflow.activities.image;

/** Is felt about every second while a call to a registry is under way; what it throws ends the call. */
@FunctionalInterface
public interface Pulse {

    void beat();

    /** Nobody listens. */
    static Pulse none() {
        return () -> {};
    }
}

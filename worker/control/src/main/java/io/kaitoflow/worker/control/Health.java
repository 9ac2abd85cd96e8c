package io.kaitoflow.worker.control;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** What this process can say of itself at any time, also before it has begun and while it ends. */
final class Health {

    private final AtomicReference<Supplier<List<String>>> dead = new AtomicReference<>(List::of);
    private final AtomicReference<Supplier<List<String>>> missing =
            new AtomicReference<>(() -> List.of("The control plane is starting."));

    /** It works from now on, as far as the plane itself says. */
    void serving(ControlPlane plane) {
        dead.set(plane::dead);
        missing.set(plane::missing);
    }

    /** Nothing is to be expected of it for this reason. */
    void without(String reason) {
        missing.set(() -> List.of(reason));
    }

    /** Why only a fresh process can help; empty while this one can. */
    List<String> dead() {
        return dead.get().get();
    }

    /** What is missing for work to be done. */
    List<String> missing() {
        return missing.get().get();
    }
}

package io.kaitoflow.activities.rollout.local;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import java.nio.file.Path;

/** Brings to this machine what a server starts with. Owned here, implemented by whoever wires the rooms. */
public interface ServedFiles {

    /**
     * A base model on this machine.
     *
     * @param path file or folder
     * @param digest of its weights
     */
    record Model(Path path, Digest digest) {}

    /** The base model, whole and checked. */
    Model model(Preset preset);

    /** A folder with the adapter: pulled and verified by its digest, or found in its volume. */
    Path adapter(ServedAdapter adapter);
}

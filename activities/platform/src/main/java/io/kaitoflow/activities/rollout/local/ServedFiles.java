package io.kaitoflow.activities.rollout.local;

import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import java.nio.file.Path;

/** Brings to this machine what a server starts with. Owned here, implemented by whoever wires the rooms. */
public interface ServedFiles {

    /** The base model's file or folder, whole and checked. */
    Path model(Preset preset);

    /** A folder with the adapter, pulled and verified by its digest. */
    Path adapter(ServedAdapter adapter);
}

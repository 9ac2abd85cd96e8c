package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.adapter.AdapterConfiguration;
import io.kaitoflow.inference.adapter.LoraAdapter;
import java.nio.file.Path;

/**
 * Where an adapter lies and how strongly it is applied.
 *
 * @param folder as PEFT saves it
 * @param strength multiplies what it adds, from 0 to 1
 */
public record AdapterSource(Path folder, double strength) {

    /** Refuses strengths that the adapter was not made for. */
    public AdapterSource {
        if (!(strength >= 0 && strength <= 1)) {
            throw new IllegalArgumentException("An adapter's strength must be from 0 to 1, not " + strength + ".");
        }
    }

    LoraAdapter read(ServedBase base) {
        base.judge(folder);
        LoraAdapter whole = LoraAdapter.read(folder);
        AdapterConfiguration trained = whole.configuration();
        return new LoraAdapter(
                new AdapterConfiguration(trained.rank(), trained.scaling() * strength), whole.matrices());
    }
}

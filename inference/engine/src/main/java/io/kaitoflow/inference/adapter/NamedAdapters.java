package io.kaitoflow.inference.adapter;

import io.kaitoflow.inference.model.ModelException;
import java.util.Set;

/** The adapters of one model that requests may name, and that come and go while it serves. Thread-safe. */
public interface NamedAdapters {

    /**
     * Makes an adapter available under a name.
     *
     * @throws ModelException if the name is taken or the adapter does not fit the model
     */
    void load(String name, LoraAdapter adapter);

    /**
     * Makes an adapter the one of its name from now on, whether or not another had the name before; replies keep the one they began
     * with.
     *
     * @throws ModelException if the adapter does not fit the model; what had the name then keeps it
     */
    void replace(String name, LoraAdapter adapter);

    /**
     * Takes an adapter away from new requests.
     *
     * @throws UnknownAdapterException if there is none of this name
     */
    void unload(String name);

    /** The names that requests may use, sorted. */
    Set<String> names();
}

package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.adapter.UnknownAdapterException;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.ModelException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The adapters that requests may name. Thread-safe; a reply keeps the one it began with, also when it is taken away. */
public final class AdapterShelf {
    private final ModelConfiguration model;
    private final Map<String, Adapter> byName = new ConcurrentHashMap<>();

    public AdapterShelf(ModelConfiguration model) {
        this.model = model;
    }

    /**
     * Makes an adapter available under a name.
     *
     * @throws ModelException if the name is taken or the adapter does not fit the model
     */
    public void load(String name, LoraAdapter lora) {
        if (byName.putIfAbsent(name, Adapter.of(lora, model, 1)) != null) {
            throw new ModelException(
                    "An adapter " + name + " is loaded already; unload it first or take another name.");
        }
    }

    /**
     * Makes an adapter the one of its name from now on, whether or not another had the name before.
     *
     * @throws ModelException if the adapter does not fit the model; what had the name then keeps it
     */
    public void replace(String name, LoraAdapter lora) {
        byName.put(name, Adapter.of(lora, model, 1));
    }

    /**
     * Takes an adapter away from new requests.
     *
     * @throws UnknownAdapterException if there is none of this name
     */
    public void unload(String name) {
        if (byName.remove(name) == null) {
            throw unknown(name);
        }
    }

    /** @throws UnknownAdapterException if there is none of this name */
    public Adapter named(String name) {
        Adapter adapter = byName.get(name);
        if (adapter == null) {
            throw unknown(name);
        }
        return adapter;
    }

    /** The names that requests may use, sorted. */
    public Set<String> names() {
        return new TreeSet<>(byName.keySet());
    }

    private UnknownAdapterException unknown(String name) {
        return new UnknownAdapterException(name, names());
    }
}

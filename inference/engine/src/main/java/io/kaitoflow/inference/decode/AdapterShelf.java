package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.adapter.NamedAdapters;
import io.kaitoflow.inference.adapter.UnknownAdapterException;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.ModelException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Adapters of a model that a {@link Forward} runs. */
public final class AdapterShelf implements NamedAdapters {
    private final ModelConfiguration model;
    private final Map<String, Adapter> byName = new ConcurrentHashMap<>();

    public AdapterShelf(ModelConfiguration model) {
        this.model = model;
    }

    @Override
    public void load(String name, LoraAdapter lora) {
        if (byName.putIfAbsent(name, Adapter.of(lora, model, 1)) != null) {
            throw new ModelException(
                    "An adapter " + name + " is loaded already; unload it first or take another name.");
        }
    }

    @Override
    public void replace(String name, LoraAdapter lora) {
        byName.put(name, Adapter.of(lora, model, 1));
    }

    @Override
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

    @Override
    public Set<String> names() {
        return new TreeSet<>(byName.keySet());
    }

    private UnknownAdapterException unknown(String name) {
        return new UnknownAdapterException(name, names());
    }
}

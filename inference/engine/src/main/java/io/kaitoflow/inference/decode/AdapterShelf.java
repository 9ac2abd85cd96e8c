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
import java.util.concurrent.atomic.AtomicBoolean;

/** Adapters of a model that a {@link Forward} runs. */
public final class AdapterShelf implements NamedAdapters {
    private final ModelConfiguration model;
    private final Map<String, Adapter> byName = new ConcurrentHashMap<>();
    private final AtomicBoolean somethingGivenUp = new AtomicBoolean();

    public AdapterShelf(ModelConfiguration model) {
        this.model = model;
    }

    @Override
    public void load(String name, LoraAdapter lora) {
        if (byName.putIfAbsent(name, made(lora)) != null) {
            throw new ModelException(
                    "An adapter " + name + " is loaded already; unload it first or take another name.");
        }
    }

    @Override
    public void replace(String name, LoraAdapter lora) {
        if (byName.put(name, made(lora)) != null) {
            somethingGivenUp.set(true);
        }
    }

    /**
     * What was given up before goes first: its memory, here or on a GPU, comes back when the collector has seen that no request uses it
     * any more, and nothing in the heap makes it look.
     */
    private Adapter made(LoraAdapter lora) {
        if (somethingGivenUp.getAndSet(false)) {
            System.gc();
        }
        try {
            return Adapter.of(lora, model, 1);
        } catch (ModelException e) {
            somethingGivenUp.set(true);
            throw e;
        }
    }

    /** What they take beside the heap. */
    public long bytes() {
        return byName.values().stream().mapToLong(Adapter::bytes).sum();
    }

    @Override
    public void unload(String name) {
        if (byName.remove(name) == null) {
            throw unknown(name);
        }
        somethingGivenUp.set(true);
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

package io.kaitoflow.inference.adapter;

import ai.djl.ndarray.NDManager;
import io.kaitoflow.inference.model.CausalModel;
import io.kaitoflow.inference.model.Decoder;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.tensor.TorchEngine;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Adapters of a model that PyTorch runs. One that is unloaded while requests use it stays in memory until the last of them has
 * ended.
 */
public final class AdapterRegistry implements NamedAdapters, AutoCloseable {
    private final CausalModel model;
    private final TreeMap<String, Entry> entries = new TreeMap<>();

    /** Does not own the model, which must outlive it. */
    public AdapterRegistry(CausalModel model) {
        this.model = model;
    }

    @Override
    public synchronized void load(String name, LoraAdapter adapter) {
        if (entries.containsKey(name)) {
            throw new ModelException(
                    "An adapter " + name + " is loaded already; unload it first or take another name.");
        }
        entries.put(name, read(adapter));
    }

    @Override
    public void replace(String name, LoraAdapter adapter) {
        // Not under the lock, where every request would wait for it.
        Entry fresh = read(adapter);
        synchronized (this) {
            Optional.ofNullable(entries.put(name, fresh)).ifPresent(Entry::release);
        }
    }

    private Entry read(LoraAdapter adapter) {
        NDManager owner = TorchEngine.newOwner(model.device());
        try {
            var fused = adapter.fuse(owner, model.configuration(), model.computeType());
            return new Entry(owner, model.adaptedBy(fused));
        } catch (RuntimeException e) {
            owner.close();
            throw e;
        }
    }

    @Override
    public synchronized void unload(String name) {
        find(name).release();
        entries.remove(name);
    }

    @Override
    public synchronized Set<String> names() {
        return new TreeSet<>(entries.keySet());
    }

    /**
     * Holds an adapter in memory until the lease is closed.
     *
     * @throws UnknownAdapterException if there is none of this name
     */
    public synchronized Lease acquire(String name) {
        Entry entry = find(name);
        entry.holders++;
        return new Lease(entry);
    }

    private Entry find(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new UnknownAdapterException(name, entries.keySet());
        }
        return entry;
    }

    /** Unloads all; those in use go when their leases are closed. */
    @Override
    public synchronized void close() {
        entries.values().forEach(Entry::release);
        entries.clear();
    }

    /** The right to run the model with an adapter; close it when the request has ended. */
    public final class Lease implements AutoCloseable {
        private final Entry entry;
        private boolean open = true;

        private Lease(Entry entry) {
            this.entry = entry;
        }

        /** The model with the adapter; not to be used after {@link #close}. */
        public Decoder decoder() {
            return entry.decoder;
        }

        @Override
        public void close() {
            synchronized (AdapterRegistry.this) {
                if (open) {
                    open = false;
                    entry.release();
                }
            }
        }
    }

    /** An adapter in memory, freed with its last holder; the registry itself is the first. */
    private static final class Entry {
        final NDManager owner;
        final Decoder decoder;
        int holders = 1;

        Entry(NDManager owner, Decoder decoder) {
            this.owner = owner;
            this.decoder = decoder;
        }

        void release() {
            holders--;
            if (holders == 0) {
                owner.close();
            }
        }
    }
}

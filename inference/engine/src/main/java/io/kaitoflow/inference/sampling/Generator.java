package io.kaitoflow.inference.sampling;

import io.kaitoflow.inference.adapter.AdapterRegistry;
import io.kaitoflow.inference.model.CausalModel;
import io.kaitoflow.inference.model.Decoder;
import io.kaitoflow.inference.sampling.ActiveRequest.QueuedRequest;
import io.kaitoflow.inference.sampling.Generation.Ending;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers many requests with one model. A thread of its own keeps a batch: requests join when a slot is free and leave when
 * they end, between steps, so none waits for another's reply. Thread-safe.
 */
public final class Generator implements TokenGenerator {
    private static final Logger LOG = LoggerFactory.getLogger(Generator.class);

    private final CausalModel model;
    private final AdapterRegistry adapters;
    private final GeneratorSettings settings;
    private final BlockingQueue<QueuedRequest> queue;
    private final Batch batch;
    private final Thread thread;
    private volatile boolean closed;
    /** Of what is left when the thread ends. */
    private volatile Ending last = Generation.CANCELLED;

    /** Takes the memory and starts the thread. The model and the adapters stay the caller's and must outlive it. */
    public Generator(CausalModel model, AdapterRegistry adapters, GeneratorSettings settings) {
        this.model = model;
        this.adapters = adapters;
        this.settings = settings;
        this.queue = new ArrayBlockingQueue<>(settings.queue());
        this.batch = new Batch(model.newState(settings.slots(), settings.capacity()));
        this.thread = Thread.ofPlatform().name("generator").start(this::run);
    }

    @Override
    public Generation submit(GenerationRequest request) {
        requireValid(request);
        Optional<AdapterRegistry.Lease> adapter = request.adapter().map(adapters::acquire);
        var queued = new QueuedRequest(request, new Generation(), adapter);
        queue.removeIf(Generator::endedWhileWaiting);
        boolean taken = queue.offer(queued);
        if (!taken) {
            queued.close();
            throw new GenerationException.QueueFull(settings.queue());
        }
        if (closed) {
            // The thread may have gone before it saw this one.
            endQueued();
        }
        return queued.generation();
    }

    private static boolean endedWhileWaiting(QueuedRequest queued) {
        if (queued.generation().isCancelled()) {
            queued.end(Generation.CANCELLED);
            return true;
        }
        return false;
    }

    private void requireValid(GenerationRequest request) {
        if (closed) {
            throw new GenerationException.Closed(last);
        }
        int tokens = request.prompt().length;
        if (tokens >= settings.capacity()) {
            throw new GenerationException.PromptTooLong(tokens, settings.capacity());
        }
        for (int id : request.prompt()) {
            model.configuration().requireToken(id);
        }
        request.stopIds().forEach(model.configuration()::requireToken);
    }

    @Override
    public boolean hasFailed() {
        return last instanceof Ending.Failed;
    }

    @Override
    public GeneratorLoad load() {
        return load(batch.size(), queue.size());
    }

    private void run() {
        Decoder base = model.base();
        try {
            while (!closed) {
                queue.removeIf(Generator::endedWhileWaiting);
                // One prompt a step: a queue of long prompts must not hold up the replies under way.
                Optional<QueuedRequest> next = batch.isEmpty() ? Optional.of(queue.take()) : nextIfRoom();
                next.ifPresent(queued -> batch.join(queued, base));
                batch.step();
            }
        } catch (InterruptedException e) {
            // Only close() interrupts this thread, while it waits for a request.
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) { // after it nothing that is in memory can be relied on
            last = new Ending.Failed(e);
            LOG.error("No request is answered any more. Restart this process.", e);
        } finally {
            closed = true;
            endQueued();
            batch.endAll(last);
            batch.close();
        }
    }

    private Optional<QueuedRequest> nextIfRoom() {
        return batch.hasRoom() ? Optional.ofNullable(queue.poll()) : Optional.empty();
    }

    private void endQueued() {
        for (QueuedRequest left = queue.poll(); left != null; left = queue.poll()) {
            left.end(last);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private GeneratorLoad load(int active, int queued) {
        long slot = settings.capacity();
        return new GeneratorLoad(active, queued, slot * settings.slots(), slot * (settings.slots() - active));
    }
}

package io.kaitoflow.inference.sampling;

import io.kaitoflow.inference.decode.Adapter;
import io.kaitoflow.inference.decode.AdapterShelf;
import io.kaitoflow.inference.decode.BatchDecoder;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.sampling.Generation.Ending;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests step by step on a thread of its own. Between steps requests join when there is room for their whole length,
 * and leave when they end or are cancelled; long prompts are computed in chunks beside the replies under way.
 */
public final class StepScheduler implements TokenGenerator {
    private static final Logger LOG = LoggerFactory.getLogger(StepScheduler.class);

    private final ModelConfiguration model;
    private final AdapterShelf adapters;
    private final BatchDecoder decoder;
    private final int queueLimit;
    private final StepBatch batch;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private volatile boolean closed;
    /** Of what is left when the thread ends. */
    private volatile Ending last = Generation.CANCELLED;

    /** A request that waits for room. */
    record Waiting(
            GenerationRequest request,
            Generation generation,
            @Nullable Adapter adapter) {}

    /** Starts the thread and owns the decoder. The model must outlive it. */
    public StepScheduler(ModelConfiguration model, AdapterShelf adapters, BatchDecoder decoder, int queueLimit) {
        this.model = model;
        this.adapters = adapters;
        this.decoder = decoder;
        this.queueLimit = queueLimit;
        this.batch = new StepBatch(decoder, model.vocabularySize());
        this.thread = Thread.ofPlatform().name("scheduler").start(this::run);
    }

    @Override
    public Generation submit(GenerationRequest request) {
        requireValid(request);
        Adapter adapter = request.adapter().map(adapters::named).orElse(null);
        Waiting waiting = new Waiting(request, new Generation(), adapter);
        lock.lock();
        try {
            if (closed) {
                throw new GenerationException.Closed(last);
            }
            queue.removeIf(StepScheduler::endedWhileWaiting);
            if (queue.size() >= queueLimit) {
                throw new GenerationException.QueueFull(queue.size());
            }
            queue.add(waiting);
            changed.signal();
        } finally {
            lock.unlock();
        }
        return waiting.generation();
    }

    private void requireValid(GenerationRequest request) {
        int tokens = request.prompt().length;
        if (tokens >= decoder.settings().context()) {
            throw new GenerationException.PromptTooLong(
                    tokens, decoder.settings().context());
        }
        for (int id : request.prompt()) {
            model.requireToken(id);
        }
        request.stopIds().forEach(model::requireToken);
    }

    private static boolean endedWhileWaiting(Waiting waiting) {
        if (waiting.generation().isCancelled()) {
            waiting.generation().end(Generation.CANCELLED);
            return true;
        }
        return false;
    }

    @Override
    public boolean hasFailed() {
        return last instanceof Ending.Failed;
    }

    @Override
    public GeneratorLoad load() {
        lock.lock();
        try {
            return new GeneratorLoad(
                    batch.size(), queue.size(), decoder.settings().tokens(), batch.room());
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (!closed) {
                admit();
                batch.step();
            }
        } catch (InterruptedException e) {
            // Only close() interrupts this thread, while it waits for a request.
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) { // after it nothing that is in memory can be relied on
            last = new Ending.Failed(e);
            LOG.error("No request is answered any more. Restart this process.", e);
        } finally {
            endAll();
            decoder.close();
        }
    }

    /** Lets requests join in the order they came; waits for one when there is nothing to do. */
    private void admit() throws InterruptedException {
        lock.lock();
        try {
            while (queue.isEmpty() && batch.isEmpty() && !closed) {
                changed.await();
            }
            queue.removeIf(StepScheduler::endedWhileWaiting);
            while (!queue.isEmpty() && batch.joined(queue.peek())) {
                queue.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    private void endAll() {
        lock.lock();
        try {
            closed = true;
            queue.forEach(waiting -> waiting.generation().end(last));
            queue.clear();
        } finally {
            lock.unlock();
        }
        batch.endAll(last);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
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
}

package io.kaitoflow.activities.tuning.nf4;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Shares the blocks of a tensor between a few threads; the bits do not depend on how many. Closing it ends the threads.
 */
public final class ParallelNf4Dequantiser implements Nf4Dequantiser, AutoCloseable {

    private final Nf4Dequantiser each;
    private final int threads;
    private final ExecutorService others;

    /** @param threads that work on one tensor, the caller's among them */
    public ParallelNf4Dequantiser(Nf4Dequantiser each, int threads) {
        this.each = each;
        this.threads = threads;
        this.others = Executors.newFixedThreadPool(
                Math.max(1, threads - 1),
                Thread.ofPlatform().daemon().name("dequantise-", 0).factory());
    }

    @Override
    public void dequantise(Nf4Tensor tensor, int fromBlock, int toBlock, Target target, MemorySegment out) {
        int share = Math.ceilDiv(toBlock - fromBlock, threads);
        List<Future<?>> running = new ArrayList<>();
        for (int from = fromBlock + share; from < toBlock; from += share) {
            int first = from;
            int end = Math.min(from + share, toBlock);
            running.add(others.submit(() -> each.dequantise(tensor, first, end, target, out)));
        }
        each.dequantise(tensor, fromBlock, Math.min(fromBlock + share, toBlock), target, out);
        running.forEach(ParallelNf4Dequantiser::join);
    }

    private static void join(Future<?> part) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    part.get();
                    return;
                } catch (InterruptedException e) {
                    // The other thread still writes into the caller's memory, so waiting goes on.
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        others.shutdown();
    }
}

package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Products.Scratch;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share out the pieces of one job after the other. Each has a share of neighbouring pieces, so that what it wrote in
 * one job it reads in the next from its own caches; whoever is done takes from the others' shares, so a thread that lost its
 * processor delays only the piece it holds. Waiting threads spin for some microseconds, since the next job mostly comes
 * at once, and then sleep, so that neighbours on the same processors get them.
 */
final class Crew implements AutoCloseable {
    private static final int SPINS = 2_000;
    /** Of each thread: few enough to be cheap, and enough that one which is late delays the others little. */
    private static final int PIECES_OF_ROWS = 8;

    private final Scratch ownScratch = new Scratch();
    private final List<Hand> hands;
    private volatile @Nullable Job current;
    private volatile boolean closed;

    /** Something to do in pieces that do not depend on each other. */
    interface Task {
        /** Does one piece; pieces may run at the same time. */
        void run(int piece, Scratch scratch);
    }

    /** @param threads that work, the one that calls {@link #run} included */
    Crew(int threads) {
        hands = IntStream.range(1, threads).mapToObj(Hand::new).toList();
        hands.forEach(hand -> hand.thread.start());
    }

    /** Runs all pieces and returns when they are done. Called by one thread at a time. */
    void run(int pieces, Task task) {
        if (pieces == 1 || hands.isEmpty()) {
            IntStream.range(0, pieces).forEach(piece -> task.run(piece, ownScratch));
            return;
        }
        Job job = new Job(task, pieces, hands.size() + 1);
        current = job;
        hands.forEach(Hand::wake);
        job.work(ownScratch);
        job.awaitEnd();
    }

    /** The same for each of some rows; of many rows several are a piece, since a short one costs less than its handing out. */
    void runRows(int rows, Task task) {
        int together = Math.max(1, rows / (PIECES_OF_ROWS * (hands.size() + 1)));
        run(Math.ceilDiv(rows, together), (piece, scratch) -> {
            for (int row = piece * together; row < Math.min(rows, (piece + 1) * together); row++) {
                task.run(row, scratch);
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        hands.forEach(hand -> LockSupport.unpark(hand.thread));
    }

    private static final class Job {
        /** Numbers that different threads change lie in different cache lines. */
        private static final int APART = 16;

        private final Task task;
        private final int pieces;
        private final int shares;
        private final Thread caller = Thread.currentThread();
        /** Of each share. */
        private final AtomicIntegerArray next;

        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Job(Task task, int pieces, int shares) {
            this.task = task;
            this.pieces = pieces;
            this.shares = shares;
            this.next = new AtomicIntegerArray(shares * APART);
            for (int share = 0; share < shares; share++) {
                next.setPlain(share * APART, first(share));
            }
        }

        private int first(int share) {
            return Math.toIntExact((long) pieces * share / shares);
        }

        void work(Scratch scratch) {
            int count = 0;
            for (int i = 0; i < shares; i++) {
                count += work((scratch.worker() + i) % shares, scratch);
            }
            if (count > 0 && done.addAndGet(count) == pieces) {
                LockSupport.unpark(caller);
            }
        }

        /** Takes pieces of a share until there are none, and returns how many. */
        private int work(int share, Scratch scratch) {
            int end = first(share + 1);
            int count = 0;
            for (int piece = next.getAndIncrement(share * APART);
                    piece < end;
                    piece = next.getAndIncrement(share * APART)) {
                try {
                    task.run(piece, scratch);
                } catch (RuntimeException | Error e) { // belongs to the caller, who waits
                    failure.compareAndSet(null, e);
                }
                count++;
            }
            return count;
        }

        void awaitEnd() {
            for (int spins = 0; done.get() < pieces; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
            switch (failure.get()) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }

    private final class Hand {
        private final Scratch scratch;
        private final Thread thread;
        private volatile boolean asleep;

        Hand(int number) {
            scratch = new Scratch(number);
            thread = Thread.ofPlatform().daemon().name("decode-" + number).unstarted(this::loop);
        }

        void wake() {
            if (asleep) {
                LockSupport.unpark(thread);
            }
        }

        private void loop() {
            Job last = null;
            while (!closed) {
                last = nextAfter(last);
                if (last != null) {
                    last.work(scratch);
                }
            }
        }

        private @Nullable Job nextAfter(@Nullable Job last) {
            for (int spins = 0; current == last && !closed; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    sleepUnlessNew(last);
                }
            }
            return current;
        }

        private void sleepUnlessNew(@Nullable Job last) {
            asleep = true;
            if (current == last && !closed) {
                LockSupport.park(Crew.this);
            }
            asleep = false;
        }
    }
}

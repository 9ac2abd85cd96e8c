package io.kaitoflow.inference.server.chat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The replies under way, so that a server that goes away can wait for them, and end those that take too long. */
public final class RunningReplies {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Set<Reply> replies = new HashSet<>();

    /** How many there are. */
    public int count() {
        lock.lock();
        try {
            return replies.size();
        } finally {
            lock.unlock();
        }
    }

    void add(Reply reply) {
        lock.lock();
        try {
            replies.add(reply);
        } finally {
            lock.unlock();
        }
    }

    void remove(Reply reply) {
        lock.lock();
        try {
            replies.remove(reply);
            if (replies.isEmpty()) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the running replies at most {@code grace}, then cancels what is left. */
    public void drain(Duration grace) throws InterruptedException {
        leftAfter(grace).forEach(Reply::cancel);
    }

    private List<Reply> leftAfter(Duration grace) throws InterruptedException {
        long nanos = grace.toNanos();
        lock.lock();
        try {
            while (!replies.isEmpty() && nanos > 0) {
                nanos = idle.awaitNanos(nanos);
            }
            return List.copyOf(replies);
        } finally {
            lock.unlock();
        }
    }
}

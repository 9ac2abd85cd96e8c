package io.kaitoflow.activities.nodes.byo;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Lets the requests of several threads go one at a time, in an order that a seed decides. */
final class Turns {

    private final Random random;
    private final Set<String> running = new TreeSet<>();
    private final Map<String, Boolean> waiting = new TreeMap<>();

    Turns(long seed) {
        this.random = new Random(seed);
    }

    /** All who will ask for turns, before the first does. */
    synchronized void expect(String who) {
        running.add(who);
    }

    /** Has no more requests. */
    synchronized void done(String who) {
        running.remove(who);
        grant();
    }

    /** Each request of one client waits for its turn. */
    Interceptor of(String who) {
        return new Interceptor() {
            @Override
            public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                await(who);
            }
        };
    }

    /** Nobody goes while somebody is still under way; then one of those who wait does. */
    private synchronized void await(String who) {
        running.remove(who);
        waiting.put(who, false);
        grant();
        try {
            while (!waiting.getOrDefault(who, true)) {
                wait();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The test was stopped", stopped);
        }
        waiting.remove(who);
        running.add(who);
    }

    private void grant() {
        if (running.isEmpty() && !waiting.isEmpty()) {
            String[] all = waiting.keySet().toArray(String[]::new);
            waiting.put(all[random.nextInt(all.length)], true);
            notifyAll();
        }
    }
}

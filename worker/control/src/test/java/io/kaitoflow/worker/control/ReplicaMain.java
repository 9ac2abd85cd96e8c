package io.kaitoflow.worker.control;

import io.kaitoflow.bridge.reconcile.BridgePace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * {@link ControlMain} in a hurry, by a clock that others set: each line on its standard input is an ISO duration by which the clock is
 * wrong from then on. It dies with whoever started it.
 */
final class ReplicaMain {

    private static final BridgePace PACE =
            new BridgePace(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(1));

    private ReplicaMain() {}

    /** Takes its settings from the environment, as the program itself does. */
    public static void main(String[] arguments) throws InterruptedException {
        MovableClock clock = new MovableClock();
        Thread.ofPlatform().daemon().name("orders").start(() -> obey(clock));
        new ControlMain(ControlSettings.from(System.getenv()), PACE, clock).run();
    }

    private static void obey(MovableClock clock) {
        try (BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                clock.shift(Duration.parse(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().halt(1);
    }
}

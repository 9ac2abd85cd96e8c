package io.kaitoflow.workflows.parking;

import java.util.Optional;

/**
 * A place that keeps an adapter longer than the machine that made it.
 *
 * @param place as users find it, e.g. {@code PersistentVolumeClaim geo-parked-1a2b3c4d}
 * @param path the adapter's folder, as whoever pushes it later has it
 * @param cure what users do to have it pushed from there, a sentence's second half
 * @param address of whoever takes it there; empty where it lies there already
 */
public record Berth(String place, String path, String cure, Optional<String> address) {}

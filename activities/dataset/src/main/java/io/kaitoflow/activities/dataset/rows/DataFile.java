package io.kaitoflow.activities.dataset.rows;

import java.nio.file.Path;

/**
 * A data file on this machine.
 *
 * @param path where it lies
 * @param name as the user knows it, for messages
 * @param kind how it is read
 */
public record DataFile(Path path, String name, FileKind kind) {}

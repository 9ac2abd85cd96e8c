package io.kaitoflow.inference.server.http;

import java.util.function.LongSupplier;

/** Where the seed of a request comes from that names none. */
@FunctionalInterface
public interface Seeds extends LongSupplier {}

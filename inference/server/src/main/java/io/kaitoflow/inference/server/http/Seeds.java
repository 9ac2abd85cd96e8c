package io.kaitoflow.inference.server.http;

import java.util.function.LongSupplier;

/** Where the seed of a request comes from that names none. */
@FunctionalInterface
interface Seeds extends LongSupplier {}

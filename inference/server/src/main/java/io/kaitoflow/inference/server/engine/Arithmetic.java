package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.DeviceChoice;

/**
 * Where and how numbers are computed.
 *
 * @param device asked for
 * @param type of matrices and their products
 * @param deterministic whether a reply's numbers must not depend, bit for bit, on the requests beside it
 */
public record Arithmetic(DeviceChoice device, ComputeType type, boolean deterministic) {}

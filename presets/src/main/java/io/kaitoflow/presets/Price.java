package io.kaitoflow.presets;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * A list price.
 *
 * @param hourlyUsd for one machine, on demand
 * @param region where it was asked
 * @param asOf when it was true
 */
public record Price(BigDecimal hourlyUsd, String region, LocalDate asOf) {}

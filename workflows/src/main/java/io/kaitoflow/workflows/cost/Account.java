package io.kaitoflow.workflows.cost;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What users are told about money.
 *
 * @param spending on all machines so far
 * @param budgetUsd the bound that they set
 * @param warning that a bound is near, one sentence
 */
public record Account(Spending spending, Optional<BigDecimal> budgetUsd, Optional<String> warning) {}

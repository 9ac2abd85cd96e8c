package io.kaitoflow.activities.nodes.quota;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * One namespace's queue, as numbers.
 *
 * @param namespace whose
 * @param cap its own; empty where it was taken away and not everybody knows yet
 * @param used by what is held, and by what is asked back and not gone
 * @param spent this month, by list price; nothing where no cap counts months
 * @param waiting claims
 */
public record QueueFigures(String namespace, Optional<Cap> cap, Amount used, BigDecimal spent, int waiting) {}

package io.kaitoflow.workflows.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the known annotations say about money, gates and release.
 *
 * @param budgetUsd bounds preflight, tuning and evaluation
 * @param maxDuration bounds the same by time
 * @param releaseAfterTuning the tuning node goes back before serving
 * @param minimumImprovement a tuned model that improves less never serves
 * @param allowUninspected go on although the data could not be inspected
 * @param bypassResourceChecks go on although the memory estimate does not fit
 * @param servingMax for so long a model is served, over all its servers; absent from wishes of earlier releases
 */
public record Terms(
        Optional<BigDecimal> budgetUsd,
        Optional<Duration> maxDuration,
        boolean releaseAfterTuning,
        OptionalDouble minimumImprovement,
        boolean allowUninspected,
        boolean bypassResourceChecks,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Duration> servingMax) {

    public Terms {
        servingMax = Objects.requireNonNullElse(servingMax, Optional.empty());
    }

    /** A model is served for as long as it is wished for. */
    public Terms(
            Optional<BigDecimal> budgetUsd,
            Optional<Duration> maxDuration,
            boolean releaseAfterTuning,
            OptionalDouble minimumImprovement,
            boolean allowUninspected,
            boolean bypassResourceChecks) {
        this(
                budgetUsd,
                maxDuration,
                releaseAfterTuning,
                minimumImprovement,
                allowUninspected,
                bypassResourceChecks,
                Optional.empty());
    }

    /** No bounds, no gates. */
    public static Terms none() {
        return new Terms(Optional.empty(), Optional.empty(), false, OptionalDouble.empty(), false, false);
    }

    /** The same with other bounds. */
    public Terms with(Extension extension) {
        return new Terms(
                extension.budgetUsd().or(() -> budgetUsd),
                extension.maxDuration().or(() -> maxDuration),
                releaseAfterTuning,
                minimumImprovement,
                allowUninspected,
                bypassResourceChecks,
                servingMax);
    }

    /** Whether money and time are bounded alike. */
    public boolean boundedLike(Terms other) {
        return budgetUsd.equals(other.budgetUsd) && maxDuration.equals(other.maxDuration);
    }
}

package io.kaitoflow.bridge.translate;

import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.workflows.request.ServingRuntime;
import io.kaitoflow.workflows.request.ServingTerms;
import io.kaitoflow.workflows.request.Terms;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Translates the annotations about money, time, gates and release. */
final class TermsTranslator {

    private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);

    private final Annotations annotations;
    private final Findings findings;

    TermsTranslator(Annotations annotations, Findings findings) {
        this.annotations = annotations;
        this.findings = findings;
    }

    Terms translate() {
        annotations.noteUnknown();
        noteForce();
        return new Terms(
                annotations.positive(AnnotationName.BUDGET_USD),
                annotations.positive(AnnotationName.MAX_HOURS).map(TermsTranslator::hours),
                releaseAfterTuning(),
                minimumImprovement(),
                annotations.flag(AnnotationName.ALLOW_UNINSPECTED, false),
                annotations.flag(AnnotationName.BYPASS_RESOURCE_CHECKS, false),
                annotations.positive(AnnotationName.SERVING_MAX_HOURS).map(TermsTranslator::hours));
    }

    /** @param access by whom a server is reached */
    ServingTerms serving(AccessTranslator.Access access) {
        return new ServingTerms(
                !annotations.flag(AnnotationName.DISABLE_BENCHMARK, false),
                access.loadBalancer(),
                runtime(),
                surge(),
                access.keys());
    }

    private boolean releaseAfterTuning() {
        return annotations
                .word(AnnotationName.NODE_RELEASE, List.of("with-workspace", "after-tuning"))
                .filter("after-tuning"::equals)
                .isPresent();
    }

    private OptionalDouble minimumImprovement() {
        Optional<BigDecimal> number = annotations.number(AnnotationName.MINIMUM_IMPROVEMENT);
        return number.isPresent() ? OptionalDouble.of(number.get().doubleValue()) : OptionalDouble.empty();
    }

    /** KAITO's {@code transformers} means what serves by default. */
    private Optional<ServingRuntime> runtime() {
        return annotations
                .word(AnnotationName.RUNTIME, List.of("jvm", "transformers", "vllm"))
                .filter("vllm"::equals)
                .map(vllm -> ServingRuntime.VLLM);
    }

    private boolean surge() {
        return annotations
                .word(AnnotationName.ROLLOUT, List.of("recreate", "surge"))
                .filter("surge"::equals)
                .isPresent();
    }

    private void noteForce() {
        if (annotations.flag(AnnotationName.FORCE_DELETE, false)) {
            findings.note("Annotation " + AnnotationName.FORCE_DELETE.key()
                    + " lets the object go at once when it is deleted; an Event and the control plane's log then list what"
                    + " was left behind.");
        }
    }

    private static Duration hours(BigDecimal hours) {
        return Duration.ofSeconds(hours.multiply(SECONDS_PER_HOUR)
                .setScale(0, RoundingMode.HALF_UP)
                .longValue());
    }
}

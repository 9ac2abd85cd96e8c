package io.kaitoflow.workflows.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.workflows.failure.ActivityFailures;
import java.util.Calendar;
import java.util.Date;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Replay must reach the same commands, so workflow code sees nothing that answers differently the second time. */
class DeterminismTest {

    private static final JavaClasses ROOM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.kaitoflow.workflows");

    private static final JavaClasses SINS = new ClassFileImporter().importClasses(CarelessWorkflow.class);

    /** Whole packages. {@code java.lang.invoke} and {@code java.lang.runtime} are what lambdas, records and switches compile to. */
    private static final String[] ALLOWED = {
        "java.lang",
        "java.lang.annotation",
        "java.lang.invoke",
        "java.lang.runtime",
        "java.math",
        "java.time",
        "java.util",
        "java.util.function",
        "java.util.stream",
        "io.temporal.activity",
        "io.temporal.api.enums.v1",
        "io.temporal.common..",
        "io.temporal.failure",
        "io.temporal.workflow",
        "com.fasterxml.jackson.annotation",
        "org.jspecify.annotations",
        "org.slf4j",
        "io.kaitoflow.workflows..",
        "io.kaitoflow.presets"
    };

    private static final Set<Class<?>> FORBIDDEN = Set.of(
            System.class,
            Runtime.class,
            Process.class,
            ProcessBuilder.class,
            ProcessHandle.class,
            Thread.class,
            ThreadLocal.class,
            ClassLoader.class,
            Random.class,
            UUID.class,
            Date.class,
            Calendar.class,
            Timer.class,
            LoggerFactory.class);

    private static final ArchRule ONLY_ALLOWED_PACKAGES = classes()
            .that(areWorkflowCode())
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(ALLOWED).or(describe("are plain", DeterminismTest::isPlain)))
            .because("files, sockets, threads, locks and reflection are for activities");

    private static final ArchRule NO_FORBIDDEN_TYPES = noClasses()
            .that(areWorkflowCode())
            .should()
            .dependOnClassesThat(describe("look at the machine", DeterminismTest::isForbidden))
            .because("only Workflow.currentTimeMillis, sleep, await and getLogger give the same answer in a replay");

    private static final ArchRule NO_CLOCK_NO_DICE = noClasses()
            .that(areWorkflowCode())
            .should()
            .accessTargetWhere(describe("ask clock, dice or threads", DeterminismTest::answersDifferently))
            .because("a replay would get another answer");

    @Test
    void workflowCodeUsesOnlyWhatReplaysAlike() {
        ONLY_ALLOWED_PACKAGES.check(ROOM);
    }

    @Test
    void workflowCodeDoesNotLookAtTheMachine() {
        NO_FORBIDDEN_TYPES.check(ROOM);
    }

    @Test
    void workflowCodeAsksNoClockAndThrowsNoDice() {
        NO_CLOCK_NO_DICE.check(ROOM);
    }

    @Test
    void cataloguesAreReadByActivitiesOnly() {
        noClasses()
                .should()
                .dependOnClassesThat(type(PresetCatalogue.class).or(type(GpuCatalogue.class)))
                .because("catalogues change between releases, and history keeps what one said")
                .check(ROOM);
    }

    @Test
    void workflowCodeLeavesTranslatingExceptionsToActivities() {
        noClasses()
                .that(areWorkflowCode())
                .should()
                .dependOnClassesThat(type(ActivityFailures.class))
                .because("it knows the client and is called where a cancelled heartbeat is thrown, in activities")
                .check(ROOM);
    }

    @Test
    void eachRuleSeesItsSin() {
        assertThat(reports(ONLY_ALLOWED_PACKAGES)).contains("java.io.File");
        assertThat(reports(NO_FORBIDDEN_TYPES)).contains("System.nanoTime", "UUID.randomUUID", "LoggerFactory");
        assertThat(reports(NO_CLOCK_NO_DICE)).contains("Instant.now", "Math.random", "parallelStream");
    }

    private static String reports(ArchRule rule) {
        return rule.evaluate(SINS).getFailureReport().toString();
    }

    /** Everything here but the one class that only activities call. */
    private static DescribedPredicate<JavaClass> areWorkflowCode() {
        return resideInAPackage("io.kaitoflow.workflows..")
                .and(DescribedPredicate.not(type(ActivityFailures.class)))
                .as("are workflow code");
    }

    private static boolean isPlain(JavaClass used) {
        return used.isPrimitive() || used.isArray();
    }

    private static boolean isForbidden(JavaClass used) {
        return FORBIDDEN.stream().anyMatch(used::isAssignableTo);
    }

    private static boolean answersDifferently(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        return switch (access.getTarget().getName()) {
            case "now" -> owner.startsWith("java.time.");
            case "random", "identityHashCode" -> owner.startsWith("java.lang.");
            case "parallelStream", "parallel" -> owner.startsWith("java.util.");
            default -> false;
        };
    }
}

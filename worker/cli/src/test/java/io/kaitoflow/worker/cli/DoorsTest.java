package io.kaitoflow.worker.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may import whom, one sentence a door. The command sees all rooms, so the whole house is checked here. */
class DoorsTest {

    private static JavaClasses house;

    @BeforeAll
    static void walkTheHouse() {
        house = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.kaitoflow");
    }

    @Test
    void presetsAndTemporalImportNothingOfOurs() {
        check(room("io.kaitoflow.presets..").should().onlyDependOnClassesThat(ours("io.kaitoflow.presets..")));
        check(room("io.kaitoflow.temporal..").should().onlyDependOnClassesThat(ours("io.kaitoflow.temporal..")));
    }

    @Test
    void theGatewayImportsNothingOfOurs() {
        check(room("io.kaitoflow.gateway..").should().onlyDependOnClassesThat(ours("io.kaitoflow.gateway..")));
    }

    @Test
    void workflowsKnowOnlyPresets() {
        check(room("io.kaitoflow.workflows..")
                .should()
                .onlyDependOnClassesThat(ours("io.kaitoflow.workflows..", "io.kaitoflow.presets..")));
    }

    @Test
    void theEngineKnowsNoHttpServerKubernetesOrTemporal() {
        check(none("io.kaitoflow.inference.(*)..", "io.micronaut..", "io.fabric8..", "io.temporal..")
                .because("only the server room speaks HTTP"));
    }

    @Test
    void theServerKnowsNoTemporalAndNoKubernetes() {
        check(noClasses()
                .that()
                .resideInAPackage("io.kaitoflow.inference..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.temporal..", "io.fabric8..", "io.kaitoflow.workflows.."));
    }

    @Test
    void theBridgeNeverSeesActivities() {
        check(noClasses()
                .that()
                .resideInAPackage("io.kaitoflow.bridge..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.kaitoflow.activities..", "io.kaitoflow.inference..", "io.kaitoflow.worker.."));
    }

    @Test
    void activitiesNeverSeeTheCustomResource() {
        check(noClasses()
                .that()
                .resideInAPackage("io.kaitoflow.activities..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.kaitoflow.bridge..", "io.kaitoflow.worker.."));
    }

    @Test
    void nobodyImportsAWorker() {
        check(noClasses()
                .that(resideOutsideOfPackage("io.kaitoflow.worker.."))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.kaitoflow.worker.."));
    }

    @Test
    void onlyEngineAndTuningTouchDjlAndTheTokenizerItsTokenizers() {
        check(noClasses()
                .that(resideOutsideOfPackage("io.kaitoflow.inference..")
                        .and(resideOutsideOfPackage("io.kaitoflow.activities.tuning.."))
                        .and(resideOutsideOfPackage("io.kaitoflow.activities.evaluation..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl.."));
        check(noClasses()
                .that()
                .resideInAPackage("io.kaitoflow.inference.tokenizer..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl.pytorch.."));
        check(noClasses()
                .that()
                .resideInAPackage("io.kaitoflow.inference.server..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl.."));
    }

    @Test
    void onlyTheirRoomsAndTheTwoMainsTouchKubernetes() {
        check(noClasses()
                .that(resideOutsideOfPackage("io.kaitoflow.bridge..")
                        .and(resideOutsideOfPackage("io.kaitoflow.worker.cli.."))
                        .and(resideOutsideOfPackage("io.kaitoflow.worker.control.."))
                        .and(resideOutsideOfPackage("io.kaitoflow.activities.nodes.."))
                        .and(resideOutsideOfPackage("io.kaitoflow.activities.rollout..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.fabric8.."));
    }

    @Test
    void onlyTheRoomOfAzureTouchesAzure() {
        check(noClasses()
                .that(resideOutsideOfPackage("io.kaitoflow.activities.nodes.azure..")
                        .and(resideOutsideOfPackage("io.kaitoflow.activities.image.registry.azure..")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.azure..", "com.microsoft.."));
    }

    private static com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction room(String rooms) {
        return classes().that().resideInAPackage(rooms);
    }

    private static com.tngtech.archunit.base.DescribedPredicate<com.tngtech.archunit.core.domain.JavaClass> ours(
            String... rooms) {
        return resideOutsideOfPackage("io.kaitoflow..").or(resideInAnyPackage(rooms));
    }

    private static ArchRule none(String room, String... libraries) {
        return noClasses()
                .that()
                .resideInAPackage(room)
                .and()
                .resideOutsideOfPackage("io.kaitoflow.inference.server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries);
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(house);
    }
}

package io.kaitoflow.activities.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.nodes.byo.NodeProspect;
import io.kaitoflow.activities.nodes.byo.NodeSamples;
import io.kaitoflow.activities.nodes.readiness.NodeFacts;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.AdapterTask;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.preflight.InspectionAnswer;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.temporal.failure.ApplicationFailure;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PreflightActivitiesImplTest {

    private static final DatasetReport FEW_ROWS =
            new DatasetReport(24, 0, 1_400, 600, 90, 0, 0, true, List.of("data.jsonl row 7: 90 tokens"));
    private static final DatasetReport MANY_ROWS =
            new DatasetReport(9_600, 0, 560_000, 240_000, 90, 0, 0, true, List.of());
    private static final DatasetReport HUGE_ROWS =
            new DatasetReport(9_600, 0, 9_000_000, 240_000, 8_192, 0, 0, true, List.of());

    private static final AdapterInspection NO_VOLUMES = (task, waiting) -> {
        throw new AssertionError("No adapter lies in a volume");
    };

    private static final PodTrial ANY_SERVER = request -> List.of();

    private static final Digest DIGEST = Digest.parse("sha256:" + "ab".repeat(32));

    private static final class Refused extends RuntimeException implements Classified {
        private static final long serialVersionUID = 1;

        private final FailureKind kind;

        Refused(FailureKind kind, String message) {
            super(message);
            this.kind = kind;
        }

        @Override
        public FailureKind kind() {
            return kind;
        }
    }

    private static InspectionAnswer seen(DatasetReport report) {
        return new InspectionAnswer(Optional.of(report), List.of());
    }

    private static Surroundings fine(DatasetReport report) {
        return new Surroundings(
                (id, job, preset, waiting) -> seen(report),
                (preset, model) -> List.of(),
                (id, image, secrets) -> DIGEST,
                NO_VOLUMES,
                target -> List.of(),
                ANY_SERVER);
    }

    private static PreflightReport inspect(Surroundings surroundings, WorkspaceRequest request, long gibibytes) {
        WorkspacePlan plan = new PlanActivitiesImpl(
                        PresetCatalogue.load(), new ThisMachine(ByteSize.ofGibibytes(gibibytes), 2, true))
                .make(request);
        return new PreflightActivitiesImpl(surroundings).inspect(new PreflightActivities.Input(request, plan));
    }

    private static WorkspaceRequest tuning() {
        return Requests.tuning("smollm2-135m-instruct");
    }

    @Test
    void whenAllIsWellTheReportPassesAndSaysWhatWillBeTrained() {
        PreflightReport report = inspect(fine(MANY_ROWS), tuning(), 8);

        assertThat(report.passed()).isTrue();
        assertThat(report.dataset()).hasValue(MANY_ROWS);
        assertThat(report.findings()).extracting(Finding::severity).containsOnly(Severity.NOTE);
        assertThat(report.findings())
                .anyMatch(finding -> finding.message().contains("training takes 28,800 optimiser steps"))
                .anyMatch(finding -> finding.message().contains("of the 8 GiB of local"))
                .anyMatch(finding -> finding.message().contains("Training should take about 94 min on local"));
    }

    @Test
    void trainingIsForeseenForTheOwnNodesThatAreThere() {
        NodeFacts large =
                NodeFacts.of(NodeSamples.node("n8", 8, Map.of("nvidia.com/gpu.product", "NVIDIA-A100-SXM4-80GB")));

        assertThat(onOwnNodes(NodeProspect.of(List.of(large), GpuCatalogue.load()))
                        .findings())
                .anyMatch(finding -> finding.message().contains("of the 80 GiB of own"))
                .anyMatch(finding -> finding.message().contains("Training should take about"));
        assertThat(onOwnNodes(OwnNodes.UNKNOWN).findings())
                .anyMatch(finding -> finding.message().matches("Training needs about [0-9.]+ [GM]iB\\."));
    }

    private static PreflightReport onOwnNodes(OwnNodes own) {
        var machines = new CatalogueMachines(GpuCatalogue.load(), "azure", List.of(), own, Clock.systemUTC());
        WorkspacePlan plan = new PlanActivitiesImpl(PresetCatalogue.load(), machines).make(tuning());
        return new PreflightActivitiesImpl(fine(MANY_ROWS)).inspect(new PreflightActivities.Input(tuning(), plan));
    }

    @Test
    void everyMistakeIsReportedNotOnlyTheFirst() {
        Surroundings broken = new Surroundings(
                (id, job, preset, waiting) -> {
                    throw new Refused(FailureKind.DATASET_INVALID, "data.jsonl row 3 has no role.");
                },
                (preset, model) -> {
                    throw new Refused(FailureKind.MODEL_UNAVAILABLE, "The hub answered 503.");
                },
                (id, image, secrets) -> DIGEST,
                NO_VOLUMES,
                target -> {
                    throw new Refused(FailureKind.REGISTRY_DENIED, "The registry answered 403.");
                },
                ANY_SERVER);

        PreflightReport report = inspect(broken, tuning(), 8);

        assertThat(report.refusals())
                .extracting(Finding::kind)
                .containsExactly(
                        FailureKind.MODEL_UNAVAILABLE, FailureKind.REGISTRY_DENIED, FailureKind.DATASET_INVALID);
        assertThat(report.refusals())
                .extracting(Finding::subject)
                .containsExactly("preset smollm2-135m-instruct", Requests.OUTPUT.toString(), "tuning.input");
        assertThat(report.dataset()).isEmpty();
    }

    @Test
    void aRecipeThatCanHardlyLearnIsWarnedOf() {
        PreflightReport report = inspect(fine(FEW_ROWS), tuning(), 8);

        assertThat(report.passed()).isTrue();
        assertThat(report.findings())
                .filteredOn(finding -> finding.severity() == Severity.WARNING)
                .singleElement()
                .satisfies(warning ->
                        assertThat(warning.message()).contains("72 optimiser steps at a peak rate of 2.0E-4"));
    }

    @Test
    void rowsLongerThanThePlanAssumedAreRefusedWhereTheyDoNotFit() {
        PreflightReport report = inspect(fine(HUGE_ROWS), tuning(), 3);

        assertThat(report.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.kind()).isEqualTo(FailureKind.MEMORY_TOO_SMALL);
            assertThat(refusal.message())
                    .contains("The longest row has 8192 tokens")
                    .contains("attention of some queries");
        });
    }

    @Test
    void bypassedResourceChecksTurnThatIntoAWarning() {
        PreflightReport report = inspect(fine(HUGE_ROWS), Requests.with(tuning(), Requests.bypassing()), 3);

        assertThat(report.passed()).isTrue();
        assertThat(report.findings()).anyMatch(finding -> finding.kind() == FailureKind.MEMORY_TOO_SMALL);
    }

    @Test
    void dataThatCannotBeLookedAtIsToleratedWhereTheUserSaysSo() {
        Surroundings unreachable = new Surroundings(
                (id, job, preset, waiting) -> {
                    throw new Refused(FailureKind.DATASET_UNAVAILABLE, "The volume is not mounted here.");
                },
                (preset, model) -> List.of(),
                (id, image, secrets) -> DIGEST,
                NO_VOLUMES,
                target -> List.of(),
                ANY_SERVER);

        assertThat(inspect(unreachable, tuning(), 8).passed()).isFalse();
        assertThat(inspect(unreachable, Requests.with(tuning(), Requests.uninspected()), 8)
                        .passed())
                .isTrue();
    }

    @Test
    void aPodThatCouldNotLookIsToleratedWhereTheUserSaysSoAndBadRowsNever() {
        Surroundings noRoom = new Surroundings(
                (id, job, preset, waiting) -> {
                    throw new Refused(FailureKind.POD_NOT_PLACED, "0/1 nodes are available.");
                },
                (preset, model) -> List.of(),
                (id, image, secrets) -> DIGEST,
                NO_VOLUMES,
                target -> List.of(),
                ANY_SERVER);
        Surroundings badRows = new Surroundings(
                (id, job, preset, waiting) -> new InspectionAnswer(
                        Optional.of(FEW_ROWS),
                        List.of(new Finding(
                                Severity.REFUSAL, FailureKind.DATASET_INVALID, "tuning.input", "Row 3 is empty."))),
                (preset, model) -> List.of(),
                (id, image, secrets) -> DIGEST,
                NO_VOLUMES,
                target -> List.of(),
                ANY_SERVER);
        WorkspaceRequest allowing = Requests.with(tuning(), Requests.uninspected());

        assertThat(inspect(noRoom, tuning(), 8).refused().kind()).isEqualTo(FailureKind.POD_NOT_PLACED);
        assertThat(inspect(noRoom, allowing, 8).passed()).isTrue();
        assertThat(inspect(badRows, allowing, 8).refused().message()).isEqualTo("Row 3 is empty.");
    }

    @Test
    void aLookThatWasBrokenOffRefusesNothing() {
        Surroundings brokenOff = new Surroundings(
                (id, job, preset, waiting) -> {
                    Thread.currentThread().interrupt();
                    throw new Refused(FailureKind.SERVER_NOT_READY, "The wait was interrupted.");
                },
                (preset, model) -> List.of(),
                (id, image, secrets) -> DIGEST,
                NO_VOLUMES,
                target -> List.of(),
                ANY_SERVER);

        assertThatThrownBy(() -> inspect(brokenOff, tuning(), 8)).isInstanceOf(ApplicationFailure.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whatIsWaitedForIsToldWhileItIs() {
        List<String> told = new ArrayList<>();
        Surroundings slow = new Surroundings(
                (id, job, preset, waiting) -> {
                    waiting.accept("Pod w-inspect-1 finds no room.");
                    return seen(FEW_ROWS);
                },
                (preset, model) -> List.of(),
                (id, image, secrets) -> DIGEST,
                NO_VOLUMES,
                target -> List.of(),
                ANY_SERVER);
        WorkspacePlan plan = new PlanActivitiesImpl(
                        PresetCatalogue.load(), new ThisMachine(ByteSize.ofGibibytes(8), 2, true))
                .make(tuning());

        new PreflightActivitiesImpl(slow, progress -> told.add(progress.activity()))
                .inspect(new PreflightActivities.Input(tuning(), plan));

        assertThat(told).containsExactly("Pod w-inspect-1 finds no room.");
    }

    @Test
    void adaptersThatAreServedAreLookedAtOneByOne() {
        List<String> asked = new ArrayList<>();
        Surroundings surroundings = new Surroundings(
                (id, job, preset, waiting) -> seen(FEW_ROWS),
                (preset, model) -> List.of(),
                (id, image, secrets) -> {
                    asked.add(image.tag());
                    throw new Refused(FailureKind.INVALID_REQUEST, "There is no such image.");
                },
                NO_VOLUMES,
                target -> List.of(),
                ANY_SERVER);
        AdapterReference one = new AdapterReference("one", Requests.OUTPUT.withTag("one"), List.of(), 1);
        AdapterReference two = new AdapterReference("two", Requests.OUTPUT.withTag("two"), List.of(), 1);

        PreflightReport report = inspect(surroundings, Requests.serving(one, two), 8);

        assertThat(asked).containsExactly("one", "two");
        assertThat(report.refusals()).extracting(Finding::subject).containsExactly("adapter one", "adapter two");
        assertThat(report.dataset()).isEqualTo(Optional.empty());
    }

    @Test
    void whatATagStandsForIsWrittenDown() {
        AdapterReference one = new AdapterReference("one", Requests.OUTPUT, List.of(), 0.5);

        PreflightReport report = inspect(fine(FEW_ROWS), Requests.serving(one), 8);

        assertThat(report.adapters())
                .containsExactly(new ServedAdapter("one", Requests.OUTPUT, DIGEST, List.of(), 0.5));
    }

    private static Surroundings volumes(AdapterInspection volumes) {
        return new Surroundings(
                (id, job, preset, waiting) -> seen(FEW_ROWS),
                (preset, model) -> List.of(),
                (id, image, secrets) -> DIGEST,
                volumes,
                target -> List.of(),
                ANY_SERVER);
    }

    @Test
    void adaptersInVolumesAreLookedAtTogetherAndThoseOfImagesAreNot() {
        AdapterReference image = new AdapterReference("one", Requests.OUTPUT, List.of(), 1);
        AdapterReference two = new AdapterReference("two", new VolumeReference.Claim("adapters"), 1);
        AdapterReference three = new AdapterReference("three", new VolumeReference.Claim("adapters"), 1);
        Finding missing =
                new Finding(Finding.Severity.REFUSAL, FailureKind.INVALID_REQUEST, "adapter two", "It is not there.");
        List<AdapterTask> tasks = new ArrayList<>();
        Surroundings surroundings = volumes((task, waiting) -> {
            tasks.add(task);
            return List.of(missing);
        });

        PreflightReport report = inspect(surroundings, Requests.serving(image, two, three), 8);

        assertThat(tasks)
                .singleElement()
                .satisfies(task -> assertThat(task.adapters()).containsExactly(two, three));
        assertThat(report.refusals()).containsExactly(missing);
    }

    @Test
    void aVolumeThatNobodyCouldLookIntoIsARefusalUnlessThatIsAllowed() {
        Surroundings surroundings = volumes((task, waiting) -> {
            throw new Refused(FailureKind.POD_NOT_PLACED, "Pod w-inspect-1 finds no room.");
        });
        WorkspaceRequest request =
                Requests.serving(new AdapterReference("one", new VolumeReference.Claim("adapters"), 1));

        assertThat(inspect(surroundings, request, 8).refusals())
                .extracting(Finding::subject)
                .containsExactly("inference.adapters");
        assertThat(inspect(surroundings, Requests.with(request, Requests.uninspected()), 8)
                        .passed())
                .isTrue();
    }

    @Test
    void aPodOfTheOwnersOwnIsTriedAndNoModelIsAskedFor() {
        Surroundings surroundings = new Surroundings(
                (id, job, preset, waiting) -> seen(FEW_ROWS),
                (preset, model) -> {
                    throw new AssertionError("Nothing is known of its model");
                },
                (id, image, secrets) -> DIGEST,
                NO_VOLUMES,
                target -> List.of(),
                input -> {
                    throw new Refused(
                            FailureKind.CLUSTER_REFUSED,
                            "No such field in "
                                    + input.request().goal().template().orElseThrow() + ".");
                });

        PreflightReport report = inspect(surroundings, Requests.serving("{}"), 8);

        assertThat(report.refusals()).singleElement().satisfies(finding -> {
            assertThat(finding.subject()).isEqualTo("inference.template");
            assertThat(finding.message()).isEqualTo("No such field in {}.");
        });
    }

    @Test
    void aFaultOfOursIsAFailureAndNotAFinding() {
        Surroundings faulty = new Surroundings(
                (id, job, preset, waiting) -> {
                    throw new IllegalStateException("a bug");
                },
                (preset, model) -> List.of(),
                (id, image, secrets) -> DIGEST,
                NO_VOLUMES,
                target -> List.of(),
                ANY_SERVER);

        assertThatThrownBy(() -> inspect(faulty, tuning(), 8))
                .isInstanceOfSatisfying(
                        ApplicationFailure.class,
                        failure -> assertThat(failure.getType()).isEqualTo("INTERNAL"));
    }
}

package io.kaitoflow.activities.rollout.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.activities.preflight.AdapterInspection;
import io.kaitoflow.activities.preflight.DatasetInspection;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.trouble.Patience;
import io.kaitoflow.activities.rollout.cluster.trouble.PodTrouble;
import io.kaitoflow.activities.rollout.cluster.trouble.PodWait;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.preflight.AdapterTask;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.InspectionAnswer;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Data, and adapters in volumes, are looked at by a pod in the workspace's namespace, where its volumes and secrets are. Nothing is kept in this process: a pod
 * that another replica made for the same data is waited for, and one that ended well is read and not made again. What it says is
 * believed as far as its owner could say it anyway, with {@code allow-uninspected}.
 */
public final class InspectorPods implements DatasetInspection, AdapterInspection {

    private final ClusterObjects objects;
    private final LastReady lastReady;
    private final InspectorManifest manifest;
    private final Sweep sweep;
    private final Patience patience;

    /** @param client stays the caller's */
    public InspectorPods(KubernetesClient client, ClusterSettings settings) {
        this.objects = new ClusterObjects(client);
        this.lastReady = new LastReady(objects);
        this.manifest = new InspectorManifest(settings);
        this.patience = settings.patience().within(InspectorManifest.LONGEST);
        this.sweep = new Sweep(patience);
    }

    @Override
    public InspectionAnswer inspect(WorkspaceId id, TuningJob job, Preset preset, Consumer<String> waiting) {
        Pod pod = manifest.pod(new DatasetActivities.Input(id, preset, job));
        return answer(new Visit(id, pod, "the data", InspectionAnswer::passed), waiting);
    }

    @Override
    public List<Finding> inspect(AdapterTask task, Consumer<String> waiting) {
        Visit visit = new Visit(task.id(), manifest.pod(task), "the adapters", InspectionAnswer::clean);
        return answer(visit, waiting).findings();
    }

    @Override
    public boolean seenByServer(AdapterTask task) {
        return lastReady
                .of(task.id())
                .filter(server -> server.preset().equals(task.preset()))
                .filter(server -> ServerManifest.volumes(server).equals(InspectorManifest.volumes(task)))
                .isPresent();
    }

    private InspectionAnswer answer(Visit visit, Consumer<String> waiting) {
        try {
            clearEarlier(visit);
            new PodWait(
                            "The pod that looks at " + visit.what,
                            patience,
                            evidence -> waiting.accept(evidence.isEmpty() ? "looking at " + visit.what : evidence))
                    .until(visit::look);
            return visit.answer.orElseThrow();
        } catch (RolloutException.NotReady inVain) {
            throw Thread.currentThread().isInterrupted()
                    ? inVain
                    : new RolloutException.NotInspected(String.valueOf(inVain.getMessage()));
        } finally {
            if (visit.answer.isEmpty()) {
                leave(visit);
            }
        }
    }

    /** Other data's, and this data's where it was refused: somebody may have mended it. */
    private void clearEarlier(Visit visit) {
        sweep.of(
                "an earlier look at " + visit.what,
                () -> objects.pods(visit.id, Role.INSPECTOR).stream()
                        .filter(pod -> !visit.isMine(pod) || (ClusterObjects.hasEnded(pod) && !visit.passed(pod)))
                        .map(HasMetadata.class::cast)
                        .toList(),
                objects::delete);
    }

    /** What gave no answer leaves nothing behind: a pod without room would have an autoscaler buy for it. */
    private void leave(Visit visit) {
        boolean interrupted = Thread.interrupted();
        try {
            objects.read(visit.wanted)
                    .filter(pod -> PodLabels.owns(visit.id, pod))
                    .ifPresent(objects::delete);
        } catch (RolloutException nobody) {
            // It ends by its deadline, and goes with its workspace.
            return;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String phase(Pod pod) {
        return Optional.ofNullable(pod.getStatus()).map(PodStatus::getPhase).orElse("");
    }

    /** The termination message, which a kubelet cuts at 4 KiB; empty when it makes no sense. */
    private static Optional<InspectionAnswer> answer(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(ContainerStatus::getState)
                .filter(Objects::nonNull)
                .map(ContainerState::getTerminated)
                .filter(Objects::nonNull)
                .map(ContainerStateTerminated::getMessage)
                .filter(Objects::nonNull)
                .findFirst()
                .flatMap(InspectorPods::read)
                .filter(answer ->
                        answer.dataset().map(InspectorPods::isPossible).orElse(true));
    }

    private static String capitalised(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private static Optional<InspectionAnswer> read(String message) {
        try {
            return Optional.of(ServerManifest.read(message, InspectionAnswer.class));
        } catch (JsonProcessingException unreadable) {
            return Optional.empty();
        }
    }

    /** Estimates divide by these. */
    private static boolean isPossible(DatasetReport report) {
        return report.rows() > 0
                && report.heldOutRows() >= 0
                && report.heldOutRows() < report.rows()
                && report.tokens() > 0
                && report.longestRow() > 0;
    }

    /** One look, from making the pod to reading what it saw. */
    private final class Visit {

        private final WorkspaceId id;
        private final Pod wanted;
        private final String what;
        private final Predicate<InspectionAnswer> good;
        private Optional<InspectionAnswer> answer = Optional.empty();
        private int deaths;

        /** @param good whether an answer need not be asked for again */
        Visit(WorkspaceId id, Pod wanted, String what, Predicate<InspectionAnswer> good) {
            this.id = id;
            this.wanted = wanted;
            this.what = what;
            this.good = good;
        }

        boolean passed(Pod pod) {
            return "Succeeded".equals(phase(pod))
                    && InspectorPods.answer(pod).filter(good).isPresent();
        }

        boolean isMine(Pod pod) {
            return wanted.getMetadata().getName().equals(pod.getMetadata().getName());
        }

        PodWait.Look look() {
            return objects.standing(id, wanted, Role.INSPECTOR).map(this::look).orElseGet(PodWait.Look::notYet);
        }

        private PodWait.Look look(Pod pod) {
            return switch (phase(pod)) {
                case "Succeeded" -> {
                    answer = answer(pod);
                    yield answer.isPresent() ? PodWait.Look.done() : died(pod, "left a report that cannot be read");
                }
                case "Failed" -> died(pod, "ended by itself");
                default -> new PodWait.Look(false, PodTrouble.of(pod));
            };
        }

        /** Nodes go and pods are evicted; what ends each time ends for a reason of its own. */
        private PodWait.Look died(Pod pod, String otherwise) {
            Optional<PodTrouble> trouble = PodTrouble.of(pod);
            deaths++;
            if (deaths >= patience.crashes() || trouble.filter(Visit::isFinal).isPresent()) {
                throw new RolloutException.NotInspected(capitalised(what) + " could not be looked at. "
                        + trouble.map(PodTrouble::evidence).orElse(ClusterObjects.title(pod) + " " + otherwise + ".")
                        + (deaths > 1 ? " It was tried " + deaths + " times." : ""));
            }
            objects.delete(pod);
            return PodWait.Look.notYet();
        }

        /** It would happen again. */
        private static boolean isFinal(PodTrouble trouble) {
            return trouble.kind() == PodTrouble.Kind.OUT_OF_MEMORY
                    || trouble.evidence().contains("DeadlineExceeded");
        }
    }
}

package io.kaitoflow.bridge.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.parking.ParkedAdapter;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.report.AttachedReport;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.status.Owed;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.Surging;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Renders the conditions: True only for what the snapshot shows, False with the failure's kind and sentence. */
final class ConditionRenderer {

    /** The reason of what waits for a ConfigMap or Secret that is not there yet. */
    static final String WAITING_FOR_OBJECT = "WaitingForObject";

    /** Only a wish that can be acted on starts a run. */
    private static final String RUN_IS_GONE =
            "The run of the wish before is gone: somebody ended it, or its database was lost. A"
                    + " fresh one begins once this is mended; machines that are still held cost until then.";

    /** What a server that is down makes false; what was tuned and pushed stays so. */
    private static final Set<String> OF_SERVER = Set.of("InferenceReady", "WorkspaceReady", "WorkspaceSucceeded");

    private final StatusView view;
    private final Answering answering;
    private final List<Condition> conditions = new ArrayList<>();

    ConditionRenderer(StatusView view) {
        this.view = view;
        this.answering = new Answering(view);
    }

    /** The conditions of a workspace that nobody works on because of what stands in it. */
    List<Condition> objected() {
        String sentences = Stream.concat(
                        view.objections().stream(), view.left().stream().map(shown -> RUN_IS_GONE))
                .collect(Collectors.joining(" "));
        Stream.of("ResourceReady", "InferenceReady", "WorkspaceReady")
                .forEach(type -> put(type, "False", objection(), sentences));
        return List.copyOf(conditions);
    }

    List<Condition> of(WorkspaceSnapshot snapshot) {
        addMachines(snapshot);
        snapshot.preflight().ifPresent(this::addDataset);
        addJob(snapshot);
        boolean serving = answering.stillTrue(snapshot);
        if (serving || view.goal().map(WorkspaceGoal::serves).orElse(true)) {
            addInference(snapshot, serving);
        }
        addReady(snapshot, serving);
        addSucceeded(snapshot, serving);
        if (view.deleting()) {
            put("WorkspaceDeleting", "True", snapshot.phase().label(), deleting(snapshot));
        }
        return List.copyOf(conditions);
    }

    private void addMachines(WorkspaceSnapshot snapshot) {
        boolean leased = !snapshot.nodes().isEmpty();
        String nodes = String.join(", ", snapshot.nodes());
        add(snapshot, "NodeClaimReady", leased, "Leased", nodes);
        add(snapshot, "NodesReady", leased, "Ready", nodes);
        add(snapshot, "ResourceReady", leased, "Ready", nodes);
    }

    /** Where nothing is tuned there is no job to speak of. */
    private void addJob(WorkspaceSnapshot snapshot) {
        boolean started = jobStarted(snapshot);
        if (started || view.goal().map(goal -> goal.tuning().isPresent()).orElse(true)) {
            add(snapshot, "JobStarted", started, "Started", job(snapshot.phase()));
            snapshot.output()
                    .ifPresentOrElse(
                            pushed -> put("OutputPushed", "True", "Pushed", pushed(pushed, snapshot)),
                            () -> addUnpushed(snapshot));
        }
    }

    /** What is kept is said for as long as it is, also where a person stopped the run since. */
    private void addUnpushed(WorkspaceSnapshot snapshot) {
        add(snapshot, "OutputPushed", false, "", "");
        if (!(snapshot.phase() instanceof Phase.Failed)) {
            snapshot.parked().map(ParkedAdapter::sentence).ifPresent(this::addToLast);
        }
    }

    private void addSucceeded(WorkspaceSnapshot snapshot, boolean serving) {
        boolean succeeded = serving || snapshot.phase() instanceof Phase.Completed;
        if (snapshot.output().isPresent()) {
            succeeded |= answering.trouble(snapshot).isPresent();
            add(snapshot, "WorkspaceSucceeded", succeeded, "Tuned", "The adapter is pushed.");
        } else {
            add(snapshot, "WorkspaceSucceeded", succeeded, "Serving", "The model answers.");
        }
    }

    /** What is not as it was asked for is seen here. */
    private static String job(Phase phase) {
        return phase instanceof Phase.Tuning(int _, String remark) && !remark.isEmpty()
                ? phase.label() + ". " + remark + "."
                : phase.label();
    }

    private static boolean jobStarted(WorkspaceSnapshot snapshot) {
        return snapshot.adapter().isPresent()
                || switch (snapshot.phase()) {
                    case Phase.Fetching _, Phase.Tuning _, Phase.Evaluating _, Phase.Publishing _ -> true;
                    default -> false;
                };
    }

    /** Another model than was asked for answers where the new one did not come up. */
    private void addInference(WorkspaceSnapshot snapshot, boolean serving) {
        String url = snapshot.endpoint().map(Endpoint::url).orElse("");
        snapshot.endpoint()
                .flatMap(Endpoint::remark)
                .ifPresentOrElse(
                        remark -> add(snapshot, "InferenceReady", serving, "TakenBack", url + ". " + remark),
                        () -> add(
                                snapshot,
                                "InferenceReady",
                                serving,
                                "Answering",
                                url + adapters(snapshot) + edit(snapshot)));
        if (!serving) {
            snapshot.surge().flatMap(Surging::remark).ifPresent(this::addToLast);
        }
    }

    /** What of an edit is not as it was asked for, or is not yet. */
    private static String edit(WorkspaceSnapshot snapshot) {
        String why = snapshot.surge().flatMap(Surging::remark).orElse("");
        String now = snapshot.answersMeanwhile()
                ? "The newest edit is worked on beside it. " + waiting(snapshot.phase())
                : why;
        return now.isEmpty() ? "" : ". " + now;
    }

    /** A tag may move; what is served is what it stood for when it was looked at. */
    private static String adapters(WorkspaceSnapshot snapshot) {
        String named = snapshot.endpoint().stream()
                .flatMap(endpoint -> endpoint.adapters().stream())
                .map(adapter -> adapter.name() + " = " + origin(adapter))
                .collect(Collectors.joining(", "));
        return named.isEmpty() ? "" : ". Adapters: " + named;
    }

    private static String origin(ServedAdapter adapter) {
        return adapter.inRegistry()
                ? adapter.image()
                        .orElseThrow()
                        .withDigest(adapter.digest().orElseThrow())
                        .toString()
                : adapter.origin();
    }

    /** An edit that cannot be acted on does not stop what runs, but it must be seen. */
    private void addReady(WorkspaceSnapshot snapshot, boolean serving) {
        if (view.objection().isEmpty()) {
            add(snapshot, "WorkspaceReady", serving, "Serving", "The model answers.");
            snapshot.objection().ifPresent(this::addToLast);
        } else {
            String sentences = String.join(" ", view.objections());
            put("WorkspaceReady", serving ? "True" : "False", objection(), sentences);
            answering.trouble(snapshot).map(Failure::message).ifPresent(this::addToLast);
        }
    }

    /** More of the same condition: an order that meant nothing, for whoever sent it looks here, or what is kept. */
    private void addToLast(String sentence) {
        Condition last = conditions.removeLast();
        conditions.add(new ConditionBuilder(last)
                .withMessage(last.getMessage() + " " + sentence)
                .build());
    }

    private String objection() {
        return view.objection().filter(Translation.Waiting.class::isInstance).isPresent()
                ? WAITING_FOR_OBJECT
                : FailureKind.INVALID_REQUEST.name();
    }

    private static String pushed(PushedImage pushed, WorkspaceSnapshot snapshot) {
        String more = Stream.of(snapshot.remark(), snapshot.report().map(AttachedReport::words))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" "));
        return pushed.image() + " " + pushed.digest() + (more.isEmpty() ? "" : ". " + more);
    }

    /** What is left, what its providers say, and the way out for whoever cannot wait. */
    private static String deleting(WorkspaceSnapshot snapshot) {
        String left = snapshot.owed().stream().map(Owed::sentence).collect(Collectors.joining("; "));
        return "Phase " + snapshot.phase().label() + ": " + snapshot.phase().explanation() + ". "
                + (left.isEmpty() ? "Nothing is left" : "Left: " + left)
                + ". The object goes when nothing is left. To let it go at once, and look after what is left yourself:"
                + " kubectl annotate workspace " + snapshot.id().name() + " -n "
                + snapshot.id().namespace() + " kaito.sh/force-delete=true";
    }

    private void addDataset(PreflightReport report) {
        List<Finding> wrong = report.refusals().stream()
                .filter(finding -> finding.kind() == FailureKind.DATASET_INVALID
                        || finding.kind() == FailureKind.DATASET_UNAVAILABLE
                        || finding.subject().equals("tuning.input"))
                .toList();
        if (!wrong.isEmpty()) {
            String sentences = wrong.stream()
                    .map(finding -> finding.subject() + ": " + finding.message())
                    .collect(Collectors.joining(" "));
            put("DatasetReady", "False", wrong.getFirst().kind().name(), sentences);
        } else {
            report.dataset()
                    .ifPresent(data -> put(
                            "DatasetReady", "True", "Inspected", data.rows() + " rows, " + data.tokens() + " tokens"));
        }
    }

    private void add(WorkspaceSnapshot snapshot, String type, boolean holds, String reason, String message) {
        if (holds) {
            put(type, "True", reason, message);
            return;
        }
        Optional<Failure> failure = failure(snapshot, type);
        put(
                type,
                "False",
                failure.map(why -> why.kind().name()).orElse(snapshot.phase().label()),
                failure.map(Failure::sentence).orElse(waiting(snapshot.phase())));
    }

    private Optional<Failure> failure(WorkspaceSnapshot snapshot, String type) {
        return snapshot.phase() instanceof Phase.Failed(Failure why)
                ? Optional.of(why)
                : answering.trouble(snapshot).filter(wrong -> OF_SERVER.contains(type));
    }

    private static String waiting(Phase phase) {
        return switch (phase) {
            case Phase.Queued(String instanceType, String _, String reason) -> instanceType + ": " + reason;
            case Phase.Provisioning(String instanceType, String reason) -> instanceType + ": " + reason;
            case Phase.Paused(String reason) -> reason;
            case Phase.Cancelled(String reason) -> reason;
            default -> "Phase " + phase.label() + ": " + phase.explanation() + ".";
        };
    }

    private void put(String type, String status, String reason, String message) {
        conditions.add(new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withObservedGeneration(view.generation())
                .withLastTransitionTime(since(type, status))
                .build());
    }

    /** The time at which the condition took its present status. */
    private String since(String type, String status) {
        return view.previous().map(WorkspaceStatus::conditions).orElse(List.of()).stream()
                .filter(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals(status))
                .map(Condition::getLastTransitionTime)
                .findFirst()
                .orElse(view.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }
}

package io.kaitoflow.bridge.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Renders the conditions: True only for what the snapshot shows, False with the failure's kind and sentence. */
final class ConditionRenderer {

    private final StatusView view;
    private final WorkspaceSnapshot snapshot;
    private final List<Condition> conditions = new ArrayList<>();

    ConditionRenderer(StatusView view) {
        this.view = view;
        this.snapshot = view.snapshot();
    }

    List<Condition> conditions() {
        boolean leased = !snapshot.nodes().isEmpty();
        boolean serving = snapshot.phase() instanceof Phase.Serving;
        boolean finished = serving || snapshot.phase() instanceof Phase.Completed;
        String nodes = String.join(", ", snapshot.nodes());
        add("NodeClaimReady", leased, "Leased", nodes);
        add("NodesReady", leased, "Ready", nodes);
        add("ResourceReady", leased, "Ready", nodes);
        snapshot.preflight().ifPresent(this::addDataset);
        add("JobStarted", jobStarted(), "Started", snapshot.phase().label());
        add(
                "OutputPushed",
                snapshot.output().isPresent(),
                "Pushed",
                snapshot.output()
                        .map(pushed -> pushed.image() + " " + pushed.digest())
                        .orElse(""));
        add(
                "InferenceReady",
                serving,
                "Answering",
                snapshot.endpoint().map(Endpoint::url).orElse(""));
        addReady(serving);
        add("WorkspaceSucceeded", finished && snapshot.output().isPresent(), "Tuned", "The adapter is pushed.");
        if (snapshot.phase() instanceof Phase.Releasing || snapshot.phase() instanceof Phase.Released) {
            put("WorkspaceDeleting", "True", "Releasing", "What was leased is given back.");
        }
        return List.copyOf(conditions);
    }

    private boolean jobStarted() {
        return snapshot.adapter().isPresent()
                || switch (snapshot.phase()) {
                    case Phase.Fetching _, Phase.Tuning _, Phase.Evaluating _, Phase.Publishing _ -> true;
                    default -> false;
                };
    }

    /** A refused edit does not stop what runs, but it must be seen. */
    private void addReady(boolean serving) {
        if (view.refusals().isEmpty()) {
            add("WorkspaceReady", serving, "Serving", "The model answers.");
        } else {
            String sentences = view.refusals().stream().map(Refusal::sentence).collect(Collectors.joining(" "));
            put("WorkspaceReady", serving ? "True" : "False", FailureKind.INVALID_REQUEST.name(), sentences);
        }
    }

    private void addDataset(PreflightReport report) {
        List<Finding> wrong = report.refusals().stream()
                .filter(finding -> finding.kind() == FailureKind.DATASET_INVALID
                        || finding.kind() == FailureKind.DATASET_UNAVAILABLE)
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

    private void add(String type, boolean holds, String reason, String message) {
        if (holds) {
            put(type, "True", reason, message);
            return;
        }
        Optional<Failure> failure =
                snapshot.phase() instanceof Phase.Failed(Failure why) ? Optional.of(why) : Optional.empty();
        put(
                type,
                "False",
                failure.map(why -> why.kind().name()).orElse(snapshot.phase().label()),
                failure.map(Failure::sentence).orElse(waiting()));
    }

    private String waiting() {
        return switch (snapshot.phase()) {
            case Phase.Provisioning(String instanceType, String reason) -> instanceType + ": " + reason;
            case Phase.Paused(String reason) -> reason;
            case Phase.Cancelled(String reason) -> reason;
            default -> "Phase " + snapshot.phase().label() + ".";
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

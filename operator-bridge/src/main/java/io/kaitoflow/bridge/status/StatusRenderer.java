package io.kaitoflow.bridge.status;

import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.bridge.api.WorkspaceStatus.Attempt;
import io.kaitoflow.bridge.api.WorkspaceStatus.Evaluation;
import io.kaitoflow.bridge.api.WorkspaceStatus.Metric;
import io.kaitoflow.bridge.api.WorkspaceStatus.Output;
import io.kaitoflow.bridge.api.WorkspaceStatus.Performance;
import io.kaitoflow.bridge.api.WorkspaceStatus.Progress;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.ServingSpeed;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.TuningProgress;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Renders the whole status, always: what is not in the view is not in the status. */
public final class StatusRenderer {

    /** One machine, until a workspace can have several. */
    private static final int TARGET_NODES = 1;

    private static final int DECIMALS = 4;

    public WorkspaceStatus render(StatusView view) {
        return view.snapshot().map(snapshot -> working(view, snapshot)).orElseGet(() -> notBegun(view));
    }

    /** Nobody works on it. Of a run that is gone stays what it made, and the machines that nobody has given back. */
    private static WorkspaceStatus notBegun(StatusView view) {
        Optional<WorkspaceStatus> left = view.left();
        boolean waiting =
                view.objection().filter(Translation.Waiting.class::isInstance).isPresent();
        return new WorkspaceStatus(
                left.map(WorkspaceStatus::workerNodes).orElse(List.of()),
                waiting ? "Pending" : "Failed",
                TARGET_NODES,
                view.generation(),
                waiting ? "Waiting" : "Refused",
                left.map(WorkspaceStatus::workflowId).orElse(null),
                left.map(WorkspaceStatus::runId).orElse(null),
                null,
                null,
                List.of(),
                left.map(WorkspaceStatus::output).orElse(null),
                null,
                left.map(WorkspaceStatus::evaluation).orElse(null),
                null,
                new ConditionRenderer(view).objected());
    }

    private static WorkspaceStatus working(StatusView view, WorkspaceSnapshot snapshot) {
        return new WorkspaceStatus(
                snapshot.nodes(),
                new Answering(view).trouble(snapshot).isPresent() ? "NotReady" : state(snapshot.phase()),
                TARGET_NODES,
                view.generation(),
                snapshot.phase().label(),
                snapshot.id().workflowId(),
                snapshot.runId().orElse(null),
                place(snapshot.phase())
                        .or(view::progress)
                        .map(progress -> progress(progress, snapshot.resumes()))
                        .orElse(null),
                snapshot.account()
                        .flatMap(account -> CostRenderer.render(account, view.now()))
                        .orElse(null),
                attempts(snapshot),
                snapshot.output()
                        .map(pushed -> new Output(
                                pushed.image().toString(),
                                pushed.digest().toString(),
                                snapshot.madeFrom().orElse(null)))
                        .orElse(null),
                snapshot.endpoint().map(Endpoint::url).orElse(null),
                snapshot.evaluation().map(StatusRenderer::evaluation).orElse(null),
                snapshot.endpoint()
                        .flatMap(Endpoint::speed)
                        .map(StatusRenderer::performance)
                        .orElse(null),
                new ConditionRenderer(view).of(snapshot));
    }

    private static String state(Phase phase) {
        return switch (phase) {
            case Phase.Accepted _, Phase.Preflight _, Phase.Queued _, Phase.Provisioning _ -> "Pending";
            case Phase.Fetching _, Phase.Tuning _, Phase.Evaluating _, Phase.Publishing _, Phase.RollingOut _ ->
                "Running";
            case Phase.Serving _ -> "Ready";
            case Phase.Completed _ -> "Succeeded";
            case Phase.Failed _ -> "Failed";
            case Phase.Paused _, Phase.Cancelled _, Phase.Releasing _, Phase.Released _ -> "NotReady";
        };
    }

    /** What the column shows of one that waits for its turn. */
    private static Optional<TuningProgress> place(Phase phase) {
        return phase instanceof Phase.Queued(String _, String turn, String _)
                ? Optional.of(TuningProgress.of(turn, 0, 0))
                : Optional.empty();
    }

    private static List<Attempt> attempts(WorkspaceSnapshot snapshot) {
        return snapshot.attempts().stream()
                .map(attempt -> new Attempt(
                        attempt.instanceType(),
                        attempt.zone().orElse(null),
                        attempt.answer(),
                        attempt.at().toString()))
                .toList();
    }

    private static Performance performance(ServingSpeed speed) {
        Metric metric = new Metric(
                "A reply to one request alone, measured once when the server came up",
                String.format(Locale.ROOT, "%.1f", speed.tokensPerSecond()),
                "tokens/s",
                Map.of("requests at once", "1", "reply", speed.tokens() + " tokens"));
        return new Performance(Map.of("tokensPerSecond", metric));
    }

    private static Evaluation evaluation(io.kaitoflow.workflows.tuning.Evaluation evaluation) {
        return new Evaluation(orNull(evaluation.base()), orNull(evaluation.tuned()), evaluation.metric());
    }

    private static Progress progress(TuningProgress progress, int resumes) {
        return new Progress(
                text(progress),
                progress.step(),
                progress.totalSteps(),
                progress.epoch(),
                orNull(progress.loss()),
                orNull(progress.tokensPerSecond()),
                progress.eta().map(StatusRenderer::compact).orElse(null),
                progress.checkpointStep(),
                resumes);
    }

    /** What the column shows: {@code tuning 34/72, loss 0.124, 230 tokens/s, 40s left}. */
    private static String text(TuningProgress progress) {
        List<String> parts = new ArrayList<>();
        String of = progress.totalSteps() > 0 ? "/" + progress.totalSteps() : "";
        boolean counts = progress.step() > 0 || progress.totalSteps() > 0;
        parts.add(progress.activity() + (counts ? " " + progress.step() + of : ""));
        progress.loss().ifPresent(loss -> parts.add(String.format(Locale.ROOT, "loss %.3f", loss)));
        progress.tokensPerSecond().ifPresent(rate -> parts.add(String.format(Locale.ROOT, "%.0f tokens/s", rate)));
        progress.eta().ifPresent(eta -> parts.add(compact(eta) + " left"));
        return String.join(", ", parts);
    }

    private static String compact(Duration duration) {
        return duration.toHours() > 0
                ? duration.toHours() + "h" + duration.toMinutesPart() + "m"
                : duration.toMinutes() > 0
                        ? duration.toMinutes() + "m" + duration.toSecondsPart() + "s"
                        : duration.toSeconds() + "s";
    }

    /** With four decimals, for columns show the number as it stands there; a loss that is no number any more has none. */
    private static @Nullable Double orNull(OptionalDouble number) {
        return number.isPresent() && Double.isFinite(number.getAsDouble())
                ? BigDecimal.valueOf(number.getAsDouble())
                        .setScale(DECIMALS, RoundingMode.HALF_UP)
                        .doubleValue()
                : null;
    }
}

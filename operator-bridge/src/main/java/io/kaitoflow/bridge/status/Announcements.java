package io.kaitoflow.bridge.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.Surging;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What of a new status is worth an Event: another phase, another objection to the newest edit. */
final class Announcements {

    private Announcements() {}

    static List<Announcement> of(Standing before, WorkspaceStatus status) {
        List<Announcement> news = new ArrayList<>();
        String shownPhase = before.shown().map(WorkspaceStatus::phase).orElse("");
        if (!Objects.equals(status.phase(), shownPhase)) {
            before.snapshot().ifPresent(word -> news.addAll(entered(word, shownPhase)));
        }
        objection(before, status).ifPresent(news::add);
        warning(before, status).ifPresent(news::add);
        report(before, status).ifPresent(news::add);
        server(before, status).ifPresent(news::add);
        surge(before, status).ifPresent(news::add);
        return List.copyOf(news);
    }

    /**
     * Every phase since the one that is shown, also those that were over before they could be shown; of one that was explained anew
     * meanwhile the last word.
     */
    private static List<Announcement> entered(WorkspaceSnapshot word, String shown) {
        List<Phase> way =
                Stream.concat(word.passed().stream(), Stream.of(word.phase())).toList();
        int last = way.stream().map(Phase::label).toList().lastIndexOf(shown);
        List<Phase> untold = way.subList(last + 1, way.size());
        return IntStream.range(0, untold.size())
                .filter(i -> i == untold.size() - 1
                        || !untold.get(i).label().equals(untold.get(i + 1).label()))
                .mapToObj(i -> of(untold.get(i)))
                .toList();
    }

    private static Announcement of(Phase phase) {
        return phase instanceof Phase.Failed
                ? Announcement.warning(phase.label(), phase.explanation())
                : Announcement.normal(phase.label(), phase.explanation());
    }

    private static Optional<Announcement> objection(Standing before, WorkspaceStatus status) {
        Optional<String> shown = before.shown().flatMap(Announcements::verdict).map(Condition::getMessage);
        return before.wish()
                .flatMap(Standing.Wish::objection)
                .flatMap(judged -> verdict(status))
                .filter(condition -> !Optional.of(condition.getMessage()).equals(shown))
                .map(condition -> Announcement.warning(condition.getReason(), condition.getMessage()));
    }

    /** A bound of money or time that came near since. */
    private static Optional<Announcement> warning(Standing before, WorkspaceStatus status) {
        Optional<String> shown = before.shown().flatMap(Announcements::warning);
        return warning(status).filter(said -> shown.isEmpty()).map(said -> Announcement.warning("BoundNear", said));
    }

    private static Optional<String> warning(WorkspaceStatus status) {
        return Optional.ofNullable(status.cost()).flatMap(cost -> Optional.ofNullable(cost.warning()));
    }

    /** The report of a training, or why there is none, once the status says it. */
    private static Optional<Announcement> report(Standing before, WorkspaceStatus status) {
        String shown = before.shown().map(Announcements::output).orElse("");
        return before.snapshot()
                .flatMap(WorkspaceSnapshot::report)
                .filter(report -> output(status).contains(report.words()) && !shown.contains(report.words()))
                .map(report -> report.there()
                        ? Announcement.normal("ReportAttached", report.words())
                        : Announcement.warning("ReportMissing", report.words()));
    }

    /** A server that went down under a model that answered, and one that is back. */
    private static Optional<Announcement> server(Standing before, WorkspaceStatus status) {
        String shown = before.shown().map(Announcements::inference).orElse("");
        String now = inference(status);
        if (shown.equals("True") && now.equals("False")) {
            return before.trouble().map(wrong -> Announcement.warning("ServerDown", wrong.sentence()));
        }
        boolean back = shown.equals("False") && now.equals("True");
        return before.shown()
                .filter(earlier -> back && Objects.equals(earlier.phase(), status.phase()))
                .map(earlier -> Announcement.normal("ServerBack", "The model answers again."));
    }

    /** An edit that is not fulfilled on a second machine, or not at all, once the status says why. */
    private static Optional<Announcement> surge(Standing before, WorkspaceStatus status) {
        String shown = before.shown().map(Announcements::answer).orElse("");
        return before.snapshot()
                .flatMap(WorkspaceSnapshot::surge)
                .flatMap(Surging::remark)
                .filter(remark -> answer(status).contains(remark) && !shown.contains(remark))
                .map(remark -> Announcement.warning("SurgeFailed", remark));
    }

    private static String answer(WorkspaceStatus status) {
        return condition(status, "InferenceReady").map(Condition::getMessage).orElse("");
    }

    private static String inference(WorkspaceStatus status) {
        return condition(status, "InferenceReady").map(Condition::getStatus).orElse("");
    }

    private static String output(WorkspaceStatus status) {
        return condition(status, "OutputPushed").map(Condition::getMessage).orElse("");
    }

    private static Optional<Condition> verdict(WorkspaceStatus status) {
        return condition(status, "WorkspaceReady");
    }

    private static Optional<Condition> condition(WorkspaceStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }
}

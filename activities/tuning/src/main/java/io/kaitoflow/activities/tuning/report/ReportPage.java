package io.kaitoflow.activities.tuning.report;

import io.kaitoflow.workflows.cost.Spending;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.report.Journey;
import io.kaitoflow.workflows.request.OptimiserRecipe;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.tuning.Evaluation;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A training report for people: one page without scripts that loads nothing. */
record ReportPage(TrainingReport report) {

    private static final String STYLE =
            "body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}"
                    + "table{border-collapse:collapse;margin:0 0 1.5em}"
                    + "th,td{text-align:left;vertical-align:top;padding:.15em 1em .15em 0}"
                    + "th{font-weight:normal;color:#666}td{overflow-wrap:anywhere}svg{max-width:100%}";

    /** A row of a table. */
    private record Fact(String name, String value) {}

    String text() {
        String title = Html.text(report.title());
        return Stream.of(
                        "<!DOCTYPE html>",
                        "<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title + "</title>",
                        "<style>" + STYLE + "</style></head><body>",
                        "<h1>" + title + "</h1>",
                        "<p>" + Html.text(summary()) + "</p>",
                        report.curve().svg(Mark.drawn(report.marks())).strip(),
                        section("Result", result()),
                        section("What it cost", cost()),
                        section("Machines", machines()),
                        section("What happened", events()),
                        section("Model and data", data()),
                        section("Recipe", recipe()),
                        section("Versions", versions()),
                        "</body></html>")
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private String summary() {
        String losses = report.curve().points().isEmpty()
                ? "Its losses are not known."
                : String.format(
                        Locale.ROOT,
                        "Loss %.4f at step %d, %.4f at step %d.",
                        report.curve().points().getFirst().loss(),
                        report.curve().points().getFirst().step(),
                        report.curve().points().getLast().loss(),
                        report.curve().steps());
        return String.format(
                        Locale.ROOT,
                        "%,d steps over %,d tokens. ",
                        report.adapter().steps(),
                        report.adapter().tokens())
                + losses
                + report.best()
                        .map(point -> String.format(
                                Locale.ROOT,
                                " Best held-out loss %.4f after step %d; that adapter was kept.",
                                point.heldOut().orElseThrow(),
                                point.step()))
                        .orElse("");
    }

    private List<Fact> result() {
        List<Fact> facts = new ArrayList<>();
        report.result().ifPresent(made -> {
            facts.add(new Fact("image", made.image().image().toString()));
            facts.add(new Fact("digest", made.image().digest().value()));
            facts.add(new Fact("lies in", made.image().location()));
            facts.add(new Fact("pushed", made.journey().pushedAt().toString()));
            facts.add(new Fact("run", made.journey().runId()));
            made.evaluation().map(ReportPage::evaluation).ifPresent(facts::add);
        });
        facts.add(new Fact("adapter", report.adapter().digest().value()));
        return facts;
    }

    private static Fact evaluation(Evaluation measured) {
        String values = measured.improvement().isPresent()
                ? String.format(
                        Locale.ROOT,
                        ": base %.4f, tuned %.4f",
                        measured.base().orElseThrow(),
                        measured.tuned().orElseThrow())
                : "";
        return new Fact("evaluation", measured.metric() + values);
    }

    private List<Fact> cost() {
        return report.result().map(TrainingReport.Result::journey).stream()
                .flatMap(way -> Stream.of(
                        new Fact("all machines", spent(way.spending(), way.pushedAt())),
                        new Fact("tuning", spent(way.tuning(), way.pushedAt()))))
                .toList();
    }

    private static String spent(Spending spending, Instant until) {
        String usd = spending.usd(until).signum() == 0
                ? "no price is known"
                : "$" + spending.usd(until).setScale(2, RoundingMode.HALF_UP);
        return usd + ", " + inWords(spending.time(until));
    }

    private static String inWords(Duration time) {
        return String.format(
                Locale.ROOT, "%d h %02d min %02d s", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }

    private List<Fact> machines() {
        Stream<Fact> starts = report.starts().stream()
                .map(start -> new Fact(
                        "tuner " + start.number(),
                        start.machine() + " (" + start.instanceType() + "), since " + start.at()));
        Stream<Fact> answers = report.result().map(TrainingReport.Result::journey).map(Journey::attempts).stream()
                .flatMap(List::stream)
                .map(attempt -> new Fact(
                        attempt.instanceType()
                                + attempt.zone().map(zone -> " in " + zone).orElse(""),
                        attempt.answer() + " (" + attempt.at() + ")"));
        return Stream.concat(starts, answers).toList();
    }

    private List<Fact> events() {
        Stream<Fact> marks = report.marks().stream()
                .filter(mark -> mark.kind() != Mark.Kind.CHECKPOINT)
                .map(mark -> new Fact(mark.kind().words(), mark.words()));
        Stream<Fact> notes = report.result().map(made -> made.journey().notes()).stream()
                .flatMap(List::stream)
                .map(note -> new Fact("note", note));
        long checkpoints = report.marks().stream()
                .filter(mark -> mark.kind() == Mark.Kind.CHECKPOINT)
                .count();
        return Stream.of(Stream.of(new Fact("checkpoints", String.valueOf(checkpoints))), marks, notes)
                .flatMap(facts -> facts)
                .toList();
    }

    private List<Fact> data() {
        DatasetReport rows = report.trained().inputs().dataset();
        return List.of(
                new Fact(
                        "model",
                        report.trained().preset().name() + " "
                                + report.trained().inputs().modelDigest()),
                new Fact("rows", report.trained().inputs().datasetDigest().value()),
                new Fact(
                        "of them",
                        String.format(
                                Locale.ROOT,
                                "%,d, held out %,d; truncated %,d; duplicates %,d%s",
                                rows.rows(),
                                rows.heldOutRows(),
                                rows.truncatedRows(),
                                rows.duplicates(),
                                rows.exact() ? "" : " (estimated from a sample)")),
                new Fact(
                        "tokens",
                        String.format(
                                Locale.ROOT,
                                "%,d, scored %,d; longest row %,d",
                                rows.tokens(),
                                rows.scoredTokens(),
                                rows.longestRow())),
                new Fact("by length", rows.lengthsInWords()));
    }

    private List<Fact> recipe() {
        QloraRecipe lora = report.trained().job().recipe().lora();
        OptimiserRecipe optimiser = report.trained().job().recipe().optimiser();
        return List.of(
                new Fact("method", report.trained().job().method() + ", computed in " + lora.computeType()),
                new Fact("adapter", "rank " + lora.rank() + ", alpha " + lora.alpha() + ", dropout " + lora.dropout()),
                new Fact(
                        "modules",
                        lora.targetModules().isEmpty() ? "all linear layers" : String.join(", ", lora.targetModules())),
                new Fact(
                        "begun with",
                        lora.initialAdapter().map(Object::toString).orElse("a new adapter")),
                new Fact("epochs", String.valueOf(optimiser.epochs())),
                new Fact(
                        "batch",
                        optimiser.batchSize() + " rows, " + optimiser.accumulation() + " times a step"
                                + (report.trained().batchDivisor() > 1
                                        ? ", divided by " + report.trained().batchDivisor() + " for want of memory"
                                        : "")),
                new Fact("learning rate", optimiser.learningRate() + ", " + optimiser.schedule()),
                new Fact("seed", String.valueOf(optimiser.seed())));
    }

    private List<Fact> versions() {
        return List.of(
                new Fact("KaitoFlow", report.versions().kaitoflow()),
                new Fact("Java", report.versions().java()),
                new Fact("PyTorch", report.versions().torch()));
    }

    private static String section(String title, List<Fact> facts) {
        return facts.isEmpty()
                ? ""
                : facts.stream()
                        .filter(fact -> !fact.value().isEmpty())
                        .map(fact -> "<tr><th>" + Html.text(fact.name()) + "</th><td>" + Html.text(fact.value())
                                + "</td></tr>")
                        .collect(Collectors.joining("\n", "<h2>" + title + "</h2>\n<table>\n", "\n</table>"));
    }
}

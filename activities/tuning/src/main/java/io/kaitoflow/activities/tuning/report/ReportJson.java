package io.kaitoflow.activities.tuning.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaitoflow.workflows.cost.Spending;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.report.Journey;
import io.kaitoflow.workflows.report.TunerStart;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.OptimiserRecipe;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Attempt;
import io.kaitoflow.workflows.tuning.Evaluation;
import java.time.Instant;
import java.util.List;

/** A training report for programs. Members are only ever added; what is not known is left out. */
record ReportJson(TrainingReport report) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> COLUMNS = List.of(
            "step",
            "loss",
            "heldOutLoss",
            "learningRate",
            "gradientNorm",
            "tokensPerSecond",
            "checkpointStep",
            "start");

    String text() {
        ObjectNode all = JSON.createObjectNode().put("schema", "kaitoflow.training-report/1");
        workspace(all.putObject("workspace"));
        model(all.putObject("model"));
        data(all.putObject("data"));
        recipe(all.putObject("recipe"));
        adapter(all.putObject("adapter"));
        report.result().ifPresent(result -> result(all, result));
        versions(all.putObject("versions"));
        marks(all.putArray("marks"));
        COLUMNS.forEach(all.putArray("columns")::add);
        steps(all.putArray("steps"));
        return written(all);
    }

    private void workspace(ObjectNode node) {
        WorkspaceId id = report.trained().id();
        node.put("namespace", id.namespace()).put("name", id.name()).put("uid", id.uid());
    }

    private void model(ObjectNode node) {
        node.put("name", report.trained().preset().name())
                .put("digest", report.trained().inputs().modelDigest().value());
    }

    private void data(ObjectNode node) {
        DatasetReport rows = report.trained().inputs().dataset();
        node.put("digest", report.trained().inputs().datasetDigest().value())
                .put("rows", rows.rows())
                .put("heldOutRows", rows.heldOutRows())
                .put("tokens", rows.tokens())
                .put("scoredTokens", rows.scoredTokens())
                .put("longestRow", rows.longestRow())
                .put("truncatedRows", rows.truncatedRows())
                .put("duplicateRows", rows.duplicates())
                .put("exact", rows.exact());
    }

    private void recipe(ObjectNode node) {
        node.put("method", report.trained().job().method().name());
        node.put("batchDivisor", report.trained().batchDivisor());
        lora(node.putObject("lora"), report.trained().job().recipe().lora());
        optimiser(node.putObject("optimiser"), report.trained().job().recipe().optimiser());
        rows(node.putObject("rows"), report.trained().job().recipe().data());
    }

    private static void lora(ObjectNode node, QloraRecipe lora) {
        node.put("rank", lora.rank())
                .put("alpha", lora.alpha())
                .put("dropout", lora.dropout())
                .put("rankStabilised", lora.rankStabilised())
                .put("computeType", lora.computeType().name())
                .put("doubleQuantisation", lora.doubleQuantisation());
        lora.targetModules().forEach(node.putArray("targetModules")::add);
        lora.initialAdapter().ifPresent(image -> node.put("initialAdapter", image.toString()));
    }

    private static void optimiser(ObjectNode node, OptimiserRecipe optimiser) {
        node.put("epochs", optimiser.epochs());
        optimiser.maxSteps().ifPresent(steps -> node.put("maxSteps", steps));
        node.put("batchSize", optimiser.batchSize())
                .put("accumulation", optimiser.accumulation())
                .put("learningRate", optimiser.learningRate())
                .put("schedule", optimiser.schedule().name())
                .put("weightDecay", optimiser.adam().weightDecay())
                .put("maxGradientNorm", optimiser.maxGradientNorm())
                .put("seed", optimiser.seed());
    }

    private static void rows(ObjectNode node, DataRecipe data) {
        node.put("trainFraction", data.trainFraction())
                .put("shuffle", data.shuffle())
                .put("shuffleSeed", data.shuffleSeed())
                .put("packing", data.packing())
                .put("completionOnlyLoss", data.completionOnlyLoss());
        data.maxLength().ifPresent(tokens -> node.put("maxLength", tokens));
    }

    private void adapter(ObjectNode node) {
        node.put("digest", report.adapter().digest().value())
                .put("steps", report.adapter().steps())
                .put("tokens", report.adapter().tokens())
                .put("finalLoss", report.adapter().finalLoss())
                .put("resumes", report.adapter().resumes());
    }

    private static void result(ObjectNode all, TrainingReport.Result result) {
        Journey journey = result.journey();
        all.put("run", journey.runId()).put("pushedAt", journey.pushedAt().toString());
        all.putObject("image")
                .put("reference", result.image().image().toString())
                .put("digest", result.image().digest().value())
                .put("location", result.image().location());
        result.evaluation().ifPresent(measured -> evaluation(all.putObject("evaluation"), measured));
        ObjectNode cost = all.putObject("cost");
        spent(cost.putObject("machines"), journey.spending(), journey.pushedAt());
        spent(cost.putObject("tuning"), journey.tuning(), journey.pushedAt());
        starts(all.putArray("starts"), journey.starts());
        attempts(all.putArray("attempts"), journey.attempts());
        journey.notes().forEach(all.putArray("notes")::add);
    }

    private static void evaluation(ObjectNode node, Evaluation measured) {
        node.put("metric", measured.metric());
        measured.base().ifPresent(value -> node.put("base", value));
        measured.tuned().ifPresent(value -> node.put("tuned", value));
    }

    /** Zero dollars are those of machines without a price. */
    private static void spent(ObjectNode node, Spending spending, Instant until) {
        node.put("usd", spending.usd(until).toPlainString())
                .put("seconds", spending.time(until).toSeconds());
    }

    private static void starts(ArrayNode node, List<TunerStart> starts) {
        starts.forEach(start -> node.addObject()
                .put("number", start.number())
                .put("machine", start.machine())
                .put("instanceType", start.instanceType())
                .put("at", start.at().toString()));
    }

    private static void attempts(ArrayNode node, List<Attempt> attempts) {
        attempts.forEach(attempt -> {
            ObjectNode each = node.addObject()
                    .put("instanceType", attempt.instanceType())
                    .put("answer", attempt.answer())
                    .put("at", attempt.at().toString());
            attempt.zone().ifPresent(zone -> each.put("zone", zone));
        });
    }

    private void versions(ObjectNode node) {
        node.put("kaitoflow", report.versions().kaitoflow())
                .put("java", report.versions().java())
                .put("pytorch", report.versions().torch());
    }

    private void marks(ArrayNode node) {
        report.marks()
                .forEach(mark -> node.addObject()
                        .put("step", mark.step())
                        .put("kind", mark.kind().name())
                        .put("words", mark.words()));
    }

    private void steps(ArrayNode node) {
        report.curve().points().forEach(point -> {
            ArrayNode row = node.addArray().add(point.step()).add(point.loss());
            point.heldOut().ifPresentOrElse(row::add, row::addNull);
            row.add(point.rate())
                    .add(point.norm())
                    .add(point.speed())
                    .add(point.checkpoint())
                    .add(point.start());
        });
    }

    private static String written(ObjectNode all) {
        try {
            return JSON.writeValueAsString(all) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of strings and numbers could not be written", e);
        }
    }
}

package io.kaitoflow.bridge.translate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.kaitoflow.bridge.api.InferenceSpec;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.ServingTerms;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Translates a workspace and the objects that it names into a request, or into everything that is wrong with it. Reads nothing
 * else: no network, no cluster, no secret's content beyond which keys there are.
 */
public final class WorkspaceTranslator {

    private static final ObjectMapper JSON = new JsonMapper();

    /** Its Service and the revisions of its StatefulSet must fit into 63 characters. */
    private static final Pattern NAME = Pattern.compile("[a-z](?:[-a-z0-9]{0,50}[a-z0-9])?");

    private final PresetCatalogue presets;
    private final GpuCatalogue machines;
    private final TranslatorSettings settings;
    private final Clock clock;

    /** @param clock tells which machines are retired */
    public WorkspaceTranslator(
            PresetCatalogue presets, GpuCatalogue machines, TranslatorSettings settings, Clock clock) {
        this.presets = presets;
        this.machines = machines;
        this.settings = settings;
        this.clock = clock;
    }

    /** @param references those of the workspace's namespace, as far as they exist */
    public Translation translate(Workspace workspace, ReferencedObjects references) {
        Findings findings = new Findings();
        checkPlaceholders(workspace, findings);
        checkName(workspace.getMetadata().getName(), findings);
        Annotations annotations = annotations(workspace, findings);
        TermsTranslator termsTranslator = new TermsTranslator(annotations, findings);
        Terms terms = termsTranslator.translate();
        ServingTerms serving = termsTranslator.serving(
                new AccessTranslator(annotations, references, findings).translate(hasOwnPod(workspace)));
        MachineRequest machineRequest = new MachineTranslator(machines, annotations, findings)
                .translate(
                        workspace.getResource(),
                        Workspace.V1ALPHA1.equals(workspace.getApiVersion()),
                        workspace.getTuning() != null);
        Optional<WorkspaceGoal> goal =
                goals(references, annotations, findings).translate(workspace, machineRequest, terms, serving);
        return outcome(
                findings,
                goal.map(wish -> new WorkspaceRequest(idOf(workspace), wish, machineRequest, terms, serving)));
    }

    private GoalTranslator goals(ReferencedObjects references, Annotations annotations, Findings findings) {
        ModelTranslator models = new ModelTranslator(presets, references, findings);
        return new GoalTranslator(
                new TuningTranslator(models, settings, references, findings),
                new InferenceTranslator(models, references, findings),
                new MemoryRule(machines, LocalDate.now(clock), findings),
                annotations,
                findings);
    }

    /** Who a workspace is. One that no API server has given a uid gets the one that its name always gives. */
    public static WorkspaceId idOf(Workspace workspace) {
        ObjectMeta metadata = workspace.getMetadata();
        String namespace = Objects.requireNonNullElse(metadata.getNamespace(), "default");
        String name = Objects.requireNonNullElse(metadata.getName(), "");
        String derived = UUID.nameUUIDFromBytes((namespace + "/" + name).getBytes(StandardCharsets.UTF_8))
                .toString();
        return new WorkspaceId(namespace, name, Objects.requireNonNullElse(metadata.getUid(), derived));
    }

    private static boolean hasOwnPod(Workspace workspace) {
        return Optional.ofNullable(workspace.getInference())
                .map(InferenceSpec::template)
                .isPresent();
    }

    private static Annotations annotations(Workspace workspace, Findings findings) {
        return new Annotations(
                Objects.requireNonNullElse(workspace.getMetadata().getAnnotations(), Map.of()), findings);
    }

    private static void checkPlaceholders(Workspace workspace, Findings findings) {
        PlaceholderRule rule = new PlaceholderRule(findings);
        rule.check("resource", JSON.valueToTree(workspace.getResource()));
        rule.check("inference", JSON.valueToTree(workspace.getInference()));
        rule.check("tuning", JSON.valueToTree(workspace.getTuning()));
    }

    private static void checkName(String name, Findings findings) {
        String text = Objects.requireNonNullElse(name, "");
        if (!NAME.matcher(text).matches()) {
            findings.refuse(
                    "metadata.name",
                    text,
                    "must start with a letter and have at most 52 lower-case letters, digits and hyphens",
                    "Write e.g. tune-phi-3.");
        }
    }

    private static Translation outcome(Findings findings, Optional<WorkspaceRequest> request) {
        if (!findings.refusals().isEmpty()) {
            return new Translation.Refused(findings.refusals(), findings.notes());
        }
        if (!findings.missing().isEmpty()) {
            return new Translation.Waiting(findings.missing(), findings.notes());
        }
        return new Translation.Accepted(
                request.orElseThrow(() -> new IllegalStateException("Nothing was refused, and nothing translated")),
                findings.notes());
    }
}

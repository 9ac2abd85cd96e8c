package io.kaitoflow.worker.chaos;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Says what is wrong, by what lies in the registry, at the API server and among the processes; no word of ours is believed. */
final class Oracle {

    private final World world;
    private final Job job;
    private final String uid;
    private final String expected;

    /** @param expected digest of the image that an undisturbed run makes */
    Oracle(World world, Job job, String uid, String expected) {
        this.world = world;
        this.job = job;
        this.uid = uid;
        this.expected = expected;
    }

    /** Of a workspace that is tuned and serves. */
    List<String> complaintsWhileServing() {
        List<String> complaints = new ArrayList<>(ofRegistry());
        complaints.addAll(ofStatus());
        List<NodeClaim> claims = claims();
        if (claims.size() != 1 || claims.getFirst().isMarkedForDeletion()) {
            complaints.add("It serves on one machine, and the claims are " + names(claims) + ".");
        }
        if (world.cluster().karpenter().mostAtOnce(uid) > 1) {
            complaints.add("Two machines were held at the same time.");
        }
        complaints.addAll(ofTuners());
        List<Deployment> servers = servers();
        if (servers.size() != 1 || !served(servers.getFirst()).contains(expected)) {
            complaints.add("The server should serve " + expected + ", and there is "
                    + servers.stream().map(Oracle::served).toList() + ".");
        }
        return complaints;
    }

    /** Of a workspace that was deleted. */
    List<String> complaintsAfterDeletion() {
        List<String> complaints = new ArrayList<>(ofRegistry());
        world.cluster()
                .find(job)
                .ifPresent(left -> complaints.add("The object is still there, with finalizers "
                        + left.getMetadata().getFinalizers() + " and phase "
                        + Optional.ofNullable(left.getStatus())
                                .map(WorkspaceStatus::phase)
                                .orElse("none") + "."));
        if (!claims().isEmpty()) {
            complaints.add("Machines leak: " + names(claims()) + ".");
        }
        if (!servers().isEmpty()) {
            complaints.add("A server is left.");
        }
        complaints.addAll(ofTuners());
        return complaints;
    }

    /** What changes while something still happens. */
    String pulse() {
        Watched seen = world.cluster().watched();
        return Stream.of(
                        seen.find(job).map(Oracle::shown).orElse("gone"),
                        names(ours(seen.claims())).toString(),
                        names(here(seen.tuners())).toString(),
                        here(seen.deployments()).stream()
                                .map(Oracle::version)
                                .toList()
                                .toString(),
                        world.registry().tags(job.repository()).toString())
                .reduce("", (all, next) -> all + next + "\n");
    }

    private List<String> ofRegistry() {
        List<String> complaints = new ArrayList<>();
        Map<String, String> tags = new TreeMap<>(world.registry().tags(job.repository()));
        // What is attached to the image is listed under a tag that is made of its digest.
        tags.remove(expected.replace(':', '-'));
        if (!tags.equals(Map.of(job.tag(), expected))) {
            complaints.add("The registry should have " + job.tag() + "=" + expected + " and has " + tags + ".");
        }
        List<String> manifests = world.registry().manifestsOf(job.repository()).stream()
                .filter(this::isImage)
                .toList();
        if (manifests.size() > 1) {
            complaints.add("More than one image was pushed and kept: " + manifests + ".");
        }
        if (reports().stream().distinct().count() < reports().size()) {
            complaints.add("A run attached two reports: " + reports() + ".");
        }
        return complaints;
    }

    /** What has no subject, and lists nothing that has. */
    private boolean isImage(String digest) {
        String manifest = world.registry().manifest(digest);
        return !manifest.contains("\"subject\"") && !manifest.contains("image.index");
    }

    /** When the result was made of which each attached report tells. */
    private List<String> reports() {
        return world.registry().manifestsOf(job.repository()).stream()
                .map(world.registry()::manifest)
                .filter(manifest -> manifest.contains("\"subject\""))
                .map(manifest -> manifest.replaceFirst("(?s).*image.created\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    private List<String> ofStatus() {
        Optional<Workspace> found = world.cluster().find(job);
        Optional<WorkspaceStatus> status = found.map(Workspace::getStatus);
        String phase = status.map(WorkspaceStatus::phase).orElse("none");
        String digest = status.map(WorkspaceStatus::output)
                .map(WorkspaceStatus.Output::digest)
                .orElse("none");
        long observed = status.map(WorkspaceStatus::observedGeneration).orElse(-1L);
        long generation =
                found.map(workspace -> workspace.getMetadata().getGeneration()).orElse(-2L);
        boolean right = phase.equals("Serving") && digest.equals(expected) && observed == generation;
        return right
                ? List.of()
                : List.of("The status says " + phase + " of " + digest + " for generation " + observed + " of "
                        + generation + ": "
                        + status.map(WorkspaceStatus::conditions).orElse(List.of()));
    }

    private List<String> ofTuners() {
        List<String> complaints = new ArrayList<>();
        if (!pods().isEmpty()) {
            complaints.add("Tuners are left: " + names(pods()) + ".");
        }
        if (!world.cluster().kubelet().alive(uid).isEmpty()) {
            complaints.add("A tuner's process still runs.");
        }
        return complaints;
    }

    private List<NodeClaim> claims() {
        return ours(world.cluster().karpenter().claims());
    }

    private List<Pod> pods() {
        return here(world.cluster().kubelet().pods());
    }

    private List<Deployment> servers() {
        return here(world.cluster().deployments().deployments());
    }

    private List<NodeClaim> ours(List<NodeClaim> claims) {
        return claims.stream()
                .filter(claim -> PretendKarpenter.owner(claim).equals(uid))
                .toList();
    }

    private <T extends HasMetadata> List<T> here(List<T> objects) {
        return objects.stream()
                .filter(object -> object.getMetadata().getNamespace().equals(job.namespace()))
                .toList();
    }

    private static String served(Deployment server) {
        return server.getSpec().getTemplate().getMetadata().getAnnotations().getOrDefault("kaito.sh/served", "nothing");
    }

    private static List<String> names(List<? extends HasMetadata> objects) {
        return objects.stream()
                .map(object -> object.getMetadata().getName() + (object.isMarkedForDeletion() ? " (going)" : ""))
                .toList();
    }

    /** What time alone does not change. */
    private static String shown(Workspace workspace) {
        return workspace.getMetadata().getGeneration() + " "
                + workspace.getMetadata().getDeletionTimestamp() + " "
                + Optional.ofNullable(workspace.getStatus())
                        .map(status -> status.phase()
                                + status.runId()
                                + status.observedGeneration()
                                + status.output()
                                + status.endpoint()
                                + status.workerNodes()
                                + status.conditions())
                        .orElse("");
    }

    private static String version(HasMetadata object) {
        return object.getMetadata().getUid() + "@" + object.getMetadata().getResourceVersion();
    }
}

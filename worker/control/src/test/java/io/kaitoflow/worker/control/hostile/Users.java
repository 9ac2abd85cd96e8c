package io.kaitoflow.worker.control.hostile;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.manifest.ManifestReader;
import io.kaitoflow.worker.control.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** People at the API server itself: what they did, and what they want now. */
final class Users {

    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    /** What is named by its digest is not looked up, so no registry has to be there. */
    private static final String DIGEST = "@sha256:" + "0".repeat(64);

    private final TestCluster cluster;
    private final Random random;
    private final Diary diary;
    private final String namespace;
    private final List<Wish> wishes = new ArrayList<>();
    private final Deque<String> toBeMadeAgain = new ArrayDeque<>();
    private final Set<String> doomed = new HashSet<>();
    private int names;

    Users(TestCluster cluster, Random random, Diary diary) {
        this.cluster = cluster;
        this.random = random;
        this.diary = diary;
        this.namespace = cluster.server().newNamespace();
    }

    List<Wish> wishes() {
        return List.copyOf(wishes);
    }

    /** All namespaces that were ever used here. */
    Set<String> namespaces() {
        Set<String> all = new HashSet<>(doomed);
        all.add(namespace);
        return all;
    }

    Set<String> doomed() {
        return Set.copyOf(doomed);
    }

    Optional<Wish> any() {
        return wishes.isEmpty() ? Optional.empty() : Optional.of(wishes.get(random.nextInt(wishes.size())));
    }

    void create() {
        names++;
        create(namespace, "w" + names);
    }

    /** Applies that many in one command, as a user would. */
    void applyAtOnce(int count) {
        String manifests = IntStream.range(0, count)
                .mapToObj(i -> TestCluster.serving("many-" + i, namespace))
                .collect(Collectors.joining("---\n"));
        try {
            Path file = Files.createTempFile("many", ".yaml");
            Files.writeString(file, manifests);
            cluster.server().kubectl().run("apply", "-f", file.toString()).orFail();
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to write manifests", e);
        }
        cluster.client().resources(Workspace.class).inNamespace(namespace).list().getItems().stream()
                .map(Workspace::getMetadata)
                .filter(made -> made.getName().startsWith("many-"))
                .forEach(made -> wishes.add(new Wish(namespace, made.getName(), made.getUid())));
    }

    private void create(String place, String name) {
        Workspace wanted = new ManifestReader()
                .read(TestCluster.serving(name, place), name)
                .workspace();
        Workspace made = cluster.client().resource(wanted).create();
        wishes.add(new Wish(place, name, made.getMetadata().getUid()));
        diary.note("created " + place + "/" + name + " " + made.getMetadata().getUid());
    }

    void delete() {
        any().ifPresent(this::delete);
    }

    void delete(Wish wish) {
        diary.note("deleted " + wish);
        wishes.remove(wish);
        cluster.client()
                .resources(Workspace.class)
                .inNamespace(wish.namespace)
                .withName(wish.name)
                .delete();
    }

    /** Deletes one, and makes a namesake as soon as the name is free. */
    void replace() {
        any().ifPresent(wish -> {
            delete(wish);
            toBeMadeAgain.add(wish.name);
            makeAgain();
        });
    }

    /** Tries those whose names were taken. */
    void makeAgain() {
        int tries = toBeMadeAgain.size();
        for (int i = 0; i < tries; i++) {
            String name = toBeMadeAgain.remove();
            try {
                create(namespace, name);
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                    throw e;
                }
                toBeMadeAgain.add(name);
            }
        }
    }

    boolean waitForNames() {
        return !toBeMadeAgain.isEmpty();
    }

    void edit() {
        any().ifPresent(wish -> {
            switch (random.nextInt(5)) {
                case 0, 1 -> pause(wish, !wish.paused);
                case 2 -> spot(wish);
                case 3 -> adapters(wish);
                default -> refuse(wish);
            }
            diary.note("edited " + wish);
        });
    }

    void pause(Wish wish, boolean paused) {
        wish.paused = paused;
        wish.allowance += paused ? 0 : 1;
        annotate(wish, "kaito.sh/paused", String.valueOf(paused));
    }

    private void spot(Wish wish) {
        wish.spot = !wish.spot;
        wish.allowance++;
        annotate(wish, "kaito.sh/spot", String.valueOf(wish.spot));
    }

    void adapters(Wish wish) {
        wish.adapters = (wish.adapters + 1) % 4;
        String all = IntStream.range(0, wish.adapters)
                .mapToObj(i ->
                        "{\"source\":{\"name\":\"a" + i + "\",\"image\":\"registry.example.com/a" + i + DIGEST + "\"}}")
                .collect(Collectors.joining(",", "[", "]"));
        patch(wish, "{\"inference\":{\"adapters\":" + all + "}}");
    }

    /** An edit that cannot be accepted; mended in the end. */
    private void refuse(Wish wish) {
        wish.refused = true;
        annotate(wish, "kaito.sh/budget-usd", "plenty");
    }

    void mend() {
        wishes.stream().filter(wish -> wish.refused).forEach(wish -> {
            wish.refused = false;
            annotate(wish, "kaito.sh/budget-usd", "900");
            diary.note("mended " + wish);
        });
    }

    private void annotate(Wish wish, String key, String value) {
        patch(wish, "{\"metadata\":{\"annotations\":{\"" + key + "\":\"" + value + "\"}}}");
    }

    private void patch(Wish wish, String patch) {
        cluster.client()
                .resources(Workspace.class)
                .inNamespace(wish.namespace)
                .withName(wish.name)
                .patch(MERGE, patch);
    }

    /** A namespace with a workspace in it is deleted; what a namespace controller does is done here. */
    void deleteNamespace() {
        String place = cluster.server().newNamespace();
        doomed.add(place);
        create(place, "doomed");
        Wish wish = wishes.getLast();
        diary.note("deleted namespace " + place);
        cluster.client().namespaces().withName(place).delete();
        delete(wish);
    }

    /** Lets go of namespaces in which nothing is left. */
    void finishNamespaces() {
        doomed.stream()
                .filter(place -> cluster.client()
                        .resources(Workspace.class)
                        .inNamespace(place)
                        .list()
                        .getItems()
                        .isEmpty())
                .filter(place -> cluster.client().namespaces().withName(place).get() != null)
                .forEach(place -> cluster.client()
                        .raw(
                                "/api/v1/namespaces/" + place + "/finalize",
                                "PUT",
                                "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"" + place
                                        + "\"},\"spec\":{\"finalizers\":[]}}"));
    }
}

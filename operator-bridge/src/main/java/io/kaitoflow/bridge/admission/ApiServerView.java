package io.kaitoflow.bridge.admission;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.bridge.admission.AdmissionReview.Author;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the API server everything at once, and stops asking when the budget is used up. Owns its threads, not the client. */
final class ApiServerView implements ClusterView, AutoCloseable {

    private final KubernetesClient client;
    private final Duration budget;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    ApiServerView(KubernetesClient client, Duration budget) {
        this.client = client;
        this.budget = budget;
    }

    @Override
    public Seen look(Question question) {
        long deadline = System.nanoTime() + budget.toNanos();
        Future<Right> right = threads.submit(() -> podCreation(question.author(), question.namespace()));
        Map<String, Future<Optional<ConfigMap>>> answers = new TreeMap<>();
        question.configMaps()
                .forEach(name -> answers.put(name, threads.submit(() -> configMap(question.namespace(), name))));
        List<ConfigMap> found = new ArrayList<>();
        Set<String> unread = new HashSet<>();
        answers.forEach((name, answer) ->
                inTime(answer, deadline).ifPresentOrElse(map -> map.ifPresent(found::add), () -> unread.add(name)));
        return new Seen(found, unread, inTime(right, deadline).orElse(Right.UNKNOWN));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private Optional<ConfigMap> configMap(String namespace, String name) {
        return Optional.ofNullable(
                client.configMaps().inNamespace(namespace).withName(name).get());
    }

    private Right podCreation(Author author, String namespace) {
        SubjectAccessReview review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(author.username())
                .withUid(author.uid())
                .withGroups(author.groups())
                .withExtra(author.extra())
                .withNewResourceAttributes()
                .withNamespace(namespace)
                .withVerb("create")
                .withResource("pods")
                .endResourceAttributes()
                .endSpec()
                .build();
        SubjectAccessReview answer =
                client.authorization().v1().subjectAccessReview().create(review);
        return Boolean.TRUE.equals(answer.getStatus().getAllowed()) ? Right.GIVEN : Right.DENIED;
    }

    /** The answer, or nothing when there is none by then; the question is then taken back. */
    private static <T> Optional<T> inTime(Future<T> answer, long deadline) {
        try {
            return Optional.of(answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Said to the user as unread or unknown. ConfigMaps are read again before anything is bought; a right is
            // not asked again.
        }
        answer.cancel(true);
        return Optional.empty();
    }
}

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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Asks the API server, all at once, and stops asking when the budget is used up. Owns its threads, not the client. */
final class ApiServerView implements ClusterView, AutoCloseable {

    private final KubernetesClient client;
    private final Duration budget;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    ApiServerView(KubernetesClient client, Duration budget) {
        this.client = client;
        this.budget = budget;
    }

    @Override
    public Seen configMaps(String namespace, Set<String> names) {
        List<String> ordered = List.copyOf(names);
        List<Optional<Optional<ConfigMap>>> answers = ask(ordered.stream()
                .<Callable<Optional<ConfigMap>>>map(name -> () -> Optional.ofNullable(client.configMaps()
                        .inNamespace(namespace)
                        .withName(name)
                        .get()))
                .toList());
        List<ConfigMap> found = new ArrayList<>();
        Set<String> unread = new HashSet<>();
        for (int i = 0; i < ordered.size(); i++) {
            Optional<Optional<ConfigMap>> answer = answers.get(i);
            if (answer.isPresent()) {
                answer.get().ifPresent(found::add);
            } else {
                unread.add(ordered.get(i));
            }
        }
        return new Seen(found, unread);
    }

    @Override
    public Right mayCreatePods(Author author, String namespace) {
        Callable<Boolean> question = () -> {
            SubjectAccessReview answer =
                    client.authorization().v1().subjectAccessReview().create(podCreation(author, namespace));
            return Boolean.TRUE.equals(answer.getStatus().getAllowed());
        };
        return ask(List.of(question))
                .getFirst()
                .map(allowed -> allowed ? Right.GIVEN : Right.DENIED)
                .orElse(Right.UNKNOWN);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static SubjectAccessReview podCreation(Author author, String namespace) {
        return new SubjectAccessReviewBuilder()
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
    }

    /** The answers in the order of the questions; empty where there was none in time. */
    private <T> List<Optional<T>> ask(List<Callable<T>> questions) {
        try {
            return threads.invokeAll(questions, budget.toMillis(), TimeUnit.MILLISECONDS).stream()
                    .map(ApiServerView::answer)
                    .toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return questions.stream().map(_ -> Optional.<T>empty()).toList();
        }
    }

    private static <T> Optional<T> answer(Future<T> future) {
        try {
            return Optional.of(Objects.requireNonNull(future.get()));
        } catch (ExecutionException | CancellationException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}

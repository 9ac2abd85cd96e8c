package io.kaitoflow.activities.nodes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The way of a process to an API server: requests and answers get lost on it, and the process dies on it. */
public final class UnreliableApi {

    /** What happens to the next request. */
    public enum Mishap {
        NONE,
        REQUEST_LOST,
        ANSWER_LOST
    }

    private final KubernetesClient truth;
    private final AtomicReference<Mishap> next = new AtomicReference<>(Mishap.NONE);

    /** @param truth whose server it is */
    public UnreliableApi(KubernetesClient truth) {
        this.truth = truth;
    }

    public void next(Mishap mishap) {
        next.set(mishap);
    }

    /** A client of its own, as each process has. */
    public KubernetesClient client(Mortality mortality) {
        return new KubernetesClientBuilder()
                .withConfig(truth.getConfiguration())
                .withHttpClientBuilderConsumer(
                        builder -> builder.addOrReplaceInterceptor("mishaps", new Way(next, mortality)))
                .build();
    }

    private record Way(AtomicReference<Mishap> next, Mortality mortality) implements Interceptor {

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            mortality.sending();
            if (next.compareAndSet(Mishap.REQUEST_LOST, Mishap.NONE)) {
                throw new KubernetesClientException("The connection was refused");
            }
        }

        @Override
        public void after(
                HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
            mortality.answered();
            if (next.compareAndSet(Mishap.ANSWER_LOST, Mishap.NONE)) {
                throw new KubernetesClientException("The connection broke");
            }
        }
    }
}

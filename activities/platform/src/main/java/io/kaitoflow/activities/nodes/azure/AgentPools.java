package io.kaitoflow.activities.nodes.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpResponse;
import com.azure.core.management.exception.ManagementException;
import com.azure.core.management.polling.PollResult;
import com.azure.core.util.Context;
import com.azure.core.util.polling.SyncPoller;
import com.azure.resourcemanager.containerservice.fluent.AgentPoolsClient;
import com.azure.resourcemanager.containerservice.fluent.models.AgentPoolInner;
import io.kaitoflow.activities.nodes.NodeException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The agent pools of one cluster. Each call is one request; none waits for what it set off. */
final class AgentPools {

    /** Something is made only where nothing is. */
    private static final String ANY = "*";

    private final AgentPoolsClient client;
    private final AzureSettings.Cluster cluster;
    private final Clock clock;
    private final Patience patience;

    AgentPools(AgentPoolsClient client, AzureSettings.Cluster cluster, Clock clock) {
        this.client = client;
        this.cluster = cluster;
        this.clock = clock;
        this.patience = new Patience(clock);
    }

    Optional<AgentPoolInner> find(String name) {
        return found(call(
                "Reading agent pool " + name,
                () -> Optional.of(client.get(cluster.resourceGroup(), cluster.name(), name))));
    }

    List<AgentPoolInner> all() {
        return found(call(
                        "Listing agent pools",
                        () -> Optional.of(client.list(cluster.resourceGroup(), cluster.name()).stream()
                                .toList())))
                .orElse(List.of());
    }

    /** Asks for a pool and says how to follow that; empty when there is one of the name already. */
    Optional<SyncPoller<PollResult<AgentPoolInner>, AgentPoolInner>> make(String name, AgentPoolInner pool) {
        Reply<SyncPoller<PollResult<AgentPoolInner>, AgentPoolInner>> reply = call(
                "Making agent pool " + name + " of " + pool.vmSize(),
                () -> Optional.of(client.beginCreateOrUpdate(
                        cluster.resourceGroup(), cluster.name(), name, pool, null, ANY, Context.NONE)));
        return reply.status() == HttpURLConnection.HTTP_PRECON_FAILED ? Optional.empty() : reply.orRefused();
    }

    /** Asks for the pool's end; one that is gone already is fine. */
    void remove(String name) {
        found(call(
                "Deleting agent pool " + name,
                () -> Optional.of(client.beginDelete(cluster.resourceGroup(), cluster.name(), name))));
    }

    private static <T> Optional<T> found(Reply<T> reply) {
        return reply.status() == HttpURLConnection.HTTP_NOT_FOUND && !reply.aboutTheCluster()
                ? Optional.empty()
                : reply.orRefused();
    }

    /**
     * What came back.
     *
     * @param value of an answer that is none of the errors
     * @param answer where it is one
     */
    private record Reply<T>(Optional<T> value, Optional<AzureAnswer> answer) {

        int status() {
            return answer.map(AzureAnswer::status).orElse(HttpURLConnection.HTTP_OK);
        }

        /** A pool of a cluster that is not there is not simply gone: somebody wrote the cluster's name wrong. */
        boolean aboutTheCluster() {
            return answer.stream()
                    .flatMap(said -> said.errors().stream())
                    .anyMatch(error -> error.code().equals("ResourceGroupNotFound")
                            || (error.code().equals("ResourceNotFound")
                                    && !error.message().contains("agentPools")));
        }

        Optional<T> orRefused() {
            answer.ifPresent(said -> {
                throw said.refusal();
            });
            return value;
        }
    }

    private <T> Reply<T> call(String tried, Supplier<Optional<T>> request) {
        String what = tried + " in " + cluster;
        patience.check(what);
        try {
            return new Reply<>(request.get(), Optional.empty());
        } catch (HttpResponseException refused) {
            return new Reply<>(Optional.empty(), Optional.of(heard(what, refused)));
        } catch (RuntimeException thrown) {
            throw unanswered(what, thrown);
        }
    }

    private AzureAnswer heard(String tried, HttpResponseException refused) {
        int status = Optional.ofNullable(refused.getResponse())
                .map(HttpResponse::getStatusCode)
                .orElse(0);
        Optional<Duration> pause = retryAfter(refused.getResponse());
        AzureAnswer answer = new AzureAnswer(tried, status, errors(refused), pause);
        if (status == AzureAnswer.THROTTLED || status == AzureAnswer.CONFLICT) {
            pause.ifPresent(patience::waitFor);
        }
        return answer;
    }

    private static List<AzureError> errors(HttpResponseException refused) {
        return refused instanceof ManagementException management
                ? AzureError.all(management.getValue())
                : List.of(new AzureError("", Objects.requireNonNullElse(refused.getMessage(), "")));
    }

    /** Seconds, or a date. */
    private Optional<Duration> retryAfter(@Nullable HttpResponse response) {
        String text = response == null ? null : response.getHeaderValue("Retry-After");
        if (text == null) {
            return Optional.empty();
        }
        if (text.matches("\\d{1,6}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant due = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(Duration.between(clock.instant(), due)).filter(Duration::isPositive);
        } catch (DateTimeException nonsense) {
            return Optional.empty();
        }
    }

    /** A connection that broke says nothing of whether the request was done; a defect of ours is no such thing. */
    private static RuntimeException unanswered(String tried, RuntimeException thrown) {
        boolean brokeOff = Stream.iterate((Throwable) thrown, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof IOException || cause instanceof TimeoutException);
        return brokeOff
                ? new NodeException.Unanswered(tried + " was not answered (" + thrown.getMessage() + ").")
                : thrown;
    }
}

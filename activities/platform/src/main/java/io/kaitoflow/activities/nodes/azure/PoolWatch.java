package io.kaitoflow.activities.nodes.azure;

import com.azure.resourcemanager.containerservice.fluent.models.AgentPoolInner;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Azure tells nobody when a pool is made, or cannot be. While any pool of ours is on its way, all are looked at by one request
 * every few seconds, and the run of one that is something else is told; while none is, nothing is asked.
 */
public final class PoolWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PoolWatch.class);
    private static final Set<String> ON_ITS_WAY = Set.of("Creating", "Updating", "Scaling", "Deleting");

    private final AgentPools pools;
    private final PoolManifest manifest;
    private final BiConsumer<WorkspaceId, String> observer;
    private final AtomicBoolean moving = new AtomicBoolean(true);
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("agent-pools").daemon().factory());
    private Map<String, Seen> seen = Map.of();

    private record Seen(String state, Optional<WorkspaceId> owner) {
        static Seen of(AgentPoolInner pool) {
            return new Seen(
                    Objects.requireNonNullElse(pool.provisioningState(), ""), ClaimLabels.owner(pool.nodeLabels()));
        }
    }

    /** @param observer is told whose pool changed, and its name; it may take a call's time */
    PoolWatch(AgentPools pools, PoolManifest manifest, BiConsumer<WorkspaceId, String> observer) {
        this.pools = pools;
        this.manifest = manifest;
        this.observer = observer;
    }

    void start(Duration every) {
        var unused =
                rounds.scheduleWithFixedDelay(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Something was set off. */
    void expect() {
        moving.set(true);
    }

    /** What Azure does not say now it says the next time. */
    private void look() {
        if (!moving.getAndSet(false)) {
            return;
        }
        try {
            compare(pools.all().stream().filter(manifest::ofInstallation).toList());
        } catch (NodeException unanswered) {
            moving.set(true);
        } catch (RuntimeException unexpected) {
            // The identity service, for one, has exceptions of its own, and a watch that throws is never run again.
            LOG.warn("Agent pools could not be looked at; it is tried again", unexpected);
            moving.set(true);
        }
    }

    private void compare(List<AgentPoolInner> now) {
        Map<String, Seen> pools = now.stream().collect(Collectors.toMap(PoolWatch::name, Seen::of));
        if (pools.values().stream().anyMatch(pool -> ON_ITS_WAY.contains(pool.state()))) {
            moving.set(true);
        }
        Map<String, Seen> before = seen;
        seen = pools;
        Stream.concat(pools.keySet().stream(), before.keySet().stream())
                .distinct()
                .filter(name -> !Objects.equals(pools.get(name), before.get(name)))
                .forEach(name -> Stream.of(pools, before)
                        .flatMap(side -> Stream.ofNullable(side.get(name)))
                        .findFirst()
                        .flatMap(Seen::owner)
                        .ifPresent(id -> observer.accept(id, name)));
    }

    private static String name(AgentPoolInner pool) {
        return Objects.requireNonNullElse(pool.name(), "");
    }

    @Override
    public void close() {
        rounds.shutdownNow();
    }
}

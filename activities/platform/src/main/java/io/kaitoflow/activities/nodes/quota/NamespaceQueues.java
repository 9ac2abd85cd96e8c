package io.kaitoflow.activities.nodes.quota;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The queues of all namespaces, as they are kept and as they are watched. Those that wait are told when it is their turn, when they
 * moved up, and when a process begins, which may know another cap.
 */
public final class NamespaceQueues implements AutoCloseable {

    private final QueueSettings settings;
    private final RegisterStore store;
    private final BiConsumer<WorkspaceId, String> observer;
    private final Clock clock;
    private final SharedIndexInformer<ConfigMap> informer;
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("namespace-queues").daemon().factory());

    /**
     * Returns when all queues were read once.
     *
     * @param client stays the caller's
     * @param observer is told who may look again, and the name of its queue; it may take a call's time
     * @param round after which those are told again whose turn it is and who were not heard of
     * @param clock says what month it is
     */
    public NamespaceQueues(
            KubernetesClient client,
            QueueSettings settings,
            BiConsumer<WorkspaceId, String> observer,
            Duration round,
            Clock clock) {
        this.settings = settings;
        this.store = new RegisterStore(client, settings);
        this.observer = observer;
        this.clock = clock;
        informer = client.configMaps()
                .inNamespace(settings.namespace())
                .withLabels(store.labels())
                .runnableInformer(0);
        informer.addEventHandler(new Listener());
        // Without it the first list may be an old one, and who waits in it unheard of.
        informer.initialState(Stream.empty());
        informer.run();
        var unused = rounds.scheduleWithFixedDelay(
                this::tellThoseWhoseTurnItIs, round.toMillis(), round.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Who holds machines or waits for them in queues, as far as the watch knows. */
    public Stream<WorkspaceId> owners() {
        return kept().flatMap(map -> RegisterStore.registerOf(map).tickets().stream())
                .map(ticket -> ticket.request().id())
                .distinct();
    }

    /** Every queue as numbers, as far as the watch knows. */
    public List<QueueFigures> figures() {
        return kept().flatMap(map -> RegisterStore.namespaceOf(map).stream()
                        .map(namespace -> figures(namespace, RegisterStore.registerOf(map))))
                .toList();
    }

    /** False once the watch ended for good: only a fresh process sees everything again. */
    public boolean healthy() {
        return !informer.stopped().toCompletableFuture().isCompletedExceptionally();
    }

    @Override
    public void close() {
        rounds.shutdownNow();
        informer.close();
    }

    Caps caps() {
        return settings.caps();
    }

    /** Whether claims of a namespace are counted: where they are not, nothing is asked of anybody. */
    boolean counts(String namespace) {
        return caps().of(namespace).isPresent() || find(namespace).isPresent();
    }

    /** As far as the watch knows. */
    Optional<Register> find(String namespace) {
        String key = Cache.namespaceKeyFunc(settings.namespace(), settings.name(namespace));
        return Optional.ofNullable(informer.getStore().getByKey(key)).map(RegisterStore::registerOf);
    }

    /** Those with a queue, as far as the watch knows. */
    Stream<String> namespaces() {
        return kept().flatMap(map -> RegisterStore.namespaceOf(map).stream());
    }

    /** Makes a change, and admits everybody whose turn it is then. */
    Register change(String namespace, UnaryOperator<Register> change) {
        return store.change(namespace, before -> change.apply(before).admitting(caps().of(namespace), clock.instant()));
    }

    private Stream<ConfigMap> kept() {
        return informer.getStore().list().stream();
    }

    private QueueFigures figures(String namespace, Register register) {
        return new QueueFigures(
                namespace,
                caps().of(namespace),
                register.used(),
                register.spent(clock.instant()),
                register.waiting().size());
    }

    /** A process that knew another cap may have heard them last. */
    private void tellThoseWhoseTurnItIs() {
        kept().forEach(map -> {
            Register register = RegisterStore.registerOf(map);
            Register then = register.admitting(RegisterStore.namespaceOf(map).flatMap(caps()::of), clock.instant());
            register.waiting().stream()
                    .filter(ticket -> moved(ticket, register, then))
                    .forEach(ticket -> tell(ticket.request(), map));
        });
    }

    private static boolean moved(Ticket ticket, Register before, Register now) {
        NodeRequest claim = ticket.request();
        return now.find(claim).isPresent() && before.place(claim) != now.place(claim);
    }

    private void tell(NodeRequest claim, ConfigMap map) {
        observer.accept(claim.id(), map.getMetadata().getName());
    }

    private final class Listener implements ResourceEventHandler<ConfigMap> {

        /** One of the time before this process, or of a moment ago. */
        @Override
        public void onAdd(ConfigMap map) {
            RegisterStore.registerOf(map).tickets().forEach(ticket -> tell(ticket.request(), map));
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap now) {
            Register was = RegisterStore.registerOf(before);
            Register is = RegisterStore.registerOf(now);
            was.waiting().stream()
                    .filter(ticket -> moved(ticket, was, is))
                    .forEach(ticket -> tell(ticket.request(), now));
        }

        @Override
        public void onDelete(ConfigMap map, boolean stateUnknown) {
            // Nobody is in it any more.
        }
    }
}

package io.kaitoflow.bridge.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kaitoflow.bridge.api.Workspace;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Other installations of the cluster that are at work. Two that take the same Workspaces would each buy machines for them, and write their
 * statuses in turn. Whether a lease is renewed is measured here, from when its newest version was first seen, as no two clocks agree. A lease
 * may be written by whoever may edit its namespace, and such people must keep nobody from beginning: one counts only when the account that it
 * names may write the statuses of Workspaces anywhere.
 */
public final class OtherInstallations {

    private static final Logger LOG = LoggerFactory.getLogger(OtherInstallations.class);

    /** As long as a lease whose holder died is believed in. */
    public static final Duration BELIEVED = Leadership.LEASE_LASTS.plusSeconds(1);

    private static final Comparator<Lease> BY_AGE = Comparator.comparing(
                    (Lease lease) -> lease.getMetadata().getCreationTimestamp())
            .thenComparing(lease -> lease.getMetadata().getNamespace());

    private final KubernetesClient client;
    private final Installation own;
    private final Predicate<Installation> genuine;
    private final LongSupplier nanos;
    private final Map<String, Seen> seen = new HashMap<>();

    /** A version of a lease, and when it was first seen. */
    private record Seen(String version, long since) {}

    /** @param client stays the caller's */
    public OtherInstallations(KubernetesClient client, Installation own) {
        this(client, own, other -> mayWriteStatuses(client, other), System::nanoTime);
    }

    /** @param genuine whether an installation is the one that its lease says */
    OtherInstallations(KubernetesClient client, Installation own, Predicate<Installation> genuine, LongSupplier nanos) {
        this.client = client;
        this.own = own;
        this.genuine = genuine;
        this.nanos = nanos;
    }

    /** Why this one must not begin: another is at work where it would be, and goes on. */
    public Optional<String> inTheWay() {
        return atWork(leases()).map(own::conflict).flatMap(Optional::stream).findFirst();
    }

    /** One that is at work on Workspaces that would be this one's. */
    public Optional<Installation> sharing() {
        return atWork(leases()).filter(own::sharesWith).findFirst();
    }

    /** Why this one must not go on: both began at once, and the other was installed before. */
    public Optional<String> elder() {
        List<Lease> leases = leases();
        Optional<Lease> ours = leases.stream().filter(this::isOurs).findFirst();
        List<Lease> elder = leases.stream()
                .filter(lease ->
                        ours.filter(our -> BY_AGE.compare(our, lease) < 0).isEmpty())
                .toList();
        return atWork(elder).map(own::conflict).flatMap(Optional::stream).findFirst();
    }

    private Stream<Installation> atWork(List<Lease> leases) {
        return leases.stream()
                .filter(lease -> !isOurs(lease))
                .filter(this::isRenewed)
                .map(lease -> Installation.of(lease.getMetadata()))
                .flatMap(Optional::stream)
                .filter(genuine);
    }

    private boolean isOurs(HasMetadata lease) {
        return lease.getMetadata().getNamespace().equals(own.namespace());
    }

    /** One that was never seen before counts, until it was not renewed for as long as it lasts. */
    private boolean isRenewed(Lease lease) {
        String holder = lease.getSpec() == null ? null : lease.getSpec().getHolderIdentity();
        if (holder == null || holder.isEmpty()) {
            return false;
        }
        Seen newest = seen.merge(
                lease.getMetadata().getNamespace(),
                new Seen(lease.getMetadata().getResourceVersion(), nanos.getAsLong()),
                (before, now) -> before.version().equals(now.version()) ? before : now);
        return Duration.ofNanos(nanos.getAsLong() - newest.since()).compareTo(Leadership.LEASE_LASTS) < 0;
    }

    private static boolean mayWriteStatuses(KubernetesClient client, Installation other) {
        SubjectAccessReview review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser("system:serviceaccount:" + other.namespace() + ":" + other.account())
                .withGroups("system:serviceaccounts", "system:serviceaccounts:" + other.namespace())
                .withNewResourceAttributes()
                .withVerb("patch")
                .withGroup(Workspace.GROUP)
                .withResource("workspaces")
                .withSubresource("status")
                .endResourceAttributes()
                .endSpec()
                .build();
        return answer(
                () -> Boolean.TRUE.equals(client.authorization()
                        .v1()
                        .subjectAccessReview()
                        .create(review)
                        .getStatus()
                        .getAllowed()),
                false);
    }

    private List<Lease> leases() {
        return answer(
                () -> client.leases()
                        .inAnyNamespace()
                        .withField("metadata.name", Leadership.LEASE)
                        .list()
                        .getItems(),
                List.of());
    }

    private static <T> T answer(Supplier<T> question, T otherwise) {
        try {
            return question.get();
        } catch (KubernetesClientException unanswered) {
            LOG.warn(
                    "Whether another installation is at work on the same Workspaces cannot be seen: {}",
                    unanswered.getMessage());
            return otherwise;
        }
    }
}

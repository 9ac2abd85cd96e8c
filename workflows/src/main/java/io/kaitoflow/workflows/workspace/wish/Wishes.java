package io.kaitoflow.workflows.workspace.wish;

import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.request.Verb;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.workspace.ledger.Step;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import io.kaitoflow.workflows.workspace.ledger.StepKeys;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What people want now: the newest desired state with the verbs on top. Handlers write it, the loop reads it. */
public final class Wishes {

    private @Nullable DesiredState desired;
    private final BooleanSupplier pausesStayBeneath;
    private Orders orders;
    private boolean retried;

    /** @param pausesStayBeneath false in a run that began when a cancel still ended a pause for good */
    public Wishes(@Nullable DesiredState desired, Orders orders, BooleanSupplier pausesStayBeneath) {
        this.desired = desired;
        this.orders = orders;
        this.pausesStayBeneath = pausesStayBeneath;
    }

    /** Keeps the newest; a deletion is final, because nothing with this uid comes back. */
    public void desire(DesiredState state) {
        if (desired != null && (desired.deleted() || !state.newerThan(desired))) {
            return;
        }
        desired = state;
        long before = orders.retries();
        state.verbs().forEach(verb -> orders = before(verb).byAnnotation(verb));
        retried |= orders.retries() > before;
    }

    public void order(Verb verb) {
        Orders after = before(verb).bySignal(verb);
        boolean counts = after != orders && known() && !deleted();
        retried |= after.retries() > orders.retries();
        orders = verb.extension()
                .filter(extension -> counts)
                .map(extension -> after.extendedBy(extension, request().terms()))
                .orElse(after);
    }

    private Orders before(Verb verb) {
        boolean asked = verb.action() == Verb.Action.RETRY && orders.beneath().isPresent();
        return asked && !pausesStayBeneath.getAsBoolean() ? orders.withoutBeneath() : orders;
    }

    /** A cancellation from Temporal itself means the same as the verb. */
    public void cancel(String reason) {
        order(new Verb(Verb.Action.CANCEL, nextOrder(), reason));
    }

    /** Whether somebody ordered a retry since this was asked last. */
    public boolean takeRetry() {
        boolean asked = retried;
        retried = false;
        return asked;
    }

    /** Whether there is a retry that nobody asked for yet. */
    public boolean retried() {
        return retried;
    }

    /** The number of an order after everything that was ordered so far. */
    public long nextOrder() {
        return orders.next();
    }

    public boolean known() {
        return desired != null;
    }

    public boolean deleted() {
        return desired != null && desired.deleted();
    }

    /** The pause or cancel in effect. */
    public Optional<Verb> hold() {
        return orders.hold();
    }

    public Orders orders() {
        return orders;
    }

    public DesiredState desired() {
        if (desired == null) {
            throw new IllegalStateException("Nothing is wished for yet");
        }
        return desired;
    }

    /** What the user bounds tuning with. */
    public Optional<BigDecimal> budget() {
        return deleted() || desired == null ? Optional.empty() : terms().budgetUsd();
    }

    /** Bounds as they hold: those that were ordered until those that are written change. */
    public Terms terms() {
        return deleted() || desired == null
                ? Terms.none()
                : orders.bounding(request().terms());
    }

    public String fingerprint() {
        return desired == null ? "" : desired.fingerprint();
    }

    public WorkspaceRequest request() {
        return desired().request().orElseThrow();
    }

    /** Changes exactly when there is something to do about it: another fingerprint, hold, retry or extension. */
    public String signature() {
        String extensions = orders.extensions() == 0 ? "" : "|" + orders.extensions();
        return fingerprint() + "|" + orders.hold().map(Verb::action) + "|" + orders.retries() + extensions;
    }

    /** Whether nothing is to run at all. */
    public boolean halted() {
        return deleted() || orders.hold().isPresent();
    }

    /** Whether a running step is to be broken off: its own inputs changed, or nothing is to run at all. */
    public boolean interrupt(Step step, StepKey key) {
        return halted() || !StepKeys.of(step, request()).equals(key);
    }
}

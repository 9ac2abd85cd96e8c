package io.kaitoflow.activities.nodes;

import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One workspace's calls under faults that a seed decides, made as a run makes them: owed before it is claimed, tried again until it
 * is answered by a process that may be another, given back until it is gone, and asked of the provider when the run is forgotten.
 * What is left, and what is there twice, is read from the provider's books.
 */
public final class FaultRun {

    private static final int STEPS = 25;
    private static final int TRIES = 200;

    /** After so many tries time has passed for the provider too: what is being deleted goes. */
    private static final int PATIENCE = 10;

    private static final int AT_ONCE = 2;

    private final UnreliableProvider provider;
    private final Random random;
    private final WorkspaceId id;
    private final Set<Integer> owed = new TreeSet<>();
    private final List<String> diary = new ArrayList<>();
    private final Deque<LateCall> late = new ArrayDeque<>();
    private Mortality mortality = Mortality.immortal();
    private NodeProvisioner process;
    private int number;

    private FaultRun(UnreliableProvider provider, long seed) {
        this.provider = provider;
        this.random = new Random(seed);
        this.id = new WorkspaceId("default", "seed-" + seed, "uid-" + seed);
        this.process = provider.process(mortality);
    }

    /** What is wrong afterwards; empty when nothing is. */
    public static Optional<String> of(long seed, UnreliableProvider provider) {
        return new FaultRun(provider, seed).go();
    }

    private Optional<String> go() {
        for (int i = 0; i < STEPS; i++) {
            provider.misbehave(random);
            step(random.nextInt(14));
            Set<Integer> there = provider.claims(id);
            if (!owed.containsAll(there)) {
                return wrong("nobody will give back all of " + there);
            }
        }
        provider.heal();
        while (!late.isEmpty()) {
            wake();
        }
        reborn(Mortality.immortal());
        Set.copyOf(owed).forEach(this::giveBack);
        Set<Integer> left = provider.claims(id);
        return left.isEmpty() ? Optional.empty() : wrong("left at the provider: " + left);
    }

    private Optional<String> wrong(String what) {
        return Optional.of(id.name() + ": " + what + ", owed " + owed + "\n  " + String.join("\n  ", diary));
    }

    private void step(int what) {
        switch (what) {
            case 0, 1, 2, 3 -> claim();
            case 4, 5, 6 -> any().ifPresent(each -> call("observe", each, process -> process.observe(request(each))));
            case 7, 8 -> any().ifPresent(this::giveBack);
            case 9 -> forget();
            case 10 -> any().ifPresent(this::callLate);
            case 11 -> wake();
            default -> {
                diary.add("the provider goes on");
                provider.goOn(random);
            }
        }
    }

    private void claim() {
        if (owed.size() < AT_ONCE) {
            int next = ++number;
            owed.add(next);
            call("claim", next, process -> process.claim(request(next)));
        }
    }

    /** Until the provider has nothing of it left. */
    private void giveBack(int claim) {
        for (int i = 0; i < TRIES; i++) {
            if (call("release", claim, process -> process.release(request(claim)))
                    .orElse(false)) {
                owed.remove(claim);
                return;
            }
            provider.goOn(random);
        }
        throw new AssertionError(wrong("claim " + claim + " does not go").orElse(""));
    }

    /** A call that is given up, since nothing is heard of it, and goes on when nobody thinks of it any more. */
    private void callLate(int claim) {
        Mortality stands = Mortality.late(random);
        NodeProvisioner slow = provider.process(stands);
        LateCall call = LateCall.of(stands, () -> slow.claim(request(claim)));
        diary.add("a call of claim " + claim
                + (call.stands() ? " stands still" : " was answered, and nobody wrote it down"));
        if (call.stands()) {
            late.add(call);
        }
        reborn(Mortality.immortal());
    }

    /** What it makes is seen, and the run told of it asks what is held in its name. */
    private void wake() {
        if (!late.isEmpty()) {
            diary.add("a late call goes on");
            late.remove().finish();
            reborn(Mortality.immortal());
            owed.addAll(held());
            number = Math.max(
                    number, owed.stream().mapToInt(Integer::intValue).max().orElse(0));
        }
    }

    /** The run is lost with its history; the next one adopts what is held. */
    private void forget() {
        reborn(Mortality.immortal());
        Set<Integer> held = held();
        owed.clear();
        owed.addAll(held);
        number = held.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private Set<Integer> held() {
        return call("held", 0, process -> process.held(id)).orElseThrow().stream()
                .map(NodeRequest::number)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Tried again until somebody answered and lived to write it down; a refusal is an answer. */
    private <T> Optional<T> call(String what, int claim, Function<NodeProvisioner, T> call) {
        for (int i = 0; i < TRIES; i++) {
            try {
                T answer = call.apply(process);
                if (!mortality.dead() && random.nextInt(8) > 0) {
                    diary.add(what + " " + claim + ": " + answer);
                    return Optional.of(answer);
                }
                diary.add(what + " " + claim + " was answered, and nobody wrote it down");
            } catch (NodeException.Unanswered unheard) {
                diary.add(what + " " + claim + ": " + unheard.getMessage());
            } catch (NodeException refusal) {
                diary.add(what + " " + claim + " was refused: " + refusal.getMessage());
                return Optional.empty();
            } catch (RuntimeException thrown) {
                if (!mortality.dead()) {
                    throw thrown;
                }
                diary.add(what + " " + claim + ": the process died");
            }
            reborn(random.nextInt(3) == 0 ? Mortality.of(random) : Mortality.immortal());
            if (i % PATIENCE == PATIENCE - 1) {
                diary.add("the provider goes on meanwhile");
                provider.goOn(random);
            }
        }
        throw new AssertionError(
                wrong(what + " " + claim + " is never answered").orElse(""));
    }

    private void reborn(Mortality next) {
        mortality = next;
        process = provider.process(mortality);
    }

    private Optional<Integer> any() {
        return owed.stream().skip(random.nextInt(Math.max(1, owed.size()))).findFirst();
    }

    private NodeRequest request(int claim) {
        return provider.request(id, claim);
    }
}

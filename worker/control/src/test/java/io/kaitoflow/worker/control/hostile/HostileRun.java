package io.kaitoflow.worker.control.hostile;

import io.kaitoflow.testcluster.faults.Fault;
import io.kaitoflow.testcluster.faults.FaultPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * One run: workspaces come, change and go while faults strike and servers die, all by the seed; then everything heals, and within
 * two minutes the cluster is as users want it, with nothing bought twice and nothing left behind.
 */
final class HostileRun {

    private static final int FEWEST_CONDITIONS = 6;
    private static final int LONGEST_PAUSE_MILLIS = 1200;
    private static final Duration BOUND = Duration.ofMinutes(2);

    private static final Map<Fault, Double> ODDS = Map.of(
            Fault.WATCH_CUT, 0.05,
            Fault.WATCH_GONE, 0.03,
            Fault.STALE_LIST, 0.6,
            Fault.EVENT_DOUBLED, 0.2,
            Fault.EVENT_LATE, 0.15,
            Fault.STATUS_CONFLICT, 0.5,
            Fault.SLOW, 0.15,
            Fault.ANSWER_LOST, 0.1,
            Fault.STRANGE_FIELDS, 0.5);

    private final long seed;
    private final Arena arena;
    private final Random random;
    private final Diary diary = new Diary();
    private final Users users;
    private final Servers servers;
    private final int duplicatesBefore;

    HostileRun(long seed, Arena arena) {
        this.seed = seed;
        this.arena = arena;
        this.random = new Random(seed);
        this.users = new Users(arena.cluster(), random, diary);
        this.servers = new Servers(arena, users, random, diary);
        this.duplicatesBefore = arena.history().duplicates().size();
    }

    Arena arena() {
        return arena;
    }

    Users users() {
        return users;
    }

    Servers servers() {
        return servers;
    }

    /**
     * Runs to the end.
     *
     * @return one line about it
     * @throws AssertionError with the seed, the complaints and the diary
     */
    String go() {
        arena.history().readBy(diary::note);
        arena.karpenter().behaveBy(seed);
        servers.heal();
        Map<Fault, Double> faults = chosenFaults();
        diary.note("faults " + faults.keySet());
        arena.proxy().follow(FaultPlan.seeded(seed, faults));
        users.create();
        users.create();
        List<Condition> met = meetConditions();
        Duration converged = converge("after healing");
        users.wishes().forEach(users::delete);
        Duration gone = converge("after everything was deleted");
        check(List.of());
        return String.format(
                Locale.ROOT,
                "seed %d: converged in %.1f s, all gone in %.1f s, %.0f s in all; %s under %s",
                seed,
                converged.toMillis() / 1000.0,
                gone.toMillis() / 1000.0,
                diary.seconds(),
                met,
                faults.keySet());
    }

    private Map<Fault, Double> chosenFaults() {
        Map<Fault, Double> chosen = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) {
            if (random.nextInt(5) < 2) {
                chosen.put(fault, ODDS.get(fault));
            }
        }
        return chosen;
    }

    private List<Condition> meetConditions() {
        List<Condition> met = new ArrayList<>();
        int count = FEWEST_CONDITIONS + random.nextInt(4);
        Condition[] all = Condition.values();
        for (int i = 0; i < count; i++) {
            Condition next = all[random.nextInt(all.length)];
            diary.note("-- " + next);
            next.happen(this);
            met.add(next);
            users.makeAgain();
            arena.history().awaitNews(Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS)));
        }
        return met;
    }

    private Duration converge(String when) {
        diary.note("-- healing");
        arena.proxy().follow(FaultPlan.none());
        servers.heal();
        users.mend();
        long start = System.nanoTime();
        check(new Convergence(arena, users, servers, BOUND).complaints());
        diary.note("-- converged " + when);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void check(List<String> complaints) {
        List<String> all = new ArrayList<>(complaints);
        List<String> duplicates = arena.history().duplicates();
        all.addAll(duplicates.subList(duplicatesBefore, duplicates.size()));
        if (!all.isEmpty()) {
            throw new AssertionError("Seed " + seed + " failed; again with: worker/control/hostile 1 " + seed + "\n"
                    + String.join("\n", all) + "\n\n" + diary.text()
                    + "\nThe replicas' logs lie in " + arena.logs());
        }
    }
}

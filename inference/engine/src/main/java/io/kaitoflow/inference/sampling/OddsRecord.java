package io.kaitoflow.inference.sampling;

import io.kaitoflow.inference.sampling.ChosenToken.Candidate;
import io.kaitoflow.inference.sampling.ChosenToken.Odds;
import java.util.ArrayList;
import java.util.List;

/** The model's own distribution over the next token, kept while a sampler changes the logits. */
final class OddsRecord {
    private final float[] logits;
    private final double total;
    private final int wanted;

    /** @param wanted how many of the likeliest are told */
    OddsRecord(float[] logits, int wanted) {
        this.logits = logits.clone();
        this.total = Logits.logSumExp(logits);
        this.wanted = wanted;
    }

    Odds of(int chosen) {
        return new Odds(logits[chosen] - total, likeliest());
    }

    private List<Candidate> likeliest() {
        List<Candidate> best = new ArrayList<>();
        float least = Float.NEGATIVE_INFINITY;
        for (int id = 0; id < logits.length && wanted > 0; id++) {
            if (logits[id] > least || best.size() < wanted) {
                insert(best, new Candidate(id, logits[id] - total));
                least = best.size() < wanted ? least : logits[best.getLast().id()];
            }
        }
        return best;
    }

    private void insert(List<Candidate> best, Candidate candidate) {
        int at = best.size();
        while (at > 0 && best.get(at - 1).logProbability() < candidate.logProbability()) {
            at--;
        }
        best.add(at, candidate);
        if (best.size() > wanted) {
            best.removeLast();
        }
    }
}

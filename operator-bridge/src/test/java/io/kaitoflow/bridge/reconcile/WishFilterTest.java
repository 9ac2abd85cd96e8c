package io.kaitoflow.bridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class WishFilterTest {

    private final BridgeTimes times = BridgeTimes.unheard();
    private final WishFilter filter = new WishFilter(times);
    private final Workspace before = Samples.saved("a", 1);

    @Test
    void ourOwnStatusDoesNotWakeUs() {
        Workspace after = Samples.saved("a", 2);
        after.setStatus(new WorkspaceStatus(
                List.of("n"),
                "Ready",
                1,
                1L,
                "Serving",
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                List.of()));

        assertThat(filter.accept(after, before)).isFalse();
    }

    @Test
    void anAnnotationThatMeansSomethingWakesUsAndAnotherDoesNot() {
        assertThat(filter.accept(Samples.annotated("a", 2, "kaito.sh/paused", "true"), before))
                .isTrue();
        assertThat(filter.accept(Samples.annotated("a", 2, "team", "red"), before))
                .isFalse();
    }

    @Test
    void deletionFinalizerAndAnotherUidWakeUs() {
        Workspace finalized = Samples.saved("a", 2);
        finalized.getMetadata().setFinalizers(List.of(Finalizer.NAME));
        Workspace namesake = Samples.saved("a", 2);
        namesake.getMetadata().setUid("another");

        assertThat(filter.accept(Samples.deleted("a", 2), before)).isTrue();
        assertThat(filter.accept(finalized, before)).isTrue();
        assertThat(filter.accept(namesake, before)).isTrue();
    }

    @Test
    void anObjectThatWaitsForOthersAloneWaitsForNoSignal() {
        Workspace ours = Samples.deleted("a", 2);
        ours.getMetadata().setFinalizers(List.of(Finalizer.NAME, "example.com/another"));
        Workspace others = Samples.deleted("a", 3);
        others.getMetadata().setFinalizers(List.of("example.com/another"));

        assertThat(filter.accept(ours, before)).isTrue();
        assertThat(times.waiting()).containsExactly("uid-a");
        assertThat(filter.accept(others, ours)).isTrue();
        assertThat(times.waiting()).isEmpty();
        assertThat(filter.acceptNew(others)).isTrue();
        assertThat(times.waiting()).as("after a restart").isEmpty();
    }
}

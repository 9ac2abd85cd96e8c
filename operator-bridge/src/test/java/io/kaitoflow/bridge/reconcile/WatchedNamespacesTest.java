package io.kaitoflow.bridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class WatchedNamespacesTest {

    @Test
    void namesStandBetweenCommas() {
        WatchedNamespaces both = WatchedNamespaces.parse("team-b, team-a");

        assertThat(both.names()).containsExactly("team-a", "team-b");
        assertThat(WatchedNamespaces.parse(both.text())).isEqualTo(both);
        assertThat(both).hasToString("team-a, team-b");
    }

    @Test
    void nothingMeansAll() {
        assertThat(WatchedNamespaces.parse(" ")).isEqualTo(WatchedNamespaces.all());
        assertThat(WatchedNamespaces.all()).hasToString("all namespaces");
    }

    @Test
    void whatCannotBeANamespaceIsNamed() {
        assertThatThrownBy(() -> WatchedNamespaces.parse("team-a,Team B"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "\"Team B\" cannot be a namespace. Write names of namespaces with commas between, or nothing "
                                + "for all.");
    }

    @Test
    void allSharesOneWithEverybody() {
        WatchedNamespaces ours = new WatchedNamespaces(Set.of("a", "b"));

        assertThat(ours.shareOneWith(new WatchedNamespaces(Set.of("b", "c")))).isTrue();
        assertThat(ours.shareOneWith(new WatchedNamespaces(Set.of("c")))).isFalse();
        assertThat(ours.shareOneWith(WatchedNamespaces.all())).isTrue();
        assertThat(WatchedNamespaces.all().shareOneWith(ours)).isTrue();
    }
}

package io.kaitoflow.activities.nodes.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.workflows.plan.MachineOption;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CapsTest {

    private static final Caps CAPS = Caps.parse("""
            {"default": {"gpus": 4}, "namespaces": {"team-a": {"gpus": 8, "usdPerHour": 30}, "free": {}}}""");

    @Test
    void aNamespaceThatIsNamedIsBoundByItsOwnCapAlone() {
        assertThat(CAPS.of("other")).contains(Claims.gpus(4));
        assertThat(CAPS.of("team-a"))
                .contains(new Cap(OptionalInt.of(8), Optional.of(BigDecimal.valueOf(30)), Optional.empty()));
        assertThat(CAPS.of("free")).isEmpty();
        assertThat(Caps.none().of("other")).isEmpty();
    }

    @Test
    void whatIsNoCapIsNamed() {
        assertThatThrownBy(() -> Caps.parse("{\"namespaces\": {\"a\": {\"gpu\": 4}}}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gpu");
        assertThatThrownBy(() -> Caps.parse("{\"default\": {\"gpus\": -1}}"))
                .hasMessageContaining("gpus: -1 must be 0 or more.");
        assertThatThrownBy(() -> Caps.parse("{\"default\": {\"usdPerHour\": -0.5}}"))
                .hasMessageContaining("usdPerHour: -0.5 must be 0 or more.");
        assertThatThrownBy(() -> Caps.parse("8")).hasMessageContaining("names no caps of namespaces");
    }

    @Test
    void exactlyTheCapMayBeUsed() {
        assertThat(CAPS.objection(Claims.claim("a", 8), Amount.NONE)).isEmpty();
        assertThat(CAPS.objection(Claims.claim("a", 9), Amount.NONE))
                .contains("1 x sku-9 is 9 GPUs and $33.03 an hour, and namespace team-a may use 8 GPUs and $30.00 an"
                        + " hour at once.");
        assertThat(new Caps(Optional.empty(), Map.of("team-a", Claims.usd("3.67")))
                        .objection(Claims.claim("a", 1), Amount.NONE))
                .isEmpty();
    }

    @Test
    void whatAWorkspaceKeepsBesideCountsToo() {
        assertThat(CAPS.objection(Claims.claim("a", 4), new Amount(5, BigDecimal.ONE)))
                .hasValueSatisfying(why -> assertThat(why).contains("beside what the Workspace holds"));
    }

    @Test
    void underACapOfDollarsAPriceMustBeKnownUnlessNothingIsBought() {
        Caps dollars = new Caps(Optional.of(Claims.usd("30")), Map.of());

        assertThat(dollars.objection(Claims.unpriced("a", "sku"), Amount.NONE))
                .contains("Nobody knows the price of sku, and namespace team-a may use $30.00 an hour at once.");
        assertThat(dollars.objection(Claims.unpriced("a", MachineOption.OWN), Amount.NONE))
                .isEmpty();
        assertThat(CAPS.objection(Claims.in("other", Claims.unpriced("a", "sku")), Amount.NONE))
                .isEmpty();
    }
}

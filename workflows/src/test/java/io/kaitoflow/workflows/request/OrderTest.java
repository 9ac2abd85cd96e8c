package io.kaitoflow.workflows.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.request.Verb.Action;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.GlobalDataConverter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderTest {

    private static final DataConverter CONVERTER = GlobalDataConverter.get();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"action\":\"PAUSE\",\"sequence\":0,\"reason\":\"\"}",
                "{\"action\":\"pause\"}",
                "{\"action\":\" Pause \",\"more\":1}",
                "\"pause\""
            })
    void aPauseMayBeWrittenInManyWays(String json) {
        assertThat(read(json).verb(7)).contains(new Verb(Action.PAUSE, 7, "A person ordered it."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"action\":\"stop\"}", "{}", "\"\"", "7", "[]", "{\"action\":{\"pause\":true}}", "null"})
    void whatIsNoVerbCanBeReadAllTheSame(String json) {
        Order order = read(json);

        assertThat(order == null || order.verb(1).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"action\":\"extend\",\"budgetUsd\":40,\"maxHours\":1.5}",
                "{\"action\":\"EXTEND\",\"budgetUsd\":\"40\",\"maxHours\":\"1.5\"}"
            })
    void anExtensionNamesItsBounds(String json) {
        Extension extension = new Extension(Optional.of(new BigDecimal("40")), Optional.of(Duration.ofMinutes(90)));

        assertThat(read(json).verb(7).flatMap(Verb::extension)).contains(extension);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"action\":\"extend\"}",
                "{\"action\":\"extend\",\"budgetUsd\":\"much\"}",
                "{\"action\":\"extend\",\"budgetUsd\":-3}",
                "{\"action\":\"extend\",\"budgetUsd\":0}"
            })
    void anExtensionWithoutANumberAboveNoughtExtendsNothing(String json) {
        assertThat(read(json).verb(7).flatMap(Verb::extension)).contains(Extension.none());
    }

    @Test
    void anExtensionTravelsAsItWasWritten() {
        Verb verb = new Verb(
                Action.EXTEND,
                3,
                "the deadline",
                Optional.of(new Extension(Optional.of(new BigDecimal("12.50")), Optional.of(Duration.ofHours(8)))));

        assertThat(Order.of(verb).verb(9)).contains(verb);
    }

    @Test
    void aProgramsNumberAndReasonStay() {
        Verb verb = new Verb(Action.RETRY, 12, "run again");

        assertThat(read("{\"action\":\"RETRY\",\"sequence\":12,\"reason\":\"run again\"}")
                        .verb(99))
                .contains(verb);
        assertThat(Order.of(verb).verb(99)).contains(verb);
    }

    private static Order read(String json) {
        Payload payload = CONVERTER.toPayload("").orElseThrow().toBuilder()
                .setData(com.google.protobuf.ByteString.copyFromUtf8(json))
                .build();
        return CONVERTER.fromPayload(payload, Order.class, Order.class);
    }
}

package io.kaitoflow.workflows.workspace.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.GlobalDataConverter;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A ledger outlives its run, and the release that wrote it. */
class LedgerTest {

    private static final DataConverter CONVERTER = GlobalDataConverter.get();

    /** As releases wrote it that knew of no second machine. */
    private static final String BEFORE =
            "{\"owed\":[{\"kind\":\"stopTuner\"}],\"asked\":[{\"undo\":{\"kind\":\"stopTuner\"},"
                    + "\"since\":0,\"answer\":\"It is drained.\"}],\"claims\":[\"1=ws1\"],\"halved\":\"00ff\",\"halving\":\"It was"
                    + " full.\",\"divisor\":4,\"spending\":{\"settledUsd\":1.5,\"settledTime\":3600.0},\"bounded\":{\"settledUsd\":0.5,"
                    + "\"settledTime\":60.0},\"served\":{\"settledUsd\":0,\"settledTime\":1.0},\"leases\":3,\"resumes\":2}";

    @Test
    void whatAnEarlierReleaseWroteIsRead() {
        assertAsWritten(read(BEFORE));
    }

    @Test
    void whatIsWrittenIsReadAgainUnderTheSameNames() {
        String written =
                CONVERTER.toPayload(read(BEFORE)).orElseThrow().getData().toStringUtf8();

        assertThat(written).contains("\"owed\":[", "\"claims\":[", "\"halved\":\"00ff\"", "\"spending\":{");
        assertAsWritten(read(written));
    }

    @Test
    void shelvesKeepTheirPlaceAmongTheOthers() {
        OutputTarget shelf =
                new OutputTarget.Image(ImageReference.parse("registry.example.com/facts:1"), Optional.empty());
        Ledger ledger = new Ledger();
        ledger.shelves().used(shelf);

        String written = CONVERTER.toPayload(ledger).orElseThrow().getData().toStringUtf8();

        assertThat(written).contains("\"shelves\":[{");
        assertThat(read(written).shelves().all()).containsExactly(shelf);
    }

    private static void assertAsWritten(Ledger ledger) {
        assertThat(ledger.owed()).containsExactly(new Undo.StopTuner());
        assertThat(ledger.debts().askedFor()).containsExactly(new Undo.StopTuner());
        assertThat(ledger.debts().inWords(Optional.empty()).getFirst().sentence())
                .contains("It is drained.");
        assertThat(ledger.batch().divisor(StepKey.of("00ff"))).isEqualTo(4);
        assertThat(ledger.batch().reason(StepKey.of("00ff"))).isEqualTo("It was full.");
        assertThat(ledger.meters().spending().settledTime()).isEqualTo(Duration.ofHours(1));
        assertThat(ledger.meters().bounded().settledTime()).isEqualTo(Duration.ofMinutes(1));
        assertThat(ledger.meters().served().settledTime()).isEqualTo(Duration.ofSeconds(1));
        assertThat(ledger.nextLease()).isEqualTo(4);
        assertThat(ledger.surge().predecessor()).isEmpty();
        assertThat(ledger.surge().open()).isTrue();
    }

    private static Ledger read(String json) {
        Payload payload = CONVERTER.toPayload(new Ledger()).orElseThrow().toBuilder()
                .setData(ByteString.copyFromUtf8(json))
                .build();
        return CONVERTER.fromPayload(payload, Ledger.class, Ledger.class);
    }
}

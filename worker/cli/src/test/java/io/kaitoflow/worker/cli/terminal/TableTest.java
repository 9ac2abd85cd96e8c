package io.kaitoflow.worker.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        Table table = new Table("NAME", "PHASE");
        table.row("a-long-name", "Serving");
        table.row("b", "Failed");
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        table.print(new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("NAME          PHASE", "a-long-name   Serving", "b             Failed");
    }
}

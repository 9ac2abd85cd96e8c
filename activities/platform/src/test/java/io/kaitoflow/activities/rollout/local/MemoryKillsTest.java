package io.kaitoflow.activities.rollout.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryKillsTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theCountsOfMachineAndGroupAreAdded() throws IOException {
        Path machine = Files.writeString(folder.resolve("vmstat"), "nr_free_pages 12\noom_kill 3\ndrop_slab 0\n");
        Path group = Files.writeString(folder.resolve("events"), "oom 7\noom_kill 2\noom_group_kill 5\n");

        assertThat(new MemoryKills(List.of(machine, group)).getAsLong()).isEqualTo(5);
    }

    @Test
    void whereNobodyCountsNothingIsCounted() {
        assertThat(new MemoryKills(List.of(folder.resolve("absent"))).getAsLong())
                .isZero();
    }
}

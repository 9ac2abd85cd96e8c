package io.kaitoflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.worker.cli.terminal.ExitCode;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

class HelpTest {

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelpWithAnExampleOfItself(String words) {
        Invocation help = Invocation.of(
                (Object[]) (words + " --help").substring("kaitoflow ".length()).split(" "));

        assertThat(help.exit()).isEqualTo(ExitCode.OK);
        assertThat(help.out()).startsWith("Usage: " + words).containsPattern("Examples?:\\R  " + words + "\\b");
    }

    static Stream<String> commands() {
        return below(KaitoflowCommand.commandLine(Map.of())).filter(words -> !words.equals("kaitoflow"));
    }

    private static Stream<String> below(CommandLine line) {
        return Stream.concat(
                Stream.of(line.getCommandSpec().qualifiedName()),
                line.getSubcommands().values().stream()
                        .filter(sub -> !(sub.getCommand() instanceof HelpCommand))
                        .flatMap(HelpTest::below));
    }
}

package io.kaitoflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ServeCommandTest {

    @TempDir
    private Path home;

    @Test
    void chatServesAModelForOneQuestionAndNamesThePlaceOfItsLog() {
        String gguf = System.getenv("KAITOFLOW_TEST_MODEL");
        assumeTrue(gguf != null, "KAITOFLOW_TEST_MODEL must be the path of SmolLM2-135M-Instruct's GGUF");

        Invocation chat = Invocation.of("chat", gguf, "What is the capital of France?", "--home", home);

        assertThat(chat.exit()).as(chat.err()).isZero();
        assertThat(chat.out()).contains("Paris");
        assertThat(home.resolve("logs")).isNotEmptyDirectory();
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void aServerThatEndsByItselfIsAFailureWithASentence() {
        assertThat(ServeCommand.exit(143)).isEqualTo(ExitCode.INTERRUPTED);
        assertThatThrownBy(() -> ServeCommand.exit(137))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        died -> assertThat(died.exitCode()).isEqualTo(ExitCode.FAILED))
                .hasMessage("The server ended with exit status 137.");
    }

    @Test
    void wordsThatAreNoModelAreRefusedBeforeAnythingStarts() {
        Invocation serve = Invocation.of("serve", "no-such-model", "--home", home);

        assertThat(serve.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(serve.err()).contains("no-such-model").contains("kaitoflow models list");
        assertThat(Invocation.of("chat", "no-such-model", "hello", "--home", home)
                        .exit())
                .isEqualTo(ExitCode.REFUSED);
    }
}

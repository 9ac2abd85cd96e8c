package io.kaitoflow.worker.cli;

import io.kaitoflow.worker.cli.local.StatusFile;
import io.kaitoflow.worker.cli.questions.ModelClient;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.cli.terminal.Terminal;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kaitoflow chat}: asks a served workspace, once or line by line. */
@Command(
        name = "chat",
        description = "Asks a served workspace; without a question, reads questions line by line until end of input.",
        footer = {
            "",
            "Examples:",
            "  kaitoflow chat tune-smollm2 \"Where is the observatory?\"",
            "  kaitoflow chat tune-smollm2 --model smollm2-135m-instruct \"…\"   # the base model"
        })
final class ChatCommand implements Callable<Integer> {

    @Mixin
    private HomeOption home = new HomeOption();

    @Option(
            names = {"-n", "--namespace"},
            description = "Namespace (default: ${DEFAULT-VALUE}).",
            defaultValue = "default")
    private String namespace = "default";

    @Option(names = "--model", description = "Model name in the OpenAI API (default: the tuned one).")
    private Optional<String> model = Optional.empty();

    @Option(
            names = "--max-new-tokens",
            description = "Longest answer in tokens (default: ${DEFAULT-VALUE}).",
            defaultValue = "256")
    private int maxNewTokens;

    @Parameters(index = "0", paramLabel = "NAME", description = "The workspace.")
    private String name = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "QUESTION", description = "What to ask.")
    private Optional<String> question = Optional.empty();

    @Override
    public Integer call() throws IOException {
        Endpoint endpoint = new StatusFile(home.prepared())
                .find(namespace, name)
                .flatMap(WorkspaceSnapshot::endpoint)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.REFUSED,
                        "Workspace " + namespace + "/" + name + " is not served here; see: kaitoflow get"));
        try (ModelClient client = new ModelClient(endpoint.url())) {
            if (question.isPresent()) {
                answer(client, endpoint, question.get());
            } else {
                converse(client, endpoint);
            }
        }
        return ExitCode.OK;
    }

    private void converse(ModelClient client, Endpoint endpoint) throws IOException {
        boolean terminal = Terminal.isInteractive();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (@Nullable String line = prompt(terminal, lines); line != null; line = prompt(terminal, lines)) {
            if (!line.isBlank()) {
                answer(client, endpoint, line.strip());
            }
        }
    }

    private static @Nullable String prompt(boolean terminal, BufferedReader lines) throws IOException {
        if (terminal) {
            System.out.print("> ");
            System.out.flush();
        }
        return lines.readLine();
    }

    private void answer(ModelClient client, Endpoint endpoint, String text) {
        PrintStream out = System.out;
        client.stream(Optional.of(model.orElse(endpoint.model())), text, maxNewTokens, piece -> {
            out.print(piece);
            out.flush();
        });
        out.println();
    }
}

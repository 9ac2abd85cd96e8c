package io.kaitoflow.worker.cli;

import io.kaitoflow.worker.cli.local.ServerPort;
import io.kaitoflow.worker.cli.local.ServerProcess;
import io.kaitoflow.worker.cli.local.StatusFile;
import io.kaitoflow.worker.cli.questions.ModelClient;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.cli.terminal.Terminal;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kaitoflow chat}: asks a served workspace, or a model that is served for the while, once or line by line. */
@Command(
        name = "chat",
        description = {
            "Asks a served workspace, or any model, which is then fetched and served for the while.",
            "Without a question, reads questions line by line until end of input."
        },
        footer = {
            "",
            "Examples:",
            "  kaitoflow chat smollm2-135m-instruct",
            "  kaitoflow chat tune-smollm2 \"Where is the observatory?\"",
            "  kaitoflow chat tune-smollm2 --model smollm2-135m-instruct \"…\"   # the base model"
        })
final class ChatCommand implements Callable<Integer> {

    @Mixin
    private HomeOption home = new HomeOption();

    @Mixin
    private NamespaceOption namespace = new NamespaceOption();

    @Option(names = "--model", description = "Model name in the OpenAI API (default: the tuned one).")
    private Optional<String> model = Optional.empty();

    @Option(
            names = "--max-new-tokens",
            description = "Longest answer in tokens (default: ${DEFAULT-VALUE}).",
            defaultValue = "256")
    private int maxNewTokens;

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description =
                    "The workspace, else a model: a name that models list prints, a GGUF file, or a model's folder.")
    private String name = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "QUESTION", description = "What to ask.")
    private Optional<String> question = Optional.empty();

    @Override
    public Integer call() throws IOException {
        LocalHome prepared = home.prepared();
        Optional<Endpoint> served =
                new StatusFile(prepared).find(namespace.name(), name).flatMap(WorkspaceSnapshot::endpoint);
        if (served.isPresent()) {
            talk(served.get());
        } else if (ServedModelFiles.isKnown(name)) {
            serveAndTalk(prepared);
        } else {
            throw new CommandFailure(
                    ExitCode.REFUSED,
                    "\"" + name + "\" is neither a workspace of " + namespace.name()
                            + " that is served here (see: kaitoflow get)"
                            + " nor a model (see: kaitoflow models list)");
        }
        return ExitCode.OK;
    }

    private void serveAndTalk(LocalHome prepared) throws IOException {
        List<String> arguments = new ServedModelFiles(prepared).model(name);
        Files.createDirectories(prepared.logs());
        ProcessBuilder.Redirect log = ProcessBuilder.Redirect.appendTo(
                prepared.logs().resolve("chat-server.log").toFile());
        try (ServerProcess server = ServerProcess.start(prepared, new ServerPort(0).chosen(), arguments, log)) {
            server.awaitReady();
            try (ModelClient client = new ModelClient(server.url())) {
                talk(client, model);
            }
        }
    }

    private void talk(Endpoint endpoint) throws IOException {
        try (ModelClient client = new ModelClient(endpoint.url())) {
            talk(client, Optional.of(model.orElse(endpoint.model())));
        }
    }

    private void talk(ModelClient client, Optional<String> asked) throws IOException {
        if (question.isPresent()) {
            answer(client, asked, question.get());
        } else {
            converse(client, asked);
        }
    }

    private void converse(ModelClient client, Optional<String> asked) throws IOException {
        boolean terminal = Terminal.isInteractive();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (@Nullable String line = prompt(terminal, lines); line != null; line = prompt(terminal, lines)) {
            if (!line.isBlank()) {
                answer(client, asked, line.strip());
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

    private void answer(ModelClient client, Optional<String> asked, String text) {
        PrintStream out = System.out;
        client.stream(asked, text, maxNewTokens, piece -> {
            out.print(piece);
            out.flush();
        });
        out.println();
    }
}

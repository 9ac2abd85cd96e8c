package io.kaitoflow.worker.cli;

import io.kaitoflow.worker.cli.local.ServerPort;
import io.kaitoflow.worker.cli.local.ServerProcess;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.tuner.LocalHome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kaitoflow serve}: a model with its adapters over HTTP, without any workspace. */
@Command(
        name = "serve",
        description =
                "Serves a model and its adapters: /chat, OpenAI's API and a chat page, on 127.0.0.1 until Ctrl-C.",
        footer = {
            "",
            "Examples:",
            "  kaitoflow serve smollm2-135m-instruct",
            "  kaitoflow serve model.gguf --adapter tuned=./adapter",
            "  kaitoflow serve smollm2-135m-instruct --adapter registry.example.com/team/adapter:1"
        })
final class ServeCommand implements Callable<Integer> {

    private static final int TERMINATED = 143;

    @Mixin
    private HomeOption homeOption = new HomeOption();

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A name that models list prints, a GGUF file, or a folder with config.json and safetensors.")
    private String model = "";

    @Option(
            names = "--adapter",
            paramLabel = "[NAME=]DIR|IMAGE",
            description =
                    "A PEFT adapter's folder or image, served under NAME; repeatable, the first is the default model.")
    private List<String> adapters = new ArrayList<>();

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port to listen on, 0 for a free one (default: ${DEFAULT-VALUE}).",
            defaultValue = "5000")
    private int port;

    @Override
    public Integer call() throws InterruptedException {
        LocalHome home = homeOption.prepared();
        int chosen = new ServerPort(port).chosen();
        ServedModelFiles files = new ServedModelFiles(home);
        List<String> arguments = new ArrayList<>(files.model(model));
        adapters.forEach(adapter -> arguments.addAll(files.adapter(adapter)));
        try (ServerProcess server = ServerProcess.start(home, chosen, arguments, ProcessBuilder.Redirect.INHERIT)) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop-server"));
            server.awaitReady();
            System.out.println("Chat page: " + server.url() + "/chat");
            System.out.println("OpenAI API: " + server.url() + "/v1");
            return exit(server.await());
        }
    }

    /** Ctrl-C and SIGTERM end the server too; whatever else ends it is its failure. */
    static int exit(int ofServer) {
        return switch (ofServer) {
            case ExitCode.OK -> ExitCode.OK;
            case ExitCode.INTERRUPTED, TERMINATED -> ExitCode.INTERRUPTED;
            default -> throw new CommandFailure(ExitCode.FAILED, "The server ended with exit status " + ofServer + ".");
        };
    }
}

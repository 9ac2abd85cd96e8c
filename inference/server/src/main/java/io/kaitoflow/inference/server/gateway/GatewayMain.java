package io.kaitoflow.inference.server.gateway;

import io.kaitoflow.inference.server.ListeningOptions;
import io.kaitoflow.inference.server.ServerExit;
import io.kaitoflow.inference.server.keys.Doorkeeper;
import io.kaitoflow.inference.server.keys.KeysOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Answers KAITO's calls for an OpenAI server, until it is told to stop. */
@Command(
        name = "kaitoflow-gateway",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Stands before an OpenAI server and answers /chat; every other call goes through.")
public final class GatewayMain implements Callable<Integer> {

    @Option(names = "--upstream", required = true, paramLabel = "URL", description = "The server behind it.")
    private URI upstream = URI.create("");

    @Option(
            names = "--default-model",
            required = true,
            paramLabel = "NAME",
            description = "The model that /chat means when it names none.")
    private String defaultModel = "";

    @Mixin
    private ListeningOptions listening = new ListeningOptions();

    @Mixin
    private KeysOption keys = new KeysOption();

    private GatewayMain() {}

    /** The process; its exit status is one of the server's. */
    public static void main(String[] args) {
        System.setProperty("logback.configurationFile", "io/kaitoflow/inference/server/logback.xml");
        System.exit(new CommandLine(new GatewayMain()).execute(args));
    }

    /** Whoever sends calls here hears only after a moment that it should not; what is under way then is let end. */
    private void leave(Gateway gateway) {
        gateway.leave();
        try {
            Thread.sleep(listening.linger());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        gateway.drain(listening.drain());
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Doorkeeper doorkeeper = Doorkeeper.of(keys.place())) {
            return serve(doorkeeper);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return ServerExit.USAGE;
        }
    }

    private int serve(Doorkeeper doorkeeper) throws InterruptedException {
        InetSocketAddress address = new InetSocketAddress(listening.host(), listening.port());
        Upstream behind = Upstream.at(upstream, listening.deadline());
        try (Gateway gateway = Gateway.start(address, behind, doorkeeper, defaultModel)) {
            LoggerFactory.getLogger(GatewayMain.class)
                    .info("Before {} at http://{}:{}", upstream, listening.host(), gateway.port());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(gateway), "leave"));
            new CountDownLatch(1).await();
            return ServerExit.OK;
        } catch (IOException e) {
            System.err.println("Cannot listen on " + listening.host() + ":" + listening.port() + ": " + e.getMessage());
            return ServerExit.ADDRESS;
        }
    }
}

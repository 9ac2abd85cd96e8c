package io.kaitoflow.inference.server;

import io.kaitoflow.inference.server.chat.ModelLoader;
import io.kaitoflow.inference.server.engine.EngineModelLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Serves a model until it is told to stop: by SIGTERM, or by the end of standard input when it was asked to heed it. */
@Command(
        name = "kaitoflow-server",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Serves a model and its adapters: /chat, OpenAI's API, a chat page.")
public final class ServerMain implements Callable<Integer> {

    @Mixin
    private ServerArguments arguments = new ServerArguments();

    private final CountDownLatch stop = new CountDownLatch(1);

    private ServerMain() {}

    /** The process; its exit status is one of those in the module's README. */
    public static void main(String[] args) {
        // Named here and not by the file's own default name, since other processes share this class path.
        System.setProperty("logback.configurationFile", "io/kaitoflow/inference/server/logback.xml");
        System.exit(new CommandLine(new ServerMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            ServerSettings settings = arguments.settings();
            log().info("Settings: {}", settings.describe());
            return serve(settings, new EngineModelLoader(settings.engine()));
        } catch (IllegalArgumentException e) {
            return refused(ServerExit.USAGE, e);
        } catch (ServerStartException e) {
            return refused(ServerExit.ADDRESS, e);
        } catch (ExecutionException e) {
            return refused(ServerExit.MODEL, e.getCause());
        }
    }

    private int serve(ServerSettings settings, ModelLoader loader) throws InterruptedException, ExecutionException {
        try (ModelServer server = ModelServer.start(settings.names(), settings.http(), loader)) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "drain"));
            if (settings.endsWithParent()) {
                Thread.ofPlatform().daemon().name("parent-pipe").start(this::stopAtEndOfInput);
            }
            server.awaitReady();
            log().info("Serving {} at {}", settings.names().all(), server.address());
            stop.await();
            return ServerExit.OK;
        }
    }

    /** The parent never writes; the pipe ends when it dies, however it dies. */
    private void stopAtEndOfInput() {
        try (InputStream pipe = System.in) {
            pipe.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            log().info("Standard input broke ({}), taken as its end.", e.getMessage());
        }
        stop.countDown();
    }

    /** Not a constant: logging must not start before main has said how. */
    private static Logger log() {
        return LoggerFactory.getLogger(ServerMain.class);
    }

    private static int refused(int status, @Nullable Throwable cause) {
        String said = cause == null ? null : cause.getMessage();
        System.err.println(said == null ? "The server could not start: " + cause : said);
        return status;
    }
}

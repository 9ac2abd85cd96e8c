package io.kaitoflow.inference.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaitoflow.inference.server.adapters.WantedAdapter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** Measures a server process that is given other adapters under load, and prints what it sees. Run by hand: {@code swap}. */
public final class AdapterSwapBars {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PER_SECOND = 20;
    private static final Duration PHASE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_SWAPS = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int LAYERS = 30;
    private static final int HIDDEN = 576;
    private static final String QUESTION =
            "{\"raw\":true,\"prompt\":\"The capital of France is\",\"generate_kwargs\":{\"max_new_tokens\":4}}";

    /** What became of one request. */
    private record Answer(int status, double millis) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final FollowedFile file;
    private final List<Path> adapters;

    private AdapterSwapBars(Path folder, List<Path> given) {
        this.folder = folder;
        this.file = new FollowedFile(folder.resolve("adapters.json"));
        PeftFolder random = new PeftFolder(LAYERS, HIDDEN);
        this.adapters = given.isEmpty()
                ? List.of(random.write(folder.resolve("first"), 1), random.write(folder.resolve("second"), 2))
                : given;
    }

    /** The model, and perhaps two adapters. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Path> given = IntStream.range(1, arguments.length)
                .mapToObj(i -> Path.of(arguments[i]))
                .toList();
        new AdapterSwapBars(Files.createTempDirectory("swap"), given).measure(Path.of(arguments[0]));
    }

    private void measure(Path model) throws IOException, InterruptedException {
        file.list("0", adapter(0));
        Path log = folder.resolve("server.log");
        Process server = start(model, log);
        Runtime.getRuntime().addShutdownHook(new Thread(server::destroyForcibly));
        try {
            String address = address(log);
            load(address, 2 * PER_SECOND);
            tell("before", load(address, phase()));
            List<Double> swaps = new ArrayList<>();
            CompletableFuture<List<Answer>> answers = CompletableFuture.supplyAsync(() -> load(address, phase()));
            for (int swap = 1; !answers.isDone(); swap++) {
                Thread.sleep(BETWEEN_SWAPS);
                swaps.add(swap(address, swap));
            }
            tell("while adapters are swapped", answers.join());
            System.out.printf(
                    Locale.ROOT,
                    "%d swaps, from the new list to served: p50 %.0f ms, worst %.0f ms%n",
                    swaps.size(),
                    percentile(swaps, 0.5),
                    percentile(swaps, 1));
            tell("after", load(address, phase()));
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private static int phase() {
        return (int) PHASE.toSeconds() * PER_SECOND;
    }

    private WantedAdapter adapter(int number) {
        return new WantedAdapter("tuned", adapters.get(number % adapters.size()), 1);
    }

    private Process start(Path model, Path log) throws IOException {
        ProcessBuilder server = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                ServerMain.class.getName(),
                "--model=" + model,
                "--adapter-list=" + file.path(),
                "--port=0");
        server.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        return server.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    private static String address(Path log) {
        Pattern serving = Pattern.compile("Serving .* at (http://\\S+)");
        return Awaitility.await()
                .atMost(LONG)
                .until(() -> serving.matcher(Files.readString(log)), Matcher::find)
                .group(1);
    }

    /** Open loop: the next one is asked when its time has come, whatever became of the others. */
    private List<Answer> load(String address, int requests) {
        long begin = System.nanoTime();
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            pauseUntil(begin + i * Duration.ofSeconds(1).toNanos() / PER_SECOND);
            answers.add(ask(address));
        }
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private CompletableFuture<Answer> ask(String address) {
        long begin = System.nanoTime();
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/chat"))
                .timeout(LONG)
                .POST(BodyPublishers.ofString(QUESTION))
                .header("Content-Type", "application/json")
                .build();
        return http.sendAsync(request, BodyHandlers.ofString())
                .thenApply(HttpResponse::statusCode)
                .exceptionally(broken -> 0)
                .thenApply(status -> new Answer(status, millisSince(begin)));
    }

    private double swap(String address, int number) {
        long begin = System.nanoTime();
        file.list("" + number, adapter(number));
        Awaitility.await()
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(10))
                .pollDelay(Duration.ZERO)
                .until(() -> standing(address).path("revision").asText().equals("" + number));
        return millisSince(begin);
    }

    private JsonNode standing(String address) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address + "/health/adapters")).build();
        return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
    }

    private static void tell(String phase, List<Answer> answers) {
        List<Double> millis = answers.stream().map(Answer::millis).toList();
        System.out.printf(
                Locale.ROOT,
                "%s: %d requests at %d/s, %d failed, p50 %.0f ms, p99 %.0f ms, worst %.0f ms%n",
                phase,
                answers.size(),
                PER_SECOND,
                answers.stream().filter(answer -> answer.status() != 200).count(),
                percentile(millis, 0.5),
                percentile(millis, 0.99),
                percentile(millis, 1));
    }

    private static double percentile(List<Double> values, double part) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.max(0, (int) Math.ceil(part * sorted.size()) - 1));
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    private static void pauseUntil(long nanos) {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, nanos - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

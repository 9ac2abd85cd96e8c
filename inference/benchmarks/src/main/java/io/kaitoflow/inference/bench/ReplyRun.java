package io.kaitoflow.inference.bench;

import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.decode.AdapterShelf;
import io.kaitoflow.inference.decode.BatchDecoder;
import io.kaitoflow.inference.decode.cuda.CudaForward;
import io.kaitoflow.inference.decode.cuda.CudaModel;
import io.kaitoflow.inference.sampling.Generation;
import io.kaitoflow.inference.sampling.GenerationRequest;
import io.kaitoflow.inference.sampling.SamplingParameters;
import io.kaitoflow.inference.sampling.StepScheduler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Lets a model on a GPU answer and prints one line of JSON for each number of users.
 *
 * <p>Arguments: model, folder of an adapter or {@code -}, tokens of a prompt, tokens of a reply, numbers of users. Prompts are random
 * ids from a seed; replies are the likeliest tokens. The first number of users is answered twice, and told the second time.
 */
public final class ReplyRun {
    private static final int ROWS = 2048;
    private static final int LOWEST_ID = 10;

    private final StepScheduler scheduler;
    private final Optional<String> adapter;
    private final int vocabulary;
    private final int promptTokens;
    private final int replyTokens;

    private ReplyRun(
            StepScheduler scheduler, Optional<String> adapter, int vocabulary, int promptTokens, int replyTokens) {
        this.scheduler = scheduler;
        this.adapter = adapter;
        this.vocabulary = vocabulary;
        this.promptTokens = promptTokens;
        this.replyTokens = replyTokens;
    }

    /** See above. */
    public static void main(String[] arguments) throws InterruptedException {
        int promptTokens = Integer.parseInt(arguments[2]);
        int replyTokens = Integer.parseInt(arguments[3]);
        int[] users =
                Arrays.stream(arguments).skip(4).mapToInt(Integer::parseInt).toArray();
        int most = Arrays.stream(users).max().orElseThrow();
        int context = promptTokens + replyTokens;
        try (CudaModel model = CudaModel.open(Path.of(arguments[0])).orElseThrow()) {
            BatchDecoder.Settings settings =
                    new BatchDecoder.Settings((context + 16) * most, context, most, Math.max(ROWS, most), 1, true);
            CudaForward forward =
                    new CudaForward(model, new CudaForward.Limits(settings.tokens(), settings.rows(), most, context));
            BatchDecoder decoder = new BatchDecoder(forward, model.configuration(), settings);
            AdapterShelf adapters = new AdapterShelf(model.configuration());
            Optional<String> adapter = Optional.of(arguments[1]).filter(folder -> !"-".equals(folder));
            adapter.ifPresent(folder -> adapters.load(folder, LoraAdapter.read(Path.of(folder))));
            try (StepScheduler scheduler = new StepScheduler(model.configuration(), adapters, decoder, most)) {
                ReplyRun run = new ReplyRun(
                        scheduler, adapter, model.configuration().vocabularySize(), promptTokens, replyTokens);
                run.answer(users[0], 1);
                for (int i = 0; i < users.length; i++) {
                    System.out.println(run.answer(users[i], 2 + i));
                }
            }
        }
    }

    private String answer(int users, int seed) throws InterruptedException {
        List<Generation> replies = new ArrayList<>();
        List<List<Integer>> tokens = new ArrayList<>();
        long begun = System.nanoTime();
        for (int user = 0; user < users; user++) {
            replies.add(scheduler.submit(request(seed, user)));
        }
        long last = begun;
        for (Generation reply : replies) {
            tokens.add(new ArrayList<>(List.of(reply.next().orElseThrow())));
            last = System.nanoTime();
        }
        for (int user = 0; user < users; user++) {
            Arrays.stream(replies.get(user).remaining()).forEach(tokens.get(user)::add);
        }
        double first = (last - begun) / 1e9;
        double rest = (System.nanoTime() - last) / 1e9;
        return String.format(
                Locale.ROOT,
                "{\"users\": %d, \"first_token_s\": %.4f, \"prefill_tokens_per_second\": %.0f,"
                        + " \"tokens_per_second\": %.1f, \"tokens\": [%s]}",
                users,
                first,
                users * promptTokens / first,
                users * (replyTokens - 1) / rest,
                tokens.getFirst().stream().limit(16).map(String::valueOf).collect(Collectors.joining(", ")));
    }

    private GenerationRequest request(int seed, int user) {
        Random random = new Random(1000L * seed + user);
        int[] prompt = IntStream.range(0, promptTokens)
                .map(_ -> random.nextInt(LOWEST_ID, vocabulary))
                .toArray();
        return new GenerationRequest(prompt, replyTokens, replyTokens, Set.of(), SamplingParameters.greedy(), adapter);
    }
}

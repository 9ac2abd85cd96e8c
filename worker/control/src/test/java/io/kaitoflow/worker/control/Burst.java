package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Many calls at once, and what became of them. */
final class Burst {

    private static final int THREADS = 8;

    private Burst() {}

    /** Returns when all were made, and each said that it went well. */
    static void of(int count, IntPredicate call) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (Future<Boolean> made : threads.invokeAll(IntStream.range(0, count)
                    .<Callable<Boolean>>mapToObj(i -> () -> call.test(i))
                    .toList())) {
                assertThat(made.get()).isTrue();
            }
        }
    }

    /**
     * When half, nine of ten and all of them had happened, as people read it.
     *
     * @param start and the moments in nanoseconds
     */
    static String told(String what, long start, Stream<Long> moments) {
        double[] seconds =
                moments.mapToDouble(moment -> (moment - start) / 1e9).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "half of them %s after %.1f s, nine of ten after %.1f s, all after %.1f s",
                what,
                seconds[seconds.length / 2],
                seconds[seconds.length * 9 / 10],
                seconds[seconds.length - 1]);
    }
}

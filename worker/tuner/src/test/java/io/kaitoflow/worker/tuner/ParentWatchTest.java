package io.kaitoflow.worker.tuner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ParentWatchTest {

    @Test
    void theEndOfTheParentsPipeIsTheEndOfTheParent() throws IOException, InterruptedException {
        PipedOutputStream parent = new PipedOutputStream();
        CountDownLatch gone = new CountDownLatch(1);
        ParentWatch.start(new PipedInputStream(parent), gone::countDown);

        parent.write(1);
        parent.flush();
        assertThat(gone.getCount()).isOne();
        parent.close();

        assertThat(gone.await(5, TimeUnit.SECONDS)).isTrue();
    }
}

package io.kaitoflow.worker.tuner;

import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends this process when its parent is gone: a child started with a pipe on its standard input reads the end of it. */
final class ParentWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ParentWatch.class);

    private ParentWatch() {}

    static void start(InputStream pipe, Runnable gone) {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            readToEnd(pipe);
            LOG.info("The parent is gone; so is this process");
            gone.run();
        });
    }

    private static void readToEnd(InputStream pipe) {
        try {
            pipe.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            LOG.debug("The parent's pipe broke", e);
        }
    }
}

package io.kaitoflow.testcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Some of Kubernetes' own controllers, beside an API server of tests. */
public final class Controllers implements AutoCloseable {

    private final Program program;

    private Controllers(Program program) {
        this.program = program;
    }

    /**
     * Starts them.
     *
     * @param controllers by their names, e.g. {@code deployment-controller}
     * @throws IllegalStateException when the program is not there: {@code helm/e2e/tools/build --all} makes it
     */
    public static Controllers start(ApiServer server, String... controllers) {
        Path binary = Tools.find().program("kube-controller-manager");
        if (!Files.isExecutable(binary)) {
            throw new IllegalStateException(binary + " is not there; helm/e2e/tools/build --all makes it.");
        }
        try {
            Path log = Files.createTempFile("kaitoflow-controllers", ".log");
            return new Controllers(Program.start(
                    List.of(
                            binary.toString(),
                            "--kubeconfig=" + server.kubeconfig(),
                            "--controllers=" + String.join(",", controllers),
                            "--leader-elect=false",
                            "--bind-address=127.0.0.1",
                            "--secure-port=0"),
                    log));
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to prepare controllers", e);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}

package io.kaitoflow.worker.tuner;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.model.HubToken;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.rollout.ServedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files that a server starts with, and the arguments that name them, in a file that the server reads: one line an argument.
 *
 * @param rooms of this pod
 */
record ServedFiles(LocalRooms rooms) {

    /** Nobody's: a pod has one workspace's secrets alone. */
    private static final WorkspaceId ANY = new WorkspaceId("", "", "");

    void fetch(ServedModel served) throws IOException {
        Optional<HubToken> token = rooms.hubTokens().find(ANY, served.modelSecret());
        Path model = rooms.models()
                .fetch(served.preset(), token, ProgressListener.silent())
                .path();
        List<String> lines = new ArrayList<>(List.of("--model", quoted(model.toString())));
        for (ServedAdapter adapter : served.adapters()) {
            Path folder = rooms.home().adapters().resolve(adapter.digest().hex());
            rooms.images(Pulse.none()).pull(adapter.image(), adapter.digest(), adapter.pullSecrets(), folder);
            lines.addAll(List.of("--adapter", quoted(adapter.name() + "=" + folder)));
            lines.addAll(List.of("--adapter-strength", quoted(adapter.name() + "=" + adapter.strength())));
        }
        write(lines);
    }

    /** The file of arguments is whole or not there. */
    private void write(List<String> lines) throws IOException {
        Path folder = Files.createDirectories(rooms.home().root().resolve("served"));
        Path fresh = Files.write(folder.resolve("arguments.new"), lines);
        Files.move(fresh, folder.resolve("arguments"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String quoted(String argument) {
        return "\"" + argument.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}

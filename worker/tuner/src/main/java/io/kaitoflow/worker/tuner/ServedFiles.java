package io.kaitoflow.worker.tuner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.model.FetchedModel;
import io.kaitoflow.activities.model.HubToken;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.rollout.ServedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * The files that a server serves: {@code served/arguments}, one line an argument, which it reads at its start, and
 * {@code served/adapters.json}, which it follows as long as it runs.
 *
 * @param rooms of this pod
 */
record ServedFiles(LocalRooms rooms) {

    /** Nobody's: a pod has one workspace's secrets alone. */
    private static final WorkspaceId ANY = new WorkspaceId("", "", "");

    private static final int DIGITS = 12;
    private static final JsonMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    /** Brings model and adapters; returns where the model is. */
    Path fetch(String served) throws IOException {
        ServedModel wanted = read(served);
        Optional<HubToken> token = rooms.hubTokens().find(ANY, wanted.modelSecret());
        FetchedModel model = rooms.models().fetch(wanted.preset(), token, ProgressListener.silent());
        bring(served);
        write(
                "arguments",
                "--model\n" + quoted(model.path().toString()) + "\n--model-digest\n" + model.digest() + "\n");
        return model.path();
    }

    /** Writes what vLLM reads, of a model and adapters that are here. */
    void configureVllm(String served, Path model) throws IOException {
        List<VllmConfiguration.Brought> adapters = read(served).adapters().stream()
                .map(adapter -> new VllmConfiguration.Brought(adapter.name(), folder(adapter), adapter.strength()))
                .toList();
        Path folder = rooms.home().root().resolve("served");
        write("vllm.yaml", new VllmConfiguration(folder).write(model, adapters));
    }

    /**
     * Brings the adapters, and lists them for the server when all are there.
     *
     * @param served a {@link ServedModel} in JSON, letter by letter as it was written: its hash is the list's revision
     */
    void bring(String served) throws IOException {
        ObjectNode list = JSON.createObjectNode().put("revision", revision(served));
        ArrayNode adapters = list.putArray("adapters");
        for (ServedAdapter adapter : read(served).adapters()) {
            adapters.addObject()
                    .put("name", adapter.name())
                    .put("folder", folder(adapter).toString())
                    .put("strength", adapter.strength());
        }
        write("adapters.json", list.toString());
    }

    /** Tells the server why it gets no adapters. */
    void refuse(String served, String reason) throws IOException {
        ObjectNode list = JSON.createObjectNode().put("revision", revision(served));
        write("adapters.json", list.put("refusal", reason).toString());
    }

    private Path folder(ServedAdapter adapter) {
        return adapter.inRegistry()
                ? pulled(adapter)
                : adapter.volume()
                        .map(volume -> new AdapterFolder(rooms.objects().adapters(volume), volume).find(adapter.name()))
                        .orElseThrow(() -> new ImageException.NotAnAdapter(
                                "Adapter " + adapter.name() + " lies in no registry and in no volume."));
    }

    /** By digest, so that a folder that is there is the right one, and whole. */
    private Path pulled(ServedAdapter adapter) {
        Digest digest = adapter.digest().orElseThrow();
        Path folder = rooms.home().adapters().resolve(digest.hex());
        if (!Files.exists(folder)) {
            rooms.images(Pulse.none()).pull(adapter.image().orElseThrow(), digest, adapter.pullSecrets(), folder);
        }
        return folder;
    }

    private static ServedModel read(String served) throws JsonProcessingException {
        return JSON.readValue(served, ServedModel.class);
    }

    /** The file is whole or not there. */
    private void write(String name, String text) throws IOException {
        Path folder = Files.createDirectories(rooms.home().root().resolve("served"));
        Path fresh = Files.writeString(folder.resolve(name + ".new"), text);
        Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String revision(String served) {
        return Digest.ofText(served).hex().substring(0, DIGITS);
    }

    private static String quoted(String argument) {
        return "\"" + argument.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}

package io.kaitoflow.worker.tuner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.model.FetchedModel;
import io.kaitoflow.activities.model.HubToken;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.rollout.ServedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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

    /** Brings model and adapters. */
    void fetch(String served) throws IOException {
        ServedModel wanted = read(served);
        Optional<HubToken> token = rooms.hubTokens().find(ANY, wanted.modelSecret());
        FetchedModel model = rooms.models().fetch(wanted.preset(), token, ProgressListener.silent());
        bring(served);
        write(
                "arguments",
                "--model\n" + quoted(model.path().toString()) + "\n--model-digest\n" + model.digest() + "\n");
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

    /** By digest, so that a folder that is there is the right one, and whole. */
    private Path folder(ServedAdapter adapter) {
        Path folder = rooms.home().adapters().resolve(adapter.digest().hex());
        if (!Files.exists(folder)) {
            rooms.images(Pulse.none()).pull(adapter.image(), adapter.digest(), adapter.pullSecrets(), folder);
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
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(served.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static String quoted(String argument) {
        return "\"" + argument.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}

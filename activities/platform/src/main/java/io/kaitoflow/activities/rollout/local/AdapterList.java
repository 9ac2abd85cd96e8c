package io.kaitoflow.activities.rollout.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaitoflow.activities.rollout.AdapterStanding;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The file that a server follows: which adapters it is to serve, the default first.
 *
 * @param file of one workspace
 */
record AdapterList(Path file) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Brings the adapters here and lists them; returns the revision by which the server names the list. */
    String write(List<ServedAdapter> adapters, ServedFiles files) {
        ArrayNode entries = JSON.createArrayNode();
        for (ServedAdapter adapter : adapters) {
            ObjectNode entry = entries.addObject()
                    .put("name", adapter.name())
                    .put("folder", files.adapter(adapter).toString())
                    .put("strength", adapter.strength());
            adapter.digest().ifPresent(digest -> entry.put("digest", digest.toString()));
        }
        String revision = AdapterStanding.revisionOf(entries.toString());
        ObjectNode list = JSON.createObjectNode().put("revision", revision);
        list.set("adapters", entries);
        write(list.toString());
        return revision;
    }

    /** The file is whole or not there. */
    private void write(String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path fresh = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new RolloutException.NotStarted("The list of adapters " + file + " cannot be written: " + e);
        }
    }
}

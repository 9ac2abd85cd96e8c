package io.kaitoflow.inference.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaitoflow.inference.server.adapters.WantedAdapter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The file that a server follows, as whoever brings adapters writes it.
 *
 * @param path of it
 */
record FollowedFile(Path path) {

    private static final ObjectMapper JSON = new ObjectMapper();

    FollowedFile list(String revision, WantedAdapter... adapters) {
        ObjectNode list = JSON.createObjectNode().put("revision", revision);
        ArrayNode entries = list.putArray("adapters");
        for (WantedAdapter adapter : adapters) {
            entries.addObject()
                    .put("name", adapter.name())
                    .put("folder", adapter.folder().toString())
                    .put("strength", adapter.strength());
        }
        return text(list.toString());
    }

    FollowedFile refuse(String revision, String reason) {
        return text(JSON.createObjectNode()
                .put("revision", revision)
                .put("refusal", reason)
                .toString());
    }

    FollowedFile text(String text) {
        try {
            Path fresh = Files.writeString(path.resolveSibling("fresh"), text);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

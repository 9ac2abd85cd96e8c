package io.kaitoflow.inference.server.http.body;

import io.kaitoflow.inference.server.chat.Turn;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads {@code messages}; a message's content is a text, or OpenAI's list of text parts. A developer's message is a system's: OpenAI
 * gave it the new name, and templates know the old one.
 */
public final class TurnReader {

    private static final List<String> ROLES = List.of("system", "user", "assistant", "developer");

    private TurnReader() {}

    /** The turns, when the field is there; an empty list is refused. */
    public static Optional<List<Turn>> read(JsonFields body) {
        Optional<List<JsonFields>> messages = body.objects("messages");
        if (messages.isPresent() && messages.get().isEmpty()) {
            throw body.refusal("messages", "must hold at least one message");
        }
        return messages.map(all -> all.stream().map(TurnReader::turn).toList());
    }

    private static Turn turn(JsonFields message) {
        String role = message.text("role").orElseThrow(() -> message.refusal("role", "is missing"));
        if (!ROLES.contains(role)) {
            throw message.refusal("role", "must be one of " + String.join(", ", ROLES));
        }
        String content = message.isText("content") ? message.text("content").orElse("") : joinedParts(message);
        message.refuseOthers();
        return new Turn(role.equals("developer") ? "system" : role, content);
    }

    private static String joinedParts(JsonFields message) {
        return message.objects("content").orElseThrow(() -> message.refusal("content", "is missing")).stream()
                .map(TurnReader::part)
                .collect(Collectors.joining());
    }

    private static String part(JsonFields part) {
        if (!part.text("type").orElse("").equals("text")) {
            throw part.refusal("type", "must be \"text\": this server reads nothing else");
        }
        String text = part.text("text").orElseThrow(() -> part.refusal("text", "is missing"));
        part.refuseOthers();
        return text;
    }
}

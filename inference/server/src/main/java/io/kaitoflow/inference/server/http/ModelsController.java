package io.kaitoflow.inference.server.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.kaitoflow.inference.server.chat.ChatFailure;
import io.kaitoflow.inference.server.chat.ServedNames;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.time.Clock;
import java.util.List;

/** Which models may be asked for; the default stands first. */
@Controller("/v1/models")
final class ModelsController {

    private final ServedNames names;
    private final long started;

    ModelsController(ServedNames names, Clock clock) {
        this.names = names;
        this.started = clock.instant().getEpochSecond();
    }

    /** OpenAI's list. */
    record ModelList(String object, List<Model> data) {}

    /** One served name. */
    record Model(
            String id,
            String object,
            long created,
            @JsonProperty("owned_by") String owner) {}

    @Get
    ModelList list() {
        return new ModelList("list", names.all().stream().map(this::model).toList());
    }

    /** @throws ChatFailure.UnknownModel when nothing has that name */
    @Get("/{id}")
    Model one(String id) {
        List<String> served = names.all();
        if (!served.contains(id)) {
            throw new ChatFailure.UnknownModel(id, served);
        }
        return model(id);
    }

    private Model model(String name) {
        return new Model(name, "model", started, "kaitoflow");
    }
}

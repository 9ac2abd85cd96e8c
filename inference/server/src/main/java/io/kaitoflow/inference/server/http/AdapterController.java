package io.kaitoflow.inference.server.http;

import io.kaitoflow.inference.server.adapters.AdapterDesk;
import io.kaitoflow.inference.server.http.body.JsonFields;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** vLLM's two calls by which adapters come and go. */
@Controller("/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
final class AdapterController {

    private final AdapterDesk desk;

    AdapterController(AdapterDesk desk) {
        this.desk = desk;
    }

    @Post("/load_lora_adapter")
    @Consumes(MediaType.ALL)
    @Produces(MediaType.TEXT_PLAIN)
    String load(@Body byte[] json) {
        JsonFields body = JsonFields.parse(json);
        String name = name(body);
        String path = body.text("lora_path").orElseThrow(() -> body.refusal("lora_path", "is missing"));
        double strength = body.number("strength", 0, 1).orElse(1.0);
        body.refuseOthers();
        desk.load(name, path, strength);
        return "Success: LoRA adapter '" + name + "' added successfully.";
    }

    @Post("/unload_lora_adapter")
    @Consumes(MediaType.ALL)
    @Produces(MediaType.TEXT_PLAIN)
    String unload(@Body byte[] json) {
        JsonFields body = JsonFields.parse(json);
        String name = name(body);
        body.note("lora_int_id");
        body.refuseOthers();
        desk.unload(name);
        return "Success: LoRA adapter '" + name + "' removed successfully.";
    }

    private static String name(JsonFields body) {
        String name = body.text("lora_name").orElseThrow(() -> body.refusal("lora_name", "is missing"));
        if (!name.matches("[\\w.:/-]{1,128}")) {
            throw body.refusal("lora_name", "must be 1 to 128 letters, digits and . : / _ -");
        }
        return name;
    }
}

package io.kaitoflow.inference.server.http;

import io.kaitoflow.inference.server.adapters.AdapterFollower;
import io.kaitoflow.inference.server.adapters.AdapterStanding;
import io.kaitoflow.inference.server.chat.Readiness;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;

/** Whether the process lives and whether it takes requests. */
@Controller
final class HealthController {

    private final Readiness readiness;
    private final AdapterFollower adapters;

    HealthController(Readiness readiness, AdapterFollower adapters) {
        this.readiness = readiness;
        this.adapters = adapters;
    }

    /** One word. */
    record Health(String status) {}

    /** KAITO's greeting. */
    record Greeting(String message) {}

    @Get
    Greeting greeting() {
        return new Greeting("Server is running");
    }

    @Get(uris = {"/health", "/health/ready"})
    HttpResponse<Health> ready() {
        return answer(readiness.isReady(), readiness.word());
    }

    /** Which list of adapters is served; asked by whoever wrote it. */
    @Get("/health/adapters")
    AdapterStanding adapters() {
        return adapters.standing();
    }

    @Get("/health/live")
    HttpResponse<Health> live() {
        boolean lives = !readiness.hasFailed();
        return answer(lives, lives ? "Healthy" : readiness.word());
    }

    private static HttpResponse<Health> answer(boolean well, String word) {
        return HttpResponse.<Health>status(well ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .body(new Health(word));
    }
}

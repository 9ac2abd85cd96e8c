package io.kaitoflow.inference.server.http;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The description of all calls, as OpenAPI. */
@Controller("/openapi.json")
final class OpenApiController {

    private final String document = read();

    @Get
    @Produces("application/json")
    String document() {
        return document;
    }

    private static String read() {
        try (InputStream file = Objects.requireNonNull(OpenApiController.class.getResourceAsStream("openapi.json"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading the description of the API", e);
        }
    }
}

package io.kaitoflow.inference.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The description of the API against the server that it describes. */
@TestInstance(Lifecycle.PER_CLASS)
class OpenApiTest {

    private ServedModel served;
    private JsonNode document;

    @BeforeAll
    void serve() {
        served = ServedModel.of(ScriptedModel.ready());
        document = ServedModel.json(served.get("/openapi.json"));
    }

    @AfterAll
    void stop() {
        served.close();
    }

    @Test
    void describesExactlyTheCallsThatThereAre() throws IOException, URISyntaxException {
        Set<String> described = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    described.add(method + " " + path.getKey());
                }));

        assertThat(described).isEqualTo(routes());
    }

    @Test
    void theServerKnowsEveryFieldThatIsDescribed() {
        document.path("paths").properties().forEach(path -> {
            JsonNode schema = resolved(path.getValue()
                    .path("post")
                    .path("requestBody")
                    .path("content")
                    .path("application/json")
                    .path("schema"));
            schema.path("properties").fieldNames().forEachRemaining(field -> {
                HttpResponse<String> answer =
                        served.post(path.getKey(), "{\"" + field + "\": {\"odd\": [1]}, \"another\": 1}");
                assertThat(answer.statusCode()).isEqualTo(400);
                assertThat(answer.body()).as("%s of %s", field, path.getKey()).doesNotContain("server: " + field);
            });
        });
    }

    @Test
    void whatTheServerRefusesByNameIsNotDescribed() throws IOException {
        ObjectNode body = (ObjectNode) new ObjectMapper()
                .readTree("{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}], \"tools\": [],"
                        + " \"logit_bias\": {}}");

        assertThat(served.post("/v1/chat/completions", body.toString()).body()).contains("tools, logit_bias");
        assertThat(resolved(new ObjectMapper().readTree("{\"$ref\": \"#/components/schemas/ChatCompletion\"}"))
                        .path("properties")
                        .has("tools"))
                .isFalse();
    }

    private JsonNode resolved(JsonNode schema) {
        return schema.has("$ref") ? document.at(schema.path("$ref").asText().substring(1)) : schema;
    }

    /** The controllers' own words. */
    private static Set<String> routes() throws IOException, URISyntaxException {
        Path classes = Path.of(ModelServer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> files = Files.walk(classes.resolve("io/kaitoflow/inference/server/http"))) {
            return files.map(file -> classes.relativize(file).toString())
                    .filter(name -> name.endsWith("Controller.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .flatMap(OpenApiTest::routesOf)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Stream<String> routesOf(String name) {
        try {
            Class<?> type = Class.forName(name);
            String base = type.getAnnotation(Controller.class).value();
            return Arrays.stream(type.getDeclaredMethods()).flatMap(method -> routesOf(base, method));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<String> routesOf(String base, Method method) {
        Get get = method.getAnnotation(Get.class);
        Post post = method.getAnnotation(Post.class);
        if (get != null) {
            List<String> paths = get.uris().length > 1 ? List.of(get.uris()) : List.of(get.value());
            return paths.stream().map(path -> "get " + joined(base, path));
        }
        return post != null ? Stream.of("post " + joined(base, post.value())) : Stream.empty();
    }

    private static String joined(String base, String path) {
        String whole = (base.equals("/") ? "" : base) + (path.equals("/") ? "" : path);
        return whole.isEmpty() ? "/" : whole;
    }
}

package io.kaitoflow.activities.nodes.azure;

import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.profile.AzureProfile;
import com.azure.resourcemanager.containerservice.ContainerServiceManager;
import com.azure.resourcemanager.containerservice.fluent.AgentPoolsClient;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kaitoflow.activities.nodes.Mortality;
import io.kaitoflow.activities.nodes.RequestText;
import io.kaitoflow.workflows.nodes.NodeRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Azure Resource Manager as far as agent pools are concerned, over real HTTP: what is asked for is accepted at once, and done
 * later; the answer names an operation that can be asked meanwhile. The truth about pools is here, and not in what was answered.
 */
final class FakeArm implements AutoCloseable {

    static final AzureSettings.Cluster CLUSTER = new AzureSettings.Cluster("sub", "group", "cluster");

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String POOLS =
            "/subscriptions/sub/resourceGroups/group/providers/Microsoft.ContainerService/managedClusters/cluster/agentPools";
    private static final String OPERATIONS =
            "/subscriptions/sub/providers/Microsoft.ContainerService/locations/eastus/operations/";

    private final HttpServer server;
    private final Map<String, ObjectNode> pools = new TreeMap<>();
    private final Map<String, ObjectNode> operations = new HashMap<>();
    private final Map<String, String> operationOf = new HashMap<>();
    private final Map<String, Deque<Mishap>> mishaps = new HashMap<>();
    private final List<String> made = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private boolean slowDeletes;
    private int numbers;

    /** Something that happens instead of the usual: an answer, or none; before or after the request was done. */
    private record Mishap(int status, String body, Map<String, String> headers, boolean applied, boolean cut) {}

    private FakeArm(HttpServer server) {
        this.server = server;
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    static FakeArm start() {
        try {
            return new FakeArm(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to start a fake of Azure", e);
        }
    }

    /** The real SDK, as it goes to Azure but for the token. */
    AgentPoolsClient client() {
        return client(Mortality.immortal());
    }

    /** The same in a process that may die at a request. */
    AgentPoolsClient client(Mortality mortality) {
        Map<String, String> endpoints = new HashMap<>(AzureEnvironment.AZURE.getEndpoints());
        endpoints.put("resourceManagerEndpointUrl", url() + "/");
        return ContainerServiceManager.authenticate(
                        new HttpPipelineBuilder()
                                .policies(AzureConnection.once(), new Mortal(mortality))
                                .httpClient(new JdkHttpClientBuilder().build())
                                .build(),
                        new AzureProfile("tenant", CLUSTER.subscription(), new AzureEnvironment(endpoints)))
                .serviceClient()
                .getAgentPools();
    }

    private record Mortal(Mortality mortality) implements HttpPipelinePolicy {

        @Override
        public Mono<HttpResponse> process(HttpPipelineCallContext context, HttpPipelineNextPolicy next) {
            return Mono.defer(() -> {
                        mortality.sending();
                        return next.process();
                    })
                    .doOnNext(answer -> mortality.answered());
        }

        @Override
        public HttpResponse processSync(HttpPipelineCallContext context, HttpPipelineNextSyncPolicy next) {
            mortality.sending();
            HttpResponse answer = next.processSync();
            mortality.answered();
            return answer;
        }
    }

    /** The next request of the method is answered so, and nothing is done. */
    synchronized void refuse(String method, int status, String body, Map<String, String> headers) {
        next(method, new Mishap(status, body, headers, false, false));
    }

    void refuse(String method, int status, String body) {
        refuse(method, status, body, Map.of());
    }

    /** The next request of the method is done, and its connection cut instead of an answer. */
    synchronized void cutAfter(String method) {
        next(method, new Mishap(0, "", Map.of(), true, true));
    }

    /** The next request of the method is lost on its way. */
    synchronized void cutBefore(String method) {
        next(method, new Mishap(0, "", Map.of(), false, true));
    }

    private void next(String method, Mishap mishap) {
        mishaps.computeIfAbsent(method, any -> new ArrayDeque<>()).add(mishap);
    }

    /** Deletions take until {@link #finishDeletions}. */
    synchronized void deleteSlowly() {
        slowDeletes = true;
    }

    synchronized void deleteAtOnce() {
        slowDeletes = false;
    }

    synchronized void forgetMishaps() {
        mishaps.clear();
    }

    synchronized List<String> poolsIn(String state) {
        return pools.keySet().stream()
                .filter(name -> state(existing(name)).equals(state))
                .toList();
    }

    /** The numbers of a workspace's claims of which there is a pool that is not going already. */
    synchronized Set<Integer> claims(String uid) {
        return pools.values().stream()
                .filter(pool -> !state(pool).equals("Deleting"))
                .map(FakeArm::request)
                .filter(request -> request.id().uid().equals(uid))
                .map(NodeRequest::number)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static NodeRequest request(ObjectNode pool) {
        StringBuilder text = new StringBuilder();
        JsonNode tags = pool.at("/properties/tags");
        for (int i = 0; tags.has("kaitoflow-request-" + i); i++) {
            text.append(tags.path("kaitoflow-request-" + i).asText());
        }
        return RequestText.read(text.toString()).orElseThrow();
    }

    synchronized void finishDeletions() {
        pools.values().removeIf(pool -> state(pool).equals("Deleting"));
    }

    /** The machines of a pool are there. */
    synchronized void succeed(String name) {
        become(name, "Succeeded", null);
    }

    /**
     * A pool cannot be made.
     *
     * @param kept whether the pool itself keeps the reason; an older cluster's only says that it failed
     */
    synchronized void fail(String name, String error, boolean kept) {
        become(name, "Failed", error);
        if (kept) {
            properties(name).putObject("status").set("provisioningError", tree(error));
        }
    }

    private void become(String name, String state, @Nullable String error) {
        properties(name).put("provisioningState", state);
        ObjectNode operation = Objects.requireNonNull(operations.get(operationOf.getOrDefault(name, "")));
        operation.put("status", state);
        if (error != null) {
            operation.set("error", tree(error));
        }
    }

    private ObjectNode properties(String name) {
        return (ObjectNode) existing(name).get("properties");
    }

    private ObjectNode existing(String name) {
        return Objects.requireNonNull(pools.get(name), "There is no pool " + name);
    }

    /** Names of the pools that exist now. */
    synchronized Set<String> pools() {
        return Set.copyOf(pools.keySet());
    }

    synchronized ObjectNode pool(String name) {
        return existing(name).deepCopy();
    }

    /** How often a pool was made, by name. */
    synchronized List<String> made() {
        return List.copyOf(made);
    }

    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String method = exchange.getRequestMethod();
        Answer answer;
        synchronized (this) {
            requests.add(method + " " + exchange.getRequestURI().getPath());
            Mishap mishap = mishaps.getOrDefault(method, new ArrayDeque<>()).poll();
            if (mishap == null) {
                answer = answer(exchange, body);
            } else {
                if (mishap.applied()) {
                    var unused = answer(exchange, body);
                }
                answer = mishap.cut() ? null : new Answer(mishap.status(), mishap.body(), mishap.headers());
            }
        }
        send(exchange, answer);
    }

    private record Answer(int status, String body, Map<String, String> headers) {}

    private static void send(HttpExchange exchange, @Nullable Answer answer) throws IOException {
        try (exchange) {
            if (answer == null) {
                return;
            }
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Answer answer(HttpExchange exchange, String body) {
        String path = exchange.getRequestURI().getPath();
        if (path.startsWith(OPERATIONS)) {
            return new Answer(
                    200,
                    String.valueOf(operations.get(path.substring(OPERATIONS.length()))),
                    Map.of("Retry-After", "1"));
        }
        if (path.equals(POOLS)) {
            ArrayNode values = JSON.createObjectNode().putArray("value");
            values.addAll(pools.values());
            return new Answer(200, "{\"value\":" + values + "}", Map.of());
        }
        if (!path.startsWith(POOLS + "/")) {
            return new Answer(404, """
                    {"error":{"code":"ResourceGroupNotFound","message":"Resource group not found."}}""", Map.of());
        }
        String name = path.substring(POOLS.length() + 1);
        return switch (exchange.getRequestMethod()) {
            case "PUT" -> put(name, body, exchange.getRequestHeaders().getFirst("If-None-Match"));
            case "DELETE" -> delete(name);
            default -> pools.containsKey(name) ? ok(name) : notFound(name);
        };
    }

    private Answer put(String name, String body, @Nullable String ifNoneMatch) {
        if (pools.containsKey(name) && "*".equals(ifNoneMatch)) {
            return new Answer(412, """
                    {"error":{"code":"PreconditionFailed","message":"The pool exists."}}""", Map.of());
        }
        ObjectNode pool = tree(body);
        pool.put("name", name).put("id", POOLS + "/" + name);
        ((ObjectNode) pool.get("properties")).put("provisioningState", "Creating");
        pools.put(name, pool);
        made.add(name);
        return new Answer(201, pool.toString(), operation(name));
    }

    private Answer delete(String name) {
        if (!pools.containsKey(name)) {
            return new Answer(204, "", Map.of());
        }
        properties(name).put("provisioningState", "Deleting");
        Map<String, String> headers = operation(name);
        if (!slowDeletes) {
            pools.remove(name);
        }
        return new Answer(202, "", headers);
    }

    /** What the caller may ask of how it goes on. */
    private Map<String, String> operation(String name) {
        String number = "operation-" + ++numbers;
        operations.put(number, JSON.createObjectNode().put("name", number).put("status", "InProgress"));
        operationOf.put(name, number);
        String address = url() + OPERATIONS + number + "?api-version=2025-09-01";
        return Map.of("Azure-AsyncOperation", address, "Location", address, "Retry-After", "1");
    }

    private Answer ok(String name) {
        return new Answer(200, existing(name).toString(), Map.of());
    }

    private static Answer notFound(String name) {
        return new Answer(404, """
                {"code":"ResourceNotFound","message":"The Resource 'managedClusters/cluster/agentPools/%s' was not found."}""".formatted(name), Map.of());
    }

    private static String state(ObjectNode pool) {
        return pool.path("properties").path("provisioningState").asText();
    }

    private static ObjectNode tree(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to read " + json, e);
        }
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package io.kaitoflow.bridge.translate;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The annotations of a workspace that mean something, ours and KAITO's. */
enum AnnotationName {
    SERVE_AFTER_TUNING("serve-after-tuning"),
    INSTANCE_TYPES("instance-types"),
    SPOT("spot"),
    BUDGET_USD("budget-usd"),
    MAX_HOURS("max-hours"),
    SERVING_MAX_HOURS("serving-max-hours"),
    NODE_RELEASE("node-release"),
    ROLLOUT("rollout"),
    MINIMUM_IMPROVEMENT("minimum-improvement"),
    ALLOW_UNINSPECTED("allow-uninspected"),
    PAUSED("paused"),
    CANCEL("cancel"),
    RETRY("retry"),
    FORCE_DELETE("force-delete"),
    ENABLE_LOAD_BALANCER("enablelb"),
    API_KEYS("api-keys"),
    BYPASS_RESOURCE_CHECKS("bypass-resource-checks"),
    NODE_IMAGE_FAMILY("node-image-family"),
    NODE_CLASS_NAME("node-class-name"),
    DISABLE_BENCHMARK("disable-benchmark"),
    RUNTIME("runtime");

    static final String PREFIX = "kaito.sh/";

    private final String key;

    AnnotationName(String name) {
        this.key = PREFIX + name;
    }

    /** The annotation's full key. */
    String key() {
        return key;
    }

    static Optional<AnnotationName> of(String key) {
        return Arrays.stream(values()).filter(name -> name.key.equals(key)).findFirst();
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(AnnotationName::key).toList();
    }
}

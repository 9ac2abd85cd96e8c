package io.kaitoflow.bridge.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the binder hands over for a field that the manifest does not have. */
final class Absent {

    private Absent() {}

    static <T> List<T> asEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    static <V> Map<String, V> asEmpty(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : Map.copyOf(map);
    }
}

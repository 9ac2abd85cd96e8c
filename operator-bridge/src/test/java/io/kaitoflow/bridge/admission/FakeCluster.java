package io.kaitoflow.bridge.admission;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A cluster that holds what a test put there, and answers as the test says. */
final class FakeCluster implements ClusterView {

    private final List<ConfigMap> configMaps = new ArrayList<>();
    private final Set<String> unread = new HashSet<>();
    private Right right = Right.GIVEN;

    FakeCluster with(String configMap, String key, String text) {
        configMaps.add(new ConfigMapBuilder()
                .withNewMetadata()
                .withName(configMap)
                .endMetadata()
                .addToData(key, text)
                .build());
        return this;
    }

    FakeCluster withoutAnswerAbout(String configMap) {
        unread.add(configMap);
        return this;
    }

    FakeCluster saying(Right answer) {
        right = answer;
        return this;
    }

    @Override
    public Seen look(Question question) {
        return new Seen(
                configMaps.stream()
                        .filter(map ->
                                question.configMaps().contains(map.getMetadata().getName()))
                        .toList(),
                unread,
                right);
    }
}

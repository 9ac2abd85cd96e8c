package io.kaitoflow.bridge.manifest;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.presets.NearestNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Walks a document beside the type that it is bound to and names every field that the type does not have. */
final class UnknownFields {

    private final ObjectMapper mapper;
    private final List<Refusal> found = new ArrayList<>();

    UnknownFields(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    List<Refusal> in(JsonNode document, Class<?> type) {
        walk("", document, mapper.constructType(type));
        return List.copyOf(found);
    }

    private void walk(String path, JsonNode node, JavaType type) {
        if (node.isArray() && type.isCollectionLikeType()) {
            for (int i = 0; i < node.size(); i++) {
                walk(path + "[" + i + "]", node.get(i), type.getContentType());
            }
        } else if (node.isObject() && !type.isContainerType()) {
            walkObject(path, node, type);
        }
    }

    private void walkObject(String path, JsonNode node, JavaType type) {
        Map<String, JavaType> known = fieldsOf(type);
        // A template is the API server's to judge, and a type without fields takes anything.
        if (known.isEmpty() || type.isTypeOrSubTypeOf(JsonNode.class)) {
            return;
        }
        node.properties().forEach(field -> {
            JavaType fieldType = known.get(field.getKey());
            String fieldPath = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            if (fieldType == null) {
                found.add(refusal(fieldPath, field.getKey(), known));
            } else {
                walk(fieldPath, field.getValue(), fieldType);
            }
        });
    }

    private static Refusal refusal(String path, String name, Map<String, JavaType> known) {
        String suggestion = NearestNames.of(known.keySet()).suggestion(name);
        return new Refusal(path, "", "is not a field of this object" + suggestion, "Correct or remove it.");
    }

    private Map<String, JavaType> fieldsOf(JavaType type) {
        BeanDescription description = mapper.getDeserializationConfig().introspect(type);
        Map<String, JavaType> fields = new TreeMap<>();
        for (BeanPropertyDefinition property : description.findProperties()) {
            if (property.couldDeserialize() || property.couldSerialize()) {
                fields.put(property.getName(), property.getPrimaryType());
            }
        }
        return fields;
    }
}

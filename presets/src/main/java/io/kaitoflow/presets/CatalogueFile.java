package io.kaitoflow.presets;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** A YAML file that ships inside this module. A key that no record has is an error, so that a typo cannot hide. */
record CatalogueFile(String name) {

    <T> T read(Class<T> type) {
        try (InputStream stream = Objects.requireNonNull(CatalogueFile.class.getResourceAsStream(name), name)) {
            return mapper().readValue(stream, type);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to read the catalogue file " + name + " of this release", e);
        }
    }

    private static ObjectMapper mapper() {
        return YAMLMapper.builder()
                .addModule(new Jdk8Module())
                .addModule(new JavaTimeModule())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .withConfigOverride(
                        List.class, lists -> lists.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
                .build();
    }
}

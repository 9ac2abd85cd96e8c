package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;

/**
 * Reads a volume, of which the definition leaves most open: one with a value of the wrong type is a volume of no kind, which is
 * refused in words. One object that could not be read would hide all others from whoever lists them.
 */
final class VolumeReader extends JsonDeserializer<Volume> {

    private static final String NO_KIND = "a value of the wrong type";

    @Override
    public Volume deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        JsonNode tree = parser.readValueAsTree();
        try {
            return parser.getCodec().treeToValue(tree, Volume.class);
        } catch (JsonMappingException wrong) {
            Volume volume = new Volume();
            volume.setAdditionalProperty(NO_KIND, wrong.getOriginalMessage());
            return volume;
        }
    }
}

package io.kaitoflow.inference.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.model.CausalModel;
import io.kaitoflow.inference.model.Decoder;
import io.kaitoflow.inference.model.DecoderState;
import io.kaitoflow.inference.model.SequenceToken;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.TorchEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * Answers prompts without and with an adapter, greedily and in float32, and writes tokens and the first logits as JSON.
 *
 * <p>Arguments: model, adapter folder, prompts (a JSON list of lists of ids), output file, tokens of an answer.
 */
public final class AdapterAnswers {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private AdapterAnswers() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        TorchEngine.useThreads(2);
        int length = Integer.parseInt(arguments[4]);
        JsonNode prompts = JSON.readTree(Path.of(arguments[2]).toFile());
        var answers = JSON.createArrayNode();
        try (CausalModel model = CausalModel.load(Path.of(arguments[0]), ComputeType.FLOAT32);
                var owner = TorchEngine.newOwner()) {
            LoraAdapter adapter = LoraAdapter.read(Path.of(arguments[1]));
            Decoder tuned = model.adaptedBy(adapter.fuse(owner, model.configuration(), ComputeType.FLOAT32));
            for (JsonNode prompt : prompts) {
                ObjectNode both = answers.addObject();
                answer(model, model.base(), prompt, length, both.putObject("base"));
                answer(model, tuned, prompt, length, both.putObject("tuned"));
            }
        }
        JSON.writeValue(Path.of(arguments[3]).toFile(), answers);
    }

    private static void answer(CausalModel model, Decoder decoder, JsonNode prompt, int length, ObjectNode into) {
        int[] ids = StreamSupport.stream(prompt.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
        try (DecoderState state = model.newState(1, ids.length + length)) {
            float[] logits = decoder.prefill(state, 0, ids);
            var first = into.putArray("logits");
            for (float logit : logits) {
                first.add(logit);
            }
            var tokens = into.putArray("tokens");
            for (int i = 0; i < length; i++) {
                int best = largest(logits);
                tokens.add(best);
                logits = decoder.decode(state, List.of(new SequenceToken(0, best)))[0];
            }
        }
    }

    private static int largest(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}

package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.Lanes;
import io.kaitoflow.inference.model.DecoderTraits;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.RotaryEmbedding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.incubator.vector.FloatVector;

/**
 * Turns heads by their position: of the dimensions that turn, which are the first ones, dimension i of the first half with
 * dimension i of the second.
 */
final class Rotation {
    private final int headSize;
    private final RotationTable ofShort;
    private final RotationTable ofLong;

    /** @param positions length of the longest sequence */
    Rotation(RotaryEmbedding rotary, int positions) {
        this.headSize = rotary.headSize();
        this.ofShort = RotationTable.ofShort(rotary, positions);
        this.ofLong = RotationTable.ofLong(rotary, positions).orElse(ofShort);
    }

    /** One for each layer; layers that turn alike share one. */
    static List<Rotation> of(ModelConfiguration model, int positions) {
        Map<RotaryEmbedding, Rotation> all = new HashMap<>();
        return model.traits().layers().stream()
                .map(DecoderTraits.Layer::rotary)
                .map(rotary -> all.computeIfAbsent(rotary, one -> new Rotation(one, positions)))
                .toList();
    }

    /**
     * Turns {@code heads} heads that lie one after the other from {@code at}.
     *
     * @param reach of the sequence that they are of
     */
    void turn(Activations x, int at, int heads, int position, Reach reach) {
        RotationTable table = reach == Reach.LONG ? ofLong : ofShort;
        float[] values = x.values();
        float[] cosines = table.cosines();
        float[] sines = table.sines();
        int half = table.half();
        int from = position * half;
        int whole = half / Lanes.COUNT * Lanes.COUNT;
        for (int head = 0; head < heads; head++) {
            int first = at + head * headSize;
            for (int i = 0; i < whole; i += Lanes.COUNT) {
                FloatVector cosine = FloatVector.fromArray(Lanes.FLOATS, cosines, from + i);
                FloatVector sine = FloatVector.fromArray(Lanes.FLOATS, sines, from + i);
                FloatVector left = FloatVector.fromArray(Lanes.FLOATS, values, first + i);
                FloatVector right = FloatVector.fromArray(Lanes.FLOATS, values, first + half + i);
                left.mul(cosine).sub(right.mul(sine)).intoArray(values, first + i);
                right.mul(cosine).add(left.mul(sine)).intoArray(values, first + half + i);
            }
            for (int i = whole; i < half; i++) {
                float cosine = cosines[from + i];
                float sine = sines[from + i];
                float left = values[first + i];
                float right = values[first + half + i];
                values[first + i] = left * cosine - right * sine;
                values[first + half + i] = right * cosine + left * sine;
            }
        }
    }
}

package io.kaitoflow.activities.tuning.nf4;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.tensor.ScriptTemplate;
import io.kaitoflow.inference.tensor.Tensors;
import io.kaitoflow.inference.tensor.TorchScriptModule;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * NF4 as tensor programs, for devices whose memory Java does not see: a byte's two values are looked up together, multiplied by
 * their block's scale in float32 and rounded once, as {@link Nf4Dequantiser} does it, to the same bit.
 */
public final class Nf4Script implements Nf4Writer {

    private static final int PAIRS = 256;
    private static final int BITS = 4;
    private static final int BYTES_PER_BLOCK = Nf4Tensor.BLOCK / 2;

    private static final String PLAIN = """
            def dequantise(self, out: Tensor, pairs: Tensor, codes: Tensor, absmax: Tensor) -> Tensor:
              return self.write(out, pairs, codes, absmax)
            """;

    private static final String DOUBLED = """
            def scales(self, book: Tensor, codes: Tensor, nested: Tensor, offset: Tensor) -> Tensor:
              found = book.index_select(0, codes.to(3)).view([nested.size(0), ${nestedBlock}])
              return found.mul_(nested.unsqueeze(1)).add_(offset).view([-1])
            def dequantise(self, out: Tensor, pairs: Tensor, codes: Tensor, book: Tensor, scaleCodes: Tensor, nested: Tensor, offset: Tensor) -> Tensor:
              return self.write(out, pairs, codes, self.scales(book, scaleCodes, nested, offset))
            """;

    private static final String WRITE = """
            def write(self, out: Tensor, pairs: Tensor, codes: Tensor, scales: Tensor) -> Tensor:
              blocks = codes.size(0) // ${bytesPerBlock}
              values = pairs.index_select(0, codes.to(3)).view([blocks, ${block}])
              factors = scales.narrow(0, 0, blocks).unsqueeze(1)
              if out.numel() == values.numel():
                torch.mul(values, factors, out=out.view([blocks, ${block}]))
              else:
                out.copy_(values.mul_(factors).view([-1]).narrow(0, 0, out.numel()).view(out.size()))
              return out
            """;

    private final NDManager owner;
    private final TorchScriptModule program;
    private final NDArray pairs;
    private final List<NDArray> book;

    /**
     * @param owner of everything that is uploaded, on the device
     * @param doubled whether scales are quantised too
     */
    public Nf4Script(NDManager owner, boolean doubled) {
        this.owner = owner;
        program = new TorchScriptModule(new ScriptTemplate(WRITE + (doubled ? DOUBLED : PLAIN))
                .with("block", Nf4Tensor.BLOCK)
                .with("bytesPerBlock", BYTES_PER_BLOCK)
                .with("nestedBlock", BlockScales.DoubleQuantised.NESTED_BLOCK)
                .finished());
        pairs = Tensors.of(owner, pairs(), new Shape(PAIRS, 2));
        book = doubled ? List.of(Tensors.of(owner, CodeBook.DYNAMIC.values(), new Shape(PAIRS))) : List.of();
    }

    /** Both values of every byte, the high half first. */
    private static float[] pairs() {
        float[] values = new float[PAIRS * 2];
        for (int pair = 0; pair < PAIRS; pair++) {
            values[2 * pair] = CodeBook.NF4.value(pair >>> BITS);
            values[2 * pair + 1] = CodeBook.NF4.value(pair & 0xf);
        }
        return values;
    }

    /** Brings a matrix onto the device; what it lay in is not needed afterwards. */
    public List<NDArray> upload(Nf4Tensor tensor) {
        List<NDArray> stored = new ArrayList<>();
        stored.add(bytes(tensor.packed(), (long) tensor.scales().blocks() * BYTES_PER_BLOCK));
        switch (tensor.scales()) {
            case BlockScales.Plain plain ->
                stored.add(Tensors.of(owner, plain.absmax(), new Shape(plain.absmax().length)));
            case BlockScales.DoubleQuantised scales -> {
                int groups = scales.nested().length;
                stored.addAll(book);
                stored.add(bytes(
                        MemorySegment.ofArray(scales.codes()),
                        (long) groups * BlockScales.DoubleQuantised.NESTED_BLOCK));
                stored.add(Tensors.of(owner, scales.nested(), new Shape(groups)));
                stored.add(Tensors.of(owner, new float[] {scales.offset()}, new Shape(1)));
            }
        }
        return stored;
    }

    /** Bytes on the device, with zeros up to a length at which groups are whole. */
    private NDArray bytes(MemorySegment content, long length) {
        byte[] padded = new byte[Math.toIntExact(length)];
        MemorySegment.ofArray(padded).copyFrom(content);
        return owner.create(ByteBuffer.wrap(padded), new Shape(length), DataType.UINT8);
    }

    /** In whatever floating type the target has. */
    @Override
    public void dequantise(List<NDArray> stored, NDArray target) {
        NDArray[] arguments = new NDArray[stored.size() + 2];
        arguments[0] = target;
        arguments[1] = pairs;
        for (int i = 0; i < stored.size(); i++) {
            arguments[i + 2] = stored.get(i);
        }
        program.call(owner, "dequantise", arguments).close();
    }

    @Override
    public void close() {
        program.close();
    }
}

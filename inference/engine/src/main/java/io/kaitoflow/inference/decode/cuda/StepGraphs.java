package io.kaitoflow.inference.decode.cuda;

import io.kaitoflow.inference.tensor.CudaDevice;
import io.kaitoflow.inference.tensor.CudaGraph;
import io.kaitoflow.inference.tensor.TensorException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Steps that come again: the second of a shape is recorded, and later ones ask the driver once instead of for each kernel, which
 * takes longer than a small model's kernels run.
 */
final class StepGraphs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StepGraphs.class);
    private static final int MOST = 64;

    private final CudaDevice device;
    private final Set<Shape> seen = new HashSet<>();
    private final SequencedMap<Shape, CudaGraph> graphs = new LinkedHashMap<>(MOST, 0.75f, true);
    private boolean refused;

    /**
     * All that a step's kernels are asked for with, beside what lies in memory.
     *
     * @param longest tokens that a row sees, in steps
     * @param width of what adapters make narrow, whose memory moves when it grows
     */
    record Shape(int rows, int wanted, int longest, boolean adapted, int width) {}

    StepGraphs(CudaDevice device) {
        this.device = device;
    }

    /** @param step asks for the kernels of a step of this shape */
    void run(Shape shape, Runnable step) {
        // The first time libraries may load what they need, which cannot be recorded.
        if (seen.add(shape) || refused) {
            step.run();
            return;
        }
        CudaGraph graph = graphs.get(shape);
        if (graph == null) {
            try {
                graph = device.record(step);
            } catch (TensorException e) {
                refused = true;
                LOG.warn("Steps on the GPU are not recorded: {}", e.getMessage());
                step.run();
                return;
            }
            graphs.put(shape, graph);
            dropOldest();
        }
        graph.launch();
    }

    private void dropOldest() {
        if (graphs.size() > MOST) {
            Map.Entry<Shape, CudaGraph> oldest = graphs.pollFirstEntry();
            oldest.getValue().close();
        }
    }

    @Override
    public void close() {
        graphs.values().forEach(CudaGraph::close);
    }
}

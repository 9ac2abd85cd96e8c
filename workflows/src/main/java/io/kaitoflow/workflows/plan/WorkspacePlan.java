package io.kaitoflow.workflows.plan;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.request.ComputeType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What will be done for a request. Made once by an activity from a catalogue that changes between releases; history keeps the
 * answer.
 *
 * @param preset the base model as the catalogue knew it
 * @param machines that fit, in the order in which they are tried
 * @param trainingMemory estimated peak of the tuner; zero when nothing is tuned
 * @param servingMemory estimated peak of the server
 * @param computeType that the first machine can do
 * @param notes decisions a user may want to know, one sentence each
 * @param expected what the user's own nodes are that would be taken now; empty for what is bought, and where there are none yet
 */
public record WorkspacePlan(
        Preset preset,
        List<MachineOption> machines,
        ByteSize trainingMemory,
        ByteSize servingMemory,
        ComputeType computeType,
        List<String> notes,
        Optional<MachineOption> expected) {

    public WorkspacePlan {
        machines = List.copyOf(machines);
        notes = List.copyOf(notes);
        // Absent from plans of earlier releases.
        expected = Objects.requireNonNullElse(expected, Optional.empty());
    }

    /** Of machines that are what they are asked for. */
    public WorkspacePlan(
            Preset preset,
            List<MachineOption> machines,
            ByteSize trainingMemory,
            ByteSize servingMemory,
            ComputeType computeType,
            List<String> notes) {
        this(preset, machines, trainingMemory, servingMemory, computeType, notes, Optional.empty());
    }
}

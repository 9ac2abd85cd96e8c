package io.kaitoflow.activities.nodes.local;

import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.processes.ProcessIdentity;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * This machine is the only lease there is: a file names the workspace that holds it and the process that took it. The lease of a
 * process that died is free again, so a killed command blocks nobody.
 */
public final class LocalNodeProvisioner implements NodeProvisioner {

    private static final String NODE = "this machine";
    private static final MachineOption UNKNOWN_OPTION =
            new MachineOption("unknown", 0, ByteSize.ofBytes(0), Optional.empty(), false);
    private static final MachineRequest UNKNOWN_REQUEST = new MachineRequest(List.of(), 1, Map.of(), List.of(), false);

    /** Threads of one JVM cannot wait for each other's file lock. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final Path folder;
    private final ProcessIdentity owner;

    /** @param folder of this machine's state; made when needed */
    public LocalNodeProvisioner(Path folder) {
        this(folder, ProcessIdentity.of(ProcessHandle.current()));
    }

    LocalNodeProvisioner(Path folder, ProcessIdentity owner) {
        this.folder = folder;
        this.owner = owner;
    }

    @Override
    public NodeLease claim(NodeRequest request) {
        return locked(holder -> {
            holder.filter(other -> !other.sameWorkspace(request) && other.isAlive())
                    .ifPresent(other -> {
                        throw new NodeException.Occupied("This machine is leased to workspace " + other.name()
                                + " (process " + other.process().pid() + "); wait for it or end it.");
                    });
            write(Holder.after(holder, request, owner));
            return lease(request);
        });
    }

    @Override
    public NodeLease observe(NodeRequest request) {
        return locked(holder -> {
            if (holder.filter(h -> h.holds(request)).isEmpty()) {
                throw new NodeException.Vanished("The lease of this machine by workspace "
                        + request.id().name() + " is not in " + file() + " any more.");
            }
            return lease(request);
        });
    }

    /** The lease's file keeps the claims' numbers and not what was asked for: enough to give them back. */
    @Override
    public List<NodeRequest> held(WorkspaceId id) {
        return locked(holder -> holder.filter(h -> h.uid().equals(id.uid())).stream()
                .flatMap(h -> requests(id, h))
                .toList());
    }

    @Override
    public List<NodeRequest> all() {
        return locked(
                holder -> holder.stream().flatMap(h -> requests(h.id(), h)).toList());
    }

    private static Stream<NodeRequest> requests(WorkspaceId id, Holder holder) {
        return holder.claims().stream().map(number -> new NodeRequest(id, UNKNOWN_OPTION, UNKNOWN_REQUEST, number));
    }

    @Override
    public boolean release(NodeRequest request) {
        return locked(holder -> {
            holder.filter(h -> h.holds(request))
                    .ifPresent(h -> h.without(request).ifPresentOrElse(this::write, this::delete));
            return true;
        });
    }

    private static NodeLease lease(NodeRequest request) {
        return new NodeLease("local-" + request.number(), request.option(), List.of(NODE), true);
    }

    /** Runs with the lease file's content while no other process of this machine can change it. */
    private <T> T locked(Function<Optional<Holder>, T> body) {
        THREADS.lock();
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = FileChannel.open(
                            folder.resolve("lease.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = channel.lock()) {
                return body.apply(read());
            }
        } catch (IOException e) {
            throw unwritable(e);
        } finally {
            THREADS.unlock();
        }
    }

    private Optional<Holder> read() throws IOException {
        return Files.exists(file()) ? Holder.parse(Files.readString(file())) : Optional.empty();
    }

    private void write(Holder holder) {
        try {
            Path fresh = Files.writeString(folder.resolve("lease.tmp"), holder.text());
            Files.move(fresh, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void delete() {
        try {
            Files.deleteIfExists(file());
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private Path file() {
        return folder.resolve("lease");
    }

    private NodeException unwritable(IOException cause) {
        return new NodeException.Unwritable("The lease of this machine cannot be kept in " + folder + " (" + cause
                + "); make that folder writable.");
    }
}

package io.kaitoflow.inference.server.chat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Lets adapters come and go while the model serves; replies under way keep the one they began with. */
public final class AdapterDesk {

    private final Readiness readiness;
    private final ServedNames names;
    private final Optional<Path> folder;
    private final ReentrantLock lock = new ReentrantLock();

    /** @param folder that adapters may be loaded from; without one none are loaded by request */
    public AdapterDesk(Readiness readiness, ServedNames names, Optional<Path> folder) {
        this.readiness = readiness;
        this.names = names;
        this.folder = folder;
    }

    /**
     * Serves one more adapter.
     *
     * @throws ChatFailure.BadRequest when the name is taken, the place is not allowed, or the adapter does not fit
     */
    public void load(String name, String place, double strength) {
        Path adapter = allowed(place);
        lock.lock();
        try {
            if (names.all().contains(name)) {
                throw new ChatFailure.BadRequest(
                        "lora_name", "lora_name \"" + name + "\" is served already; unload it or choose another.");
            }
            // Loaded before it has a name, so that no request can ask for it too early.
            readiness.model().loadAdapter(name, adapter, strength);
            names.add(name);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Serves an adapter no more.
     *
     * @throws ChatFailure.UnknownModel when no adapter has the name
     */
    public void unload(String name) {
        lock.lock();
        try {
            ChatModel model = readiness.model();
            if (!names.remove(name)) {
                throw new ChatFailure.UnknownModel(name, names.all());
            }
            model.unloadAdapter(name);
        } finally {
            lock.unlock();
        }
    }

    /** Otherwise a caller could make the server read any file of its machine. */
    private Path allowed(String place) {
        Path root = folder.orElseThrow(() -> new ChatFailure.BadRequest(
                "lora_path", "This server loads no adapters by request; start it with --adapter-folder."));
        Path wanted = root.resolve(place).normalize();
        if (!wanted.startsWith(root.normalize()) || !Files.isDirectory(wanted)) {
            throw new ChatFailure.BadRequest("lora_path", "lora_path must be a folder inside " + root + ".");
        }
        return wanted;
    }
}

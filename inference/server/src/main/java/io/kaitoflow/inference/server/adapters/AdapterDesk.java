package io.kaitoflow.inference.server.adapters;

import io.kaitoflow.inference.server.chat.ChatFailure;
import io.kaitoflow.inference.server.chat.ChatModel;
import io.kaitoflow.inference.server.chat.Readiness;
import io.kaitoflow.inference.server.chat.ServedNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Lets adapters come and go while the model serves; replies under way keep the one they began with. */
public final class AdapterDesk {

    private final Readiness readiness;
    private final ServedNames names;
    private final AdapterDoor door;
    private final Map<String, WantedAdapter> listed = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** @param door who may change adapters */
    public AdapterDesk(Readiness readiness, ServedNames names, AdapterDoor door) {
        this.readiness = readiness;
        this.names = names;
        this.door = door;
        if (door instanceof AdapterDoor.Followed(Path _, AdapterList first)) {
            first.adapters().forEach(adapter -> listed.put(adapter.name(), adapter));
        }
    }

    /**
     * Serves one more adapter, for a caller.
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
     * Serves an adapter no more, for a caller.
     *
     * @throws ChatFailure.UnknownModel when no adapter has the name
     */
    public void unload(String name) {
        root("lora_name");
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

    /**
     * Serves exactly these, in this order. New ones are loaded beside the old; a name goes over from one to the next at once, and
     * names that are gone go last, so that no request meets a gap. All or nothing: what cannot be loaded leaves everything as it
     * was.
     *
     * @throws ChatFailure.BadRequest when one of them cannot be served
     */
    void serve(List<WantedAdapter> wanted) {
        lock.lock();
        try {
            ChatModel model = readiness.model();
            Map<String, WantedAdapter> before = Map.copyOf(listed);
            loadAll(model, wanted, before);
            names.replaceAdapters(wanted.stream().map(WantedAdapter::name).toList());
            listed.clear();
            wanted.forEach(adapter -> listed.put(adapter.name(), adapter));
            before.keySet().stream().filter(name -> !listed.containsKey(name)).forEach(model::unloadAdapter);
        } finally {
            lock.unlock();
        }
    }

    private void loadAll(ChatModel model, List<WantedAdapter> wanted, Map<String, WantedAdapter> before) {
        refuseSameNames(wanted);
        List<WantedAdapter> changed = wanted.stream()
                .filter(adapter -> !adapter.equals(before.get(adapter.name())))
                .toList();
        List<String> done = new ArrayList<>();
        try {
            for (WantedAdapter adapter : changed) {
                model.loadAdapter(adapter.name(), adapter.folder(), adapter.strength());
                done.add(adapter.name());
            }
        } catch (RuntimeException refused) { // whatever it is, names must mean what they meant
            done.forEach(name -> putBack(model, name, before));
            throw refused;
        }
    }

    private static void putBack(ChatModel model, String name, Map<String, WantedAdapter> before) {
        WantedAdapter old = before.get(name);
        if (old == null) {
            model.unloadAdapter(name);
        } else {
            model.loadAdapter(name, old.folder(), old.strength());
        }
    }

    private void refuseSameNames(List<WantedAdapter> wanted) {
        try {
            names.distinct(wanted.stream().map(WantedAdapter::name).toList());
        } catch (IllegalArgumentException same) {
            throw new ChatFailure.BadRequest("adapters", String.valueOf(same.getMessage()));
        }
    }

    /** Otherwise a caller could make the server read any file of its machine. */
    private Path allowed(String place) {
        Path root = root("lora_path");
        Path wanted = root.resolve(place).normalize();
        if (!wanted.startsWith(root.normalize()) || !Files.isDirectory(wanted)) {
            throw new ChatFailure.BadRequest("lora_path", "lora_path must be a folder inside " + root + ".");
        }
        return wanted;
    }

    private Path root(String parameter) {
        return switch (door) {
            case AdapterDoor.Callers(Path root) -> root;
            case AdapterDoor.Closed _, AdapterDoor.Followed _ ->
                throw new ChatFailure.BadRequest(
                        parameter,
                        "This server changes no adapters by request; start it with --adapter-folder to let callers do"
                                + " so.");
        };
    }
}

package io.kaitoflow.worker.cli;

import io.kaitoflow.activities.image.AdapterImages;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.model.HubToken;
import io.kaitoflow.activities.model.ModelException;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.cli.terminal.ProgressDisplay;
import io.kaitoflow.worker.cli.terminal.Terminal;
import io.kaitoflow.worker.cli.terminal.TerminalProgress;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.worker.tuner.LocalRooms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Finds the files behind the words of a command line: a model of the catalogue or on disk, an adapter on disk or in an image. */
final class ServedModelFiles {

    private final LocalHome home;
    private final LocalRooms rooms;

    ServedModelFiles(LocalHome home) {
        this.home = home;
        this.rooms = new LocalRooms(home, home.objects("models"), System.getenv());
    }

    /** Arguments of the server for a model, which is fetched when it is of the catalogue and not here yet. */
    List<String> model(String word) {
        Optional<Preset> preset = PresetCatalogue.load().find(word);
        if (preset.isPresent()) {
            return List.of("--model", fetched(preset.get()).toString(), "--model-name", word);
        }
        if (!Files.exists(Path.of(word))) {
            throw new CommandFailure(
                    ExitCode.REFUSED,
                    "\"" + word + "\" is neither a model of the catalogue ("
                            + PresetCatalogue.load().names().suggestion(word).strip()
                            + " see: kaitoflow models list) nor a GGUF file or folder here.");
        }
        return List.of("--model", word);
    }

    static boolean isKnown(String word) {
        return PresetCatalogue.load().find(word).isPresent() || Files.exists(Path.of(word));
    }

    private Path fetched(Preset preset) {
        Optional<HubToken> token =
                Optional.ofNullable(System.getenv("HF_TOKEN")).map(HubToken::new);
        try (ProgressDisplay display =
                new ProgressDisplay(System.err, Terminal.isInteractive(), InstantSource.system())) {
            return rooms.models()
                    .fetch(preset, token, new TerminalProgress(display))
                    .path();
        } catch (ModelException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()));
        }
    }

    /** Arguments of the server for an adapter given as {@code [NAME=]DIR} or {@code [NAME=]IMAGE}. */
    List<String> adapter(String word) {
        int mark = word.indexOf('=');
        String place = word.substring(mark + 1);
        Path folder = Files.isDirectory(Path.of(place)) ? Path.of(place) : pulled(place);
        String name = mark > 0 ? word.substring(0, mark) : plainName(place);
        return List.of("--adapter", name + "=" + folder);
    }

    private Path pulled(String image) {
        AdapterImages images = rooms.images(Pulse.none());
        ImageReference reference = ImageReference.parse(image);
        Digest digest = images.resolve(reference, List.of());
        Path folder = home.adapters().resolve(digest.hex());
        if (!Files.isDirectory(folder)) {
            images.pull(reference, digest, List.of(), folder);
        }
        return folder;
    }

    /** The last piece of a path or of an image's repository. */
    static String plainName(String place) {
        String last = place.replaceFirst("/+$", "").replaceFirst(".*/", "");
        return last.replaceFirst("[:@].*$", "");
    }
}

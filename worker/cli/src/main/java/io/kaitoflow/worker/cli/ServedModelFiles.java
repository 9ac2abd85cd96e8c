package io.kaitoflow.worker.cli;

import io.kaitoflow.activities.model.HubToken;
import io.kaitoflow.activities.model.ModelException;
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

    private final LocalRooms rooms;

    ServedModelFiles(LocalHome home) {
        this.rooms = new LocalRooms(home, home.objects("models"), System.getenv());
    }

    /** Arguments of the server for a model, which is fetched when it is of the catalogue and not here yet. */
    List<String> model(String word) {
        String path = path(word).toString();
        return PresetCatalogue.load().find(word).isPresent()
                ? List.of("--model", path, "--model-name", word)
                : List.of("--model", path);
    }

    /** Where the model lies, once it is here. */
    Path path(String word) {
        Optional<Preset> preset = PresetCatalogue.load().find(word);
        if (preset.isPresent()) {
            return fetched(preset.get());
        }
        if (!Files.exists(Path.of(word))) {
            throw new CommandFailure(
                    ExitCode.REFUSED,
                    "\"" + word + "\" is neither a model of the catalogue ("
                            + PresetCatalogue.load().names().suggestion(word).strip()
                            + " see: kaitoflow models list) nor a GGUF file or folder here.");
        }
        return Path.of(word);
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
        String name = mark > 0 ? word.substring(0, mark) : plainName(place);
        return List.of("--adapter", name + "=" + folder(place));
    }

    /** Where the adapter of a folder or an image lies, once it is here. */
    Path folder(String place) {
        return Files.isDirectory(Path.of(place)) ? Path.of(place) : pulled(place);
    }

    private Path pulled(String image) {
        return rooms.adapter(named(image), List.of());
    }

    /** A mistyped folder must not be looked for at a registry that nobody named. */
    private static ImageReference named(String word) {
        try {
            ImageReference image = ImageReference.parse(word);
            if (word.startsWith(image.registry() + "/")) {
                return image;
            }
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "There is no folder " + word + " here, and an image must name its registry, e.g. " + image + ".");
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.USAGE, "There is no folder " + word + " here. " + e.getMessage());
        }
    }

    /** The last piece of a path or of an image's repository. */
    static String plainName(String place) {
        String last = place.replaceFirst("/+$", "").replaceFirst(".*/", "");
        return last.replaceFirst("[:@].*$", "");
    }
}

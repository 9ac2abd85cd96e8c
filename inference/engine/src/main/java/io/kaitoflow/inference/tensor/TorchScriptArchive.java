package io.kaitoflow.inference.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A TorchScript module file written without Python: a stored zip with the source text of one class without attributes. */
final class TorchScriptArchive {
    private static final String ROOT = "kaitoflow/";
    private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};
    private static final byte[] FORMAT_VERSION = "10\n".getBytes(StandardCharsets.US_ASCII);

    private TorchScriptArchive() {}

    static byte[] of(String methods) {
        String source =
                "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n" + indent(methods);
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            store(zip, "data.pkl", pickledInstance());
            store(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
            store(zip, "constants.pkl", EMPTY_TUPLE);
            store(zip, "version", FORMAT_VERSION);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing an archive in memory", e);
        }
        return bytes.toByteArray();
    }

    private static String indent(String methods) {
        return methods.lines().map(line -> "  " + line + "\n").reduce("", String::concat);
    }

    /** Pickle of an object of {@code __torch__.M} whose state is {@code {"training": False}}. */
    private static byte[] pickledInstance() {
        var pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2});
        pickle.writeBytes("c__torch__\nM\n)".getBytes(StandardCharsets.US_ASCII));
        pickle.writeBytes(new byte[] {(byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
        pickle.writeBytes("training".getBytes(StandardCharsets.US_ASCII));
        pickle.writeBytes(new byte[] {(byte) 0x89, 'u', 'b', '.'});
        return pickle.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        var checksum = new CRC32();
        checksum.update(content);
        var entry = new ZipEntry(ROOT + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}

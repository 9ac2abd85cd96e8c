package io.kaitoflow.inference.weights;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** The formats that a weight file's first bytes can announce. */
enum FileFormat {
    GGUF,
    SAFETENSORS;

    private static final String LFS_POINTER = "version https://git-lfs";

    static FileFormat of(MappedFile file) {
        MemorySegment bytes = file.bytes();
        if (startsWith(bytes, 0, "GGUF")) {
            return GGUF;
        }
        if (startsWith(bytes, Long.BYTES, "{")) {
            return SAFETENSORS;
        }
        if (bytes.byteSize() == 0) {
            throw new WeightFileException.Damaged("The weight file " + file.path() + " is empty. Fetch it again.");
        }
        if (startsWith(bytes, 0, LFS_POINTER)) {
            throw new WeightFileException.Damaged("The weight file " + file.path()
                    + " is a Git LFS pointer, not the weights. Run \"git lfs pull\" where it came from.");
        }
        throw new WeightFileException.Unsupported("The file " + file.path()
                + " is neither GGUF nor safetensors by its first bytes. Give a .gguf or .safetensors file.");
    }

    private static boolean startsWith(MemorySegment bytes, long offset, String prefix) {
        byte[] wanted = prefix.getBytes(StandardCharsets.US_ASCII);
        return bytes.byteSize() >= offset + wanted.length
                && bytes.asSlice(offset, wanted.length).mismatch(MemorySegment.ofArray(wanted)) < 0;
    }
}

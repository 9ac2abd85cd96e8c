package io.kaitoflow.activities.dataset.rows;

import com.jerolba.carpet.io.FileSystemInputFile;
import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.presets.ByteSize;
import java.io.IOException;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;

/**
 * The parts that a parquet file was written in. The columns of one are held in memory as a whole while its rows are read.
 *
 * @param name of the file, for messages
 * @param largest of the parts, as it lies in the file
 */
record RowGroups(String name, ByteSize largest) {

    static RowGroups of(DataFile file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(
                new FileSystemInputFile(file.path().toFile()),
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
            long largest = reader.getRowGroups().stream()
                    .mapToLong(BlockMetaData::getCompressedSize)
                    .max()
                    .orElse(0);
            return new RowGroups(file.name(), ByteSize.ofBytes(largest));
        }
    }

    /** @throws DatasetException.Invalid when a part is larger than what may be held */
    void requireToFit(ByteSize room) {
        if (largest.bytes() > room.bytes()) {
            throw new DatasetException.Invalid(name + " cannot be read here: it has a row group of " + largest
                    + ", which is held in memory as a whole, and there is room for " + room
                    + "; write it with smaller ones, in pandas by to_parquet(…, row_group_size=10000).");
        }
    }

    /** Half of what this process may use; the other half is for the rows. */
    static ByteSize room() {
        return ByteSize.ofBytes(Runtime.getRuntime().maxMemory() / 2);
    }
}

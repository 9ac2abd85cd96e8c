package io.kaitoflow.worker.cli.questions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads questions: one JSON object a line with {@code question}, {@code expect} and {@code kind} (fact or general). */
public final class QuestionFile {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private QuestionFile() {}

    /** The file that lies beside a manifest under its name, if there is one: {@code x.yaml} has {@code x.questions.jsonl}. */
    public static Optional<Path> beside(Path manifest) {
        String stem = String.valueOf(manifest.getFileName()).replaceFirst("\\.ya?ml$", "");
        return Optional.of(manifest.resolveSibling(stem + ".questions.jsonl")).filter(Files::isRegularFile);
    }

    static List<Question> read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return IntStream.range(0, lines.size())
                    .filter(i -> !lines.get(i).isBlank())
                    .mapToObj(i -> parse(file, i + 1, lines.get(i)))
                    .toList();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "The questions in " + file + " cannot be read: " + e);
        }
    }

    private static Question parse(Path file, int line, String text) {
        try {
            return JSON.readValue(text, Question.class);
        } catch (JsonProcessingException e) {
            throw new CommandFailure(
                    ExitCode.REFUSED,
                    file + ", line " + line + " is not a question (" + e.getOriginalMessage()
                            + "); write {\"question\": …, \"kind\": \"fact\", \"expect\": [\"…\"]}");
        }
    }
}

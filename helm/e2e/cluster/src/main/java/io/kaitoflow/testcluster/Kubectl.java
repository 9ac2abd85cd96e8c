package io.kaitoflow.testcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The real kubectl, as a user runs it.
 *
 * @param program to run
 * @param kubeconfig says where the cluster is
 */
public record Kubectl(Path program, Path kubeconfig) {

    /**
     * What a command printed.
     *
     * @param status 0 when it went well
     * @param out standard output
     * @param err standard error, where warnings and refusals are
     */
    public record Answer(int status, String out, String err) {

        /** Runs a command to its end. */
        public static Answer to(List<String> command) {
            try {
                Path out = Files.createTempFile("command", ".out");
                Path err = Files.createTempFile("command", ".err");
                int status = new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start()
                        .onExit()
                        .join()
                        .exitValue();
                Answer answer = new Answer(status, Files.readString(out), Files.readString(err));
                Files.delete(out);
                Files.delete(err);
                return answer;
            } catch (IOException e) {
                throw new UncheckedIOException("Tried to run " + command, e);
            }
        }

        /** Standard output of a command that must go well. */
        public String orFail() {
            if (status != 0) {
                throw new IllegalStateException("The command ended with " + status + ": " + err + out);
            }
            return out;
        }
    }

    /** Runs it to its end in one namespace. */
    public Answer in(String namespace, String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--namespace=" + namespace;
        return run(all);
    }

    /** Runs it to its end, e.g. {@code run("get", "workspaces", "-n", "default")}. */
    public Answer run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--kubeconfig=" + kubeconfig));
        command.addAll(List.of(arguments));
        return Answer.to(command);
    }
}

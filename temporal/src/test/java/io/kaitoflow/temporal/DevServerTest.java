package io.kaitoflow.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a program in the binary's place that does nothing but listen on the port that it is given. */
class DevServerTest {

    private static final long PATIENCE = 60;

    @TempDir
    private Path folder = Path.of("");

    private Path binary = Path.of("");

    @BeforeEach
    void writeBinary() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        binary = script(
                "temporal",
                "exec " + java + " -XX:TieredStopAtLevel=1 -cp '" + classPath() + "' '" + Listening.class.getName()
                        + "' \"$6\"");
    }

    @Test
    void aServerThatSomebodyElseStartedIsUsedAndLeftRunning() throws Exception {
        DevServer first = DevServer.startOrFind(binary, folder);
        DevServer second = DevServer.startOrFind(binary, folder);
        ProcessHandle process = process();

        second.close();

        assertThat(second.address()).isEqualTo(first.address());
        assertThat(process.isAlive()).isTrue();
        first.close();
        process.onExit().get(PATIENCE, TimeUnit.SECONDS);
        assertThat(folder.resolve("server")).doesNotExist();
    }

    @Test
    void aServerIsOutOfReachOfTheTerminalsCtrlC() throws IOException {
        assumeThat(Path.of("/proc/self/stat")).exists();
        assumeThat(Path.of("/usr/bin/setsid")).isExecutable();
        try (DevServer _ = DevServer.startOrFind(binary, folder)) {
            assertThat(session(process().pid()))
                    .isNotEqualTo(session(ProcessHandle.current().pid()));
        }
    }

    @Test
    void aServerEndsWithTheProcessThatStartedItHoweverThatEnds() throws Exception {
        Process starter = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath(),
                        Starting.class.getName(),
                        binary.toString(),
                        folder.toString())
                .start();
        try {
            assertThat(starter.getInputStream().read()).isEqualTo('!');
            ProcessHandle server = process();

            starter.destroyForcibly();

            server.onExit().get(PATIENCE, TimeUnit.SECONDS);
        } finally {
            starter.destroyForcibly();
        }
    }

    @Test
    void aProgramThatIsNoServerIsNamedAtOnce() throws IOException {
        Path broken = script("broken", "exit 1");

        assertThatThrownBy(() -> DevServer.startOrFind(broken, folder))
                .isInstanceOf(TemporalException.class)
                .hasMessageContaining("server.log");
    }

    private ProcessHandle process() throws IOException {
        String pid = Files.readString(folder.resolve("server")).split(" ", -1)[0];
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    /** The fourth word after the program's name, which may hold spaces itself. */
    private static String session(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
        return List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)).get(3);
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }

    private Path script(String name, String line) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + line + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** Listens until it is ended. */
    static final class Listening {
        private Listening() {}

        public static void main(String[] arguments) throws IOException {
            try (java.net.ServerSocket socket = new java.net.ServerSocket(
                    Integer.parseInt(arguments[0]), 50, java.net.InetAddress.getLoopbackAddress())) {
                while (true) {
                    socket.accept().close();
                }
            }
        }
    }

    /** Starts a server, says so, and stays. */
    static final class Starting {
        private Starting() {}

        public static void main(String[] arguments) throws IOException {
            try (DevServer _ = DevServer.startOrFind(Path.of(arguments[0]), Path.of(arguments[1]))) {
                System.out.println("!");
                System.in.read();
            }
        }
    }
}

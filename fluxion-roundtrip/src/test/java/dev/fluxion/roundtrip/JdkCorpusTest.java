package dev.fluxion.roundtrip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.ir.roundtrip.RoundTrip;
import dev.fluxion.ir.roundtrip.RoundTrip.LeftMethod;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The JDK's own classes, re-emitted, take the place of the originals in a virtual machine that
 * verifies them, and a program that uses them prints the same.
 *
 * <p>By default these are a few packages; with {@code -Dfluxion.proof=whole}, which the Maven
 * profile {@code long} sets, all of {@code java.base}.
 */
class JdkCorpusTest {
  private static final boolean WHOLE = System.getProperty("fluxion.proof", "").equals("whole");
  private static final List<String> SAMPLE =
      List.of("java/util/[^/]+", "java/math/.*", "java/text/.*", "java/lang/[A-CS][^/]+");

  @TempDir Path folder;

  @Test
  void javaBase() throws Exception {
    Path patch = folder.resolve("java.base");
    int classes = 0;
    int methods = 0;
    List<LeftMethod> left = new ArrayList<>();
    for (Path file : classFiles(WHOLE ? List.of(".*") : SAMPLE)) {
      RoundTrip trip = RoundTrip.of(Files.readAllBytes(file));
      classes++;
      methods += trip.methods();
      left.addAll(trip.left());
      Path target = patch.resolve(file.toString().substring("/modules/java.base/".length()));
      Files.createDirectories(target.getParent());
      Files.write(target, trip.classFile());
    }
    System.out.println(classes + " classes, " + methods + " methods of java.base re-emitted");
    assertEquals(List.of(), left);
    assertTrue(classes > (WHOLE ? 5000 : 300), classes + " classes");
    String expected = run(List.of());
    assertTrue(expected.lines().count() > 50, expected);
    assertEquals(
        expected,
        run(
            List.of(
                "--patch-module=java.base=" + patch,
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:+BytecodeVerificationLocal",
                "-XX:+BytecodeVerificationRemote")));
  }

  private static List<Path> classFiles(List<String> patterns) throws IOException {
    Path base = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base");
    try (Stream<Path> files = Files.walk(base)) {
      return files
          .filter(
              file -> {
                String name = base.relativize(file).toString();
                String type = name.replace(".class", "");
                return name.endsWith(".class")
                    && !name.equals("module-info.class")
                    && patterns.stream().anyMatch(type::matches);
              })
          .toList();
    }
  }

  private String run(List<String> flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(JdkExercise.class.getName());
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(300, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    String text = Files.readString(output);
    assertTrue(ended, text);
    assertEquals(0, process.exitValue(), text);
    return text;
  }
}

package dev.fluxion.examples;

import static dev.fluxion.examples.Checkout.date;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.examples.Checkout.Outcome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How the launcher compiles and runs programs. */
@Execution(ExecutionMode.CONCURRENT)
class LauncherTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @TempDir private Path folder;
  private Checkout checkout;

  @BeforeEach
  void layOut() throws IOException {
    checkout = Checkout.in(folder);
  }

  private List<Path> programs() throws IOException {
    try (Stream<Path> files = Files.list(checkout.file("target/launcher/programs"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void argumentsAreKeptAndNothingElseIsSaid() throws Exception {
    Files.writeString(
        checkout.work().resolve("Echo.java"),
        """
        import module fluxion;
        void main(String[] arguments) {
          for (String argument : arguments) {
            IO.println("[" + argument + "]");
          }
          IO.println(Grad.gradient(x -> x * x, 3.0));
        }
        """);
    assertEquals(
        new Outcome(0, "[a  b]\n[]\n[\"*\"]\n6.0\n", ""),
        checkout.fluxion("run", "Echo.java", "a  b", "", "\"*\""));
  }

  @Test
  void aProgramIsCompiledOnceForItsText() throws Exception {
    Path program = checkout.work().resolve("Twice.java");
    Files.writeString(program, "void main() { IO.println(1); }");
    assertEquals("1\n", checkout.fluxion("run", "Twice.java").out());
    List<Path> compiled = programs();
    assertEquals(1, compiled.size());
    Path classFile = compiled.getFirst().resolve("classes/Twice.class");
    Object made = Files.getAttribute(classFile, "unix:ino");
    assertEquals("1\n", checkout.fluxion("run", program.toString()).out());
    assertEquals(compiled, programs());
    assertEquals(made, Files.getAttribute(classFile, "unix:ino"));
    Files.writeString(program, "void main() { IO.println(2); }");
    assertEquals("2\n", checkout.fluxion("run", "Twice.java").out());
    assertEquals(2, programs().size());
  }

  @Test
  void whatAProgramNeedsBesideItIsCompiledToo() throws Exception {
    Files.writeString(
        checkout.work().resolve("Uses.java"), "void main() { IO.println(Used.VALUE[0]); }");
    Files.writeString(
        checkout.work().resolve("Used.java"), "class Used { static int[] VALUE = {1}; }");
    assertEquals("1\n", checkout.fluxion("run", "Uses.java").out());
    Files.writeString(
        checkout.work().resolve("Used.java"), "class Used { static int[] VALUE = {2}; }");
    assertEquals("2\n", checkout.fluxion("run", "Uses.java").out());
  }

  @Test
  void exceptionsAndExitCodesArePassedOn() throws Exception {
    Files.writeString(
        checkout.work().resolve("Throws.java"),
        """
        void main(String[] a) {
          System.err.println("x");
          if (a.length > 0) System.exit(7);
          throw new RuntimeException("boom");
        }""");
    Outcome thrown = checkout.fluxion("run", "Throws.java");
    assertEquals(1, thrown.code());
    assertEquals(
        """
        x
        Exception in thread "main" java.lang.RuntimeException: boom
        \tat Throws.main(Throws.java:4)
        """,
        thrown.err());
    assertEquals(new Outcome(7, "", "x\n"), checkout.fluxion("run", "Throws.java", "exit"));
  }

  @Test
  void whatDoesNotCompileIsSaidAndLeavesNothing() throws Exception {
    Files.writeString(checkout.work().resolve("Wrong.java"), "void main() { undefined(); }");
    Outcome outcome = checkout.fluxion("run", "Wrong.java");
    assertEquals(1, outcome.code());
    assertTrue(outcome.err().contains("Wrong.java:1: error: cannot find symbol"), outcome.err());
    assertEquals(List.of(), programs());
  }

  @Test
  void programsInPackagesAndScriptsRun() throws Exception {
    Path folder = Files.createDirectories(checkout.work().resolve("a/b"));
    Files.writeString(
        folder.resolve("Packaged.java"),
        "package a.b;\nclass Packaged { static void main() { IO.println(\"packaged\"); } }");
    assertEquals(new Outcome(0, "packaged\n", ""), checkout.fluxion("run", "a/b/Packaged.java"));
    Files.writeString(
        checkout.work().resolve("script"),
        "#!/usr/bin/env -S fluxion run\nimport module fluxion;\n"
            + "void main() { IO.println(Grad.gradient(x -> 5 * x, 1.0)); }");
    assertEquals(new Outcome(0, "5.0\n", ""), checkout.fluxion("run", "script"));
  }

  @Test
  void itRunsThroughLinksAndWithOptionsOfTheJvm() throws Exception {
    Files.createSymbolicLink(
        checkout.work().resolve("relative"), Path.of("../check out/bin/fluxion"));
    Files.createSymbolicLink(checkout.work().resolve("link"), checkout.work().resolve("relative"));
    Files.writeString(
        checkout.work().resolve("Memory.java"),
        "void main() { IO.println(Runtime.getRuntime().maxMemory() >> 20); }");
    Path link = checkout.work().resolve("link");
    Outcome outcome =
        checkout.launch(
            JDK, checkout.work(), link, "run", "-XX:+UseParallelGC", "-Xmx64m", "Memory.java");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(Integer.parseInt(outcome.out().strip()) <= 64, outcome.out());
  }

  @Test
  void whereNoCacheOfClassesCanBeMadeProgramsRunWithoutAWord() throws Exception {
    Path folder =
        Files.createDirectories(checkout.work().resolve("folder")); // the JVM makes none of these
    Files.createFile(folder.resolve("file"));
    date(folder, 0);
    Path path = checkout.target("fluxion", "runtime.path");
    Files.writeString(path, folder + File.pathSeparator + Files.readString(path));
    date(path, 12);
    Files.writeString(checkout.file("target/launcher/fluxion.id"), "0  -\n"); // nor sums
    Files.delete(checkout.cache());
    Files.writeString(checkout.work().resolve("One.java"), "void main() { IO.println(1); }");
    assertEquals(new Outcome(0, "1\n", ""), checkout.fluxion("run", "One.java"));
    assertEquals(0, Files.size(checkout.cache()));
    Files.writeString(checkout.cache(), "not a cache");
    assertEquals(new Outcome(0, "1\n", ""), checkout.fluxion("run", "One.java"));
  }

  @Test
  void wrongCommandsAreExplained() throws Exception {
    assertTrue(checkout.fluxion("help").out().contains("run [JVM OPTIONS] FILE.java"));
    Outcome unknown = checkout.fluxion("train");
    assertEquals(2, unknown.code());
    assertTrue(unknown.err().startsWith("fluxion: there is no command train\nusage:"));
    Outcome missing = checkout.fluxion("run", "None.java");
    assertEquals(new Outcome(1, "", "fluxion: there is no file None.java\n"), missing);
  }
}

package dev.fluxion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher, in a checkout that looks as if it had been built, but whose class path is that of
 * this test: nothing is built here.
 */
class LauncherTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path temporary;
  private Path checkout;
  private Path work;

  private record Outcome(int code, String out, String err) {}

  @BeforeEach
  void layOut() throws IOException {
    checkout = temporary.toRealPath().resolve("check out");
    work = Files.createDirectories(temporary.toRealPath().resolve("my work"));
    Path target = Files.createDirectories(checkout.resolve("fluxion/target"));
    Path state = Files.createDirectories(checkout.resolve("target/launcher"));
    Files.createDirectories(checkout.resolve("fluxion/src/main"));
    Files.createDirectories(checkout.resolve("bin"));
    Files.copy(ROOT.resolve("bin/fluxion"), checkout.resolve("bin/fluxion"));
    for (String file : List.of("pom.xml", "fluxion/pom.xml")) {
      Files.createFile(checkout.resolve(file));
    }
    jar(ROOT.resolve("fluxion/target/classes"), target.resolve("fluxion-1.0.jar"));
    Stream<String> modules =
        Stream.of("fluxion-nn", "fluxion-tensor", "fluxion-grad", "fluxion-ir")
            .map(module -> ROOT.resolve(module).resolve("target/classes").toString());
    String tests =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Stream<String> libraries =
        Stream.of(tests.split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar") && !entry.startsWith(ROOT.toString()));
    Files.writeString(
        target.resolve("runtime.path"),
        Stream.concat(modules, libraries).collect(Collectors.joining(File.pathSeparator)));
    Files.writeString(state.resolve("fluxion.built.id"), "0  -\n");
    Files.createFile(state.resolve("fluxion.built"));
    Files.createFile(cache()); // as if making it had failed: it takes a while
  }

  private Path cache() {
    String version = System.getProperty("java.version");
    return checkout.resolve("target/launcher/fluxion-" + version + ".aot");
  }

  private static void jar(Path classes, Path file) throws IOException {
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file));
        Stream<Path> files = Files.walk(classes)) {
      for (Path entry : files.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new ZipEntry(classes.relativize(entry).toString()));
        jar.write(Files.readAllBytes(entry));
      }
    }
  }

  private Outcome launch(Path launcher, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(temporary, "out", "");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(work.toFile()).redirectOutput(out.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("FLUXION_PROGRAMS");
    builder.environment().remove("FLUXION_JAVA_OPTIONS");
    Process process = builder.start();
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), Files.readString(out), errors);
  }

  private Outcome fluxion(String... arguments) throws Exception {
    return launch(checkout.resolve("bin/fluxion"), arguments);
  }

  private List<Path> programs() throws IOException {
    try (Stream<Path> files = Files.list(checkout.resolve("target/launcher/programs"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void argumentsAreKeptAndNothingElseIsSaid() throws Exception {
    Files.writeString(
        work.resolve("Echo.java"),
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
        fluxion("run", "Echo.java", "a  b", "", "\"*\""));
  }

  @Test
  void aProgramIsCompiledOnceForItsText() throws Exception {
    Path program = work.resolve("Twice.java");
    Files.writeString(program, "void main() { IO.println(1); }");
    assertEquals("1\n", fluxion("run", "Twice.java").out());
    List<Path> compiled = programs();
    assertEquals(1, compiled.size());
    Path classFile = compiled.getFirst().resolve("classes/Twice.class");
    Object made = Files.getAttribute(classFile, "unix:ino");
    assertEquals("1\n", fluxion("run", program.toString()).out());
    assertEquals(compiled, programs());
    assertEquals(made, Files.getAttribute(classFile, "unix:ino"));
    Files.writeString(program, "void main() { IO.println(2); }");
    assertEquals("2\n", fluxion("run", "Twice.java").out());
    assertEquals(2, programs().size());
  }

  @Test
  void whatAProgramNeedsBesideItIsCompiledToo() throws Exception {
    Files.writeString(work.resolve("Uses.java"), "void main() { IO.println(Used.VALUE[0]); }");
    Files.writeString(work.resolve("Used.java"), "class Used { static int[] VALUE = {1}; }");
    assertEquals("1\n", fluxion("run", "Uses.java").out());
    Files.writeString(work.resolve("Used.java"), "class Used { static int[] VALUE = {2}; }");
    assertEquals("2\n", fluxion("run", "Uses.java").out());
  }

  @Test
  void exceptionsAndExitCodesArePassedOn() throws Exception {
    Files.writeString(
        work.resolve("Throws.java"),
        """
        void main(String[] a) {
          System.err.println("x");
          if (a.length > 0) System.exit(7);
          throw new RuntimeException("boom");
        }""");
    Outcome thrown = fluxion("run", "Throws.java");
    assertEquals(1, thrown.code());
    assertEquals(
        """
        x
        Exception in thread "main" java.lang.RuntimeException: boom
        \tat Throws.main(Throws.java:4)
        """,
        thrown.err());
    assertEquals(new Outcome(7, "", "x\n"), fluxion("run", "Throws.java", "exit"));
  }

  @Test
  void whatDoesNotCompileIsSaidAndLeavesNothing() throws Exception {
    Files.writeString(work.resolve("Wrong.java"), "void main() { undefined(); }");
    Outcome outcome = fluxion("run", "Wrong.java");
    assertEquals(1, outcome.code());
    assertTrue(outcome.err().contains("Wrong.java:1: error: cannot find symbol"), outcome.err());
    assertEquals(List.of(), programs());
  }

  @Test
  void programsInPackagesAndScriptsRun() throws Exception {
    Path folder = Files.createDirectories(work.resolve("a/b"));
    Files.writeString(
        folder.resolve("Packaged.java"),
        "package a.b;\nclass Packaged { static void main() { IO.println(\"packaged\"); } }");
    assertEquals(new Outcome(0, "packaged\n", ""), fluxion("run", "a/b/Packaged.java"));
    Files.writeString(
        work.resolve("script"),
        "#!/usr/bin/env -S fluxion run\nimport module fluxion;\n"
            + "void main() { IO.println(Grad.gradient(x -> 5 * x, 1.0)); }");
    assertEquals(new Outcome(0, "5.0\n", ""), fluxion("run", "script"));
  }

  @Test
  void itRunsThroughLinksAndWithOptionsOfTheJvm() throws Exception {
    Files.createSymbolicLink(work.resolve("relative"), Path.of("../check out/bin/fluxion"));
    Files.createSymbolicLink(work.resolve("link"), work.resolve("relative"));
    Files.writeString(
        work.resolve("Memory.java"),
        "void main() { IO.println(Runtime.getRuntime().maxMemory() >> 20); }");
    Outcome outcome =
        launch(work.resolve("link"), "run", "-XX:+UseParallelGC", "-Xmx64m", "Memory.java");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(Integer.parseInt(outcome.out().strip()) <= 64, outcome.out());
  }

  @Test
  void whereNoCacheOfClassesCanBeMadeProgramsRunWithoutAWord() throws Exception {
    Files.delete(cache()); // the class path has folders, of which the JVM makes none
    Files.writeString(work.resolve("One.java"), "void main() { IO.println(1); }");
    assertEquals(new Outcome(0, "1\n", ""), fluxion("run", "One.java"));
    assertEquals(0, Files.size(cache()));
    Files.writeString(cache(), "not a cache");
    assertEquals(new Outcome(0, "1\n", ""), fluxion("run", "One.java"));
  }

  @Test
  void wrongCommandsAreExplained() throws Exception {
    assertTrue(fluxion("help").out().contains("run [JVM OPTIONS] FILE.java"));
    Outcome unknown = fluxion("train");
    assertEquals(2, unknown.code());
    assertTrue(unknown.err().startsWith("fluxion: there is no command train\nusage:"));
    Outcome missing = fluxion("run", "None.java");
    assertEquals(new Outcome(1, "", "fluxion: there is no file None.java\n"), missing);
  }
}

package dev.fluxion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The launcher, in a checkout that looks as if Maven had built it long ago, of the modules that
 * this test sees: nothing is built here, and the Maven that is found only says that it was asked.
 */
@Execution(ExecutionMode.CONCURRENT)
class LauncherTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> MODULES =
      List.of("fluxion", "fluxion-nn", "fluxion-tensor", "fluxion-grad", "fluxion-ir");
  private static final Instant BEGUN = Instant.parse("2001-02-03T04:05:06.789Z");

  @TempDir private static Path jars;
  @TempDir private Path temporary;
  private Path checkout;
  private Path work;

  private record Outcome(int code, String out, String err) {}

  @BeforeAll
  static void makeJars() throws IOException {
    for (String module : MODULES) {
      jar(ROOT.resolve(module).resolve("target/classes"), jars.resolve(module));
    }
  }

  @BeforeEach
  void layOut() throws IOException {
    checkout = temporary.toRealPath().resolve("check out");
    work = Files.createDirectories(temporary.toRealPath().resolve("my work"));
    Files.createDirectories(checkout.resolve("target/launcher"));
    Files.createDirectories(checkout.resolve("bin"));
    Files.copy(ROOT.resolve("bin/fluxion"), checkout.resolve("bin/fluxion"));
    Files.createFile(checkout.resolve("pom.xml"));
    for (String module : MODULES) {
      Path target = Files.createDirectories(checkout.resolve(module).resolve("target"));
      Path sources = Files.createDirectories(checkout.resolve(module).resolve("src/main"));
      Files.createFile(sources.resolve("Source.java"));
      Files.createFile(checkout.resolve(module).resolve("pom.xml"));
      Files.writeString(target.resolve("build.begun"), BEGUN + "\n");
      Files.copy(jars.resolve(module), target.resolve(module + "-1.0.jar"));
      Files.createFile(target.resolve("runtime.path"));
    }
    Stream<String> modules =
        MODULES.stream().skip(1).map(module -> target(module, module + "-1.0.jar").toString());
    String tests =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Stream<String> libraries =
        Stream.of(tests.split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar") && !entry.startsWith(ROOT.toString()));
    Files.writeString(
        target("fluxion", "runtime.path"),
        Stream.concat(modules, libraries).collect(Collectors.joining(File.pathSeparator)));
    try (Stream<Path> files = Files.walk(checkout)) {
      for (Path file : files.toList()) {
        date(file, -60);
      }
    }
    for (String module : MODULES) {
      date(target(module, "build.begun"), 10);
      date(target(module, module + "-1.0.jar"), 11);
      date(target(module, "runtime.path"), 12);
    }
    Files.createFile(cache()); // as if making it had failed: it takes a while
  }

  private Path target(String module, String file) {
    return checkout.resolve(module).resolve("target").resolve(file);
  }

  /** Has a file be of a time after that at which the build began. */
  private static void date(Path file, int seconds) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(BEGUN.plusSeconds(seconds)));
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

  private Outcome launch(Path java, Path launcher, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(temporary, "out", "");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(work.toFile()).redirectOutput(out.toFile());
    builder.environment().put("JAVA_HOME", java.toString());
    String maven = script("maven/mvn", "echo \"mvn $*\"; exit 1").getParent().toString();
    builder.environment().merge("PATH", maven, (path, first) -> first + File.pathSeparator + path);
    builder.environment().remove("FLUXION_PROGRAMS");
    builder.environment().remove("FLUXION_JAVA_OPTIONS");
    Process process = builder.start();
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), Files.readString(out), errors);
  }

  private Outcome launch(Path launcher, String... arguments) throws Exception {
    return launch(Path.of(System.getProperty("java.home")), launcher, arguments);
  }

  /** A command that does what is said instead of what it is called for. */
  private Path script(String name, String text) throws IOException {
    Path file = temporary.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
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
    Path folder = Files.createDirectories(work.resolve("folder")); // the JVM makes none of these
    Files.createFile(folder.resolve("file"));
    date(folder, 0);
    Path path = target("fluxion", "runtime.path");
    Files.writeString(path, folder + File.pathSeparator + Files.readString(path));
    date(path, 12);
    Files.writeString(checkout.resolve("target/launcher/fluxion.id"), "0  -\n"); // nor sums
    Files.delete(cache());
    Files.writeString(work.resolve("One.java"), "void main() { IO.println(1); }");
    assertEquals(new Outcome(0, "1\n", ""), fluxion("run", "One.java"));
    assertEquals(0, Files.size(cache()));
    Files.writeString(cache(), "not a cache");
    assertEquals(new Outcome(0, "1\n", ""), fluxion("run", "One.java"));
  }

  private void assertBuilds(boolean expected, String why) throws Exception {
    Path java = temporary.resolve("java");
    script("java/bin/javac", "exit 1");
    script("java/bin/java", "echo ran");
    String version = System.getProperty("java.version");
    Files.writeString(java.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
    Path program = script("program", "");
    Outcome outcome = launch(java, checkout.resolve("bin/fluxion"), "run", program.toString());
    Outcome failed =
        new Outcome(
            1,
            "",
            """
            building Fluxion …
            mvn -B -q -ntp -Dstyle.color=never -Dmaven.test.skip=true -pl fluxion -am package
            fluxion: the build failed, as Maven says above
            """);
    assertEquals(expected ? failed : new Outcome(0, "ran\n", ""), outcome, why);
  }

  @Test
  void whatMavenBuiltIsTaken() throws Exception {
    assertBuilds(false, "as it was laid out");
    date(checkout.resolve("fluxion-ir/src/main/Source.java"), 0);
    Path other = Files.createDirectories(checkout.resolve("fluxion-roundtrip/src/main"));
    Files.createFile(other.resolve("Source.java"));
    assertBuilds(false, "a module changed that is not on the class path");
    Files.writeString(target("fluxion-ir", "build.begun"), BEGUN.plusSeconds(20) + "\n");
    date(target("fluxion-ir", "build.begun"), 30);
    date(target("fluxion-ir", "fluxion-ir-1.0.jar"), 30);
    date(target("fluxion-ir", "runtime.path"), 30);
    assertBuilds(false, "a module was built alone, of the same sources");
    date(checkout.resolve("fluxion-ir/src/main/Source.java"), 15);
    assertBuilds(true, "and of others than those that the rest was compiled with");
  }

  @Test
  void whatChangesAfterABuildBeganIsBuiltAgain() throws Exception {
    for (String file :
        List.of(
            "pom.xml", "fluxion/pom.xml", "fluxion-ir/src/main/Source.java", "fluxion/src/main")) {
      date(checkout.resolve(file), 1); // which is before the jars were made
      assertBuilds(true, file);
      date(checkout.resolve(file), -1);
      assertBuilds(false, file + " as it was");
    }
  }

  @Test
  void anInterruptedBuildDoesNotCount() throws Exception {
    for (String module : List.of("fluxion", "fluxion-grad")) {
      Path jar = target(module, module + "-1.0.jar");
      date(target(module, "build.begun"), 30);
      assertBuilds(true, module + " had no new jar yet");
      date(jar, 31);
      assertBuilds(true, module + " had a jar that was maybe being written");
      date(target(module, "runtime.path"), 32);
      assertBuilds(false, module + " came to the end");
      for (Path file : List.of(jar, target(module, "build.begun"))) {
        Path aside = Files.move(file, work.resolve("aside"));
        assertBuilds(true, file + " is missing");
        Files.move(aside, file);
      }
    }
    Files.delete(target("fluxion", "runtime.path"));
    assertBuilds(true, "no class path");
  }

  @Test
  void partsOfAnotherCheckoutDoNotCount() throws Exception {
    Path path = target("fluxion", "runtime.path");
    Path installed = Files.copy(jars.resolve("fluxion-ir"), work.resolve("fluxion-ir-1.0.jar"));
    Path own = target("fluxion-ir", "fluxion-ir-1.0.jar");
    String changed = Files.readString(path).replace(own.toString(), installed.toString());
    Files.writeString(path, changed);
    assertBuilds(true, "what Maven installed is of sources that nobody knows");
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

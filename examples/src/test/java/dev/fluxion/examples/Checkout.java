package dev.fluxion.examples;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * A checkout that looks as if Maven had built it long ago, of the modules that the tests see: with
 * it the launcher has nothing to build, and the Maven that it finds is a script.
 */
final class Checkout {
  /** What a run of the launcher came to. */
  record Outcome(int code, String out, String err) {}

  /** The checkout that these tests are part of. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** When the build began that there seems to have been. */
  static final Instant BEGUN = Instant.parse("2001-02-03T04:05:06.789Z");

  private static final List<String> MODULES =
      List.of("fluxion", "fluxion-nn", "fluxion-tensor", "fluxion-grad", "fluxion-ir");

  private static final Map<String, byte[]> JARS = new ConcurrentHashMap<>();

  private final Path folder;
  private final Path root;
  private final Path work;

  private Checkout(Path folder) throws IOException {
    this.folder = folder.toRealPath();
    this.root = this.folder.resolve("check out");
    this.work = Files.createDirectories(this.folder.resolve("my work"));
  }

  /** A checkout in an empty folder. */
  static Checkout in(Path folder) throws IOException {
    Checkout checkout = new Checkout(folder);
    checkout.layOut();
    return checkout;
  }

  private void layOut() throws IOException {
    Files.createDirectories(root.resolve("target/launcher"));
    Files.createDirectories(root.resolve("bin"));
    Files.copy(ROOT.resolve("bin/fluxion"), root.resolve("bin/fluxion"));
    Files.copy(ROOT.resolve("pom.xml"), root.resolve("pom.xml"));
    for (String module : MODULES) {
      Path target = Files.createDirectories(root.resolve(module).resolve("target"));
      Path sources = Files.createDirectories(root.resolve(module).resolve("src/main"));
      Files.createFile(sources.resolve("Source.java"));
      Files.createFile(root.resolve(module).resolve("pom.xml"));
      Files.writeString(target.resolve("build.begun"), BEGUN + "\n");
      Files.write(jar(module), JARS.computeIfAbsent(module, Checkout::packed));
      Files.createFile(target.resolve("runtime.path"));
    }
    Stream<String> modules = MODULES.stream().skip(1).map(module -> jar(module).toString());
    Files.writeString(
        target("fluxion", "runtime.path"),
        Stream.concat(modules, libraries()).collect(Collectors.joining(File.pathSeparator)));
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        date(file, -60);
      }
    }
    for (String module : MODULES) {
      date(target(module, "build.begun"), 10);
      date(jar(module), 11);
      date(target(module, "runtime.path"), 12);
    }
    Files.createFile(cache()); // as if making it had failed: it takes a while
  }

  private static byte[] packed(String module) {
    Path classes = ROOT.resolve(module).resolve("target/classes");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes);
        Stream<Path> files = Files.walk(classes)) {
      for (Path entry : files.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new ZipEntry(classes.relativize(entry).toString()));
        jar.write(Files.readAllBytes(entry));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The jars that these tests run on, but for those of Fluxion. */
  static Stream<String> libraries() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Stream.of(path.split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar") && !entry.startsWith(ROOT.toString()));
  }

  /** The folder in which the launcher is called. */
  Path work() {
    return work;
  }

  Path launcher() {
    return root.resolve("bin/fluxion");
  }

  Path file(String name) {
    return root.resolve(name);
  }

  Path jar(String module) {
    return target(module, module + "-1.0.jar");
  }

  /** A file among what was built of a module. */
  Path target(String module, String file) {
    return root.resolve(module).resolve("target").resolve(file);
  }

  /** The cache of classes. */
  Path cache() {
    String version = System.getProperty("java.version");
    return root.resolve("target/launcher/fluxion-" + version + ".aot");
  }

  /** Has a file be of a time after that at which the build began. */
  static void date(Path file, int seconds) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(BEGUN.plusSeconds(seconds)));
  }

  /** A command in a folder, that does what is said instead of what it is called for. */
  static Path script(Path in, String name, String text) throws IOException {
    Path file = Files.createDirectories(in).resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  /** The folder of a Maven that says what it was asked for and then does what a shell is told. */
  Path maven(String text) throws IOException {
    Path maven = folder.resolve("maven");
    script(maven, "mvn", "echo \"mvn $*\"\n" + text);
    return maven;
  }

  /** A JDK that compiles nothing, and says that it ran whatever it is asked to run. */
  Path idleJdk() throws IOException {
    Path jdk = folder.resolve("jdk");
    script(jdk.resolve("bin"), "javac", "exit 1");
    script(jdk.resolve("bin"), "java", "echo ran");
    String version = System.getProperty("java.version");
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
    return jdk;
  }

  /** Runs the launcher with this JVM's JDK and a Maven that fails. */
  Outcome fluxion(String... arguments) throws IOException, InterruptedException {
    return launch(Path.of(System.getProperty("java.home")), maven("exit 1"), launcher(), arguments);
  }

  /** Runs the launcher with a JDK and what is in a folder, as Maven. */
  Outcome launch(Path jdk, Path commands, Path launcher, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(folder, "out", "");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(work.toFile()).redirectOutput(out.toFile());
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder
        .environment()
        .merge("PATH", commands.toString(), (path, first) -> first + File.pathSeparator + path);
    builder.environment().remove("FLUXION_PROGRAMS");
    builder.environment().remove("FLUXION_JAVA_OPTIONS");
    Process process = builder.start();
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), Files.readString(out), errors);
  }
}

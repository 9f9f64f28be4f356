package dev.fluxion.roundtrip;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs tests in a virtual machine of their own, in an empty working directory. */
final class TestProcess {
  private final Path folder;
  private final List<String> flags;
  private final Duration limit;

  /**
   * Virtual machines for tests.
   *
   * @param folder where results, output and working directories go
   * @param flags of the virtual machine
   * @param limit after which it is stopped
   */
  TestProcess(Path folder, List<String> flags, Duration limit) {
    this.folder = folder;
    this.flags = flags;
    this.limit = limit;
  }

  /**
   * The results of the tests whose class names match one of the patterns.
   *
   * @param name of the run, for its files
   */
  TestResults run(String name, List<Path> classPath, List<Path> tests, List<String> patterns)
      throws IOException, InterruptedException {
    Path results = folder.resolve(name + "-results.txt");
    Path output = folder.resolve(name + "-output.txt");
    Path filters = Files.write(folder.resolve(name + "-classes.txt"), patterns);
    Path workingDirectory = Files.createDirectories(folder.resolve(name + "-work"));
    Path temporary = Files.createDirectories(workingDirectory.resolve("tmp"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-ea");
    command.add("-Djava.awt.headless=true");
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(flags);
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList()));
    command.add(TestRunner.class.getName());
    command.add(results.toString());
    command.add(filters.toString());
    tests.forEach(jar -> command.add(jar.toString()));
    Process process =
        new ProcessBuilder(command)
            .directory(workingDirectory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(nothing(folder)))
            .start();
    String ending;
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        ending = "the virtual machine ended with status " + process.exitValue();
      } else {
        ending = "the virtual machine was stopped after " + limit.toSeconds() + " seconds";
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    delete(workingDirectory);
    TestResults found = TestResults.read(results, ending);
    return found.trouble().isEmpty()
        ? found
        : new TestResults(
            found.outcomes(), found.trouble().map(text -> text + "; it printed\n" + tail(output)));
  }

  private static File nothing(Path folder) throws IOException {
    Path empty = folder.resolve("nothing");
    return (Files.exists(empty) ? empty : Files.createFile(empty)).toFile();
  }

  private static String tail(Path output) {
    try {
      List<String> lines =
          new String(Files.readAllBytes(output), StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    } catch (IOException e) {
      return "(its output cannot be read: " + e.getMessage() + ")";
    }
  }

  /** Deletes a folder and all in it. */
  static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

package dev.fluxion.roundtrip;

import dev.fluxion.roundtrip.LibraryTrial.Limits;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs tests in virtual machines of their own, in a working directory that has the files of the
 * tests and no others.
 *
 * <p>A test may end its virtual machine, crash it or hang. That counts as its failure, and the test
 * classes that have not been begun are run in another one.
 */
final class TestProcess {
  private static final int MAX_MACHINES = 50;
  private static final int TAIL_BYTES = 1 << 16;
  private static final int TAIL_LINES = 15;

  /** The platform's packages, which most builds of libraries open to their tests. */
  private static final List<String> OPENED =
      Object.class.getModule().getPackages().stream()
          .filter(name -> name.startsWith("java."))
          .sorted()
          .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED")
          .toList();

  private final Path folder;
  private final List<String> flags;
  private final Limits limits;

  /**
   * Virtual machines for tests.
   *
   * @param folder where results, output and the working directory go
   * @param flags of the virtual machines
   */
  TestProcess(Path folder, List<String> flags, Limits limits) {
    this.folder = folder;
    this.flags = flags;
    this.limits = limits;
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
    Path begun = folder.resolve(name + "-begun.txt");
    Files.deleteIfExists(results);
    Files.deleteIfExists(output);
    long deadline = System.nanoTime() + limits.all().toNanos();
    Set<String> known = Set.of();
    for (int machine = 1; ; machine++) {
      Files.write(begun, known);
      // the same for all runs, for tests may be named after files in it
      Path workingDirectory = Files.createDirectories(folder.resolve("work"));
      TestResources.unpack(tests, workingDirectory);
      List<String> command = command(classPath, workingDirectory);
      command.addAll(List.of(results.toString(), filters.toString(), begun.toString()));
      tests.forEach(jar -> command.add(jar.toString()));
      String ending = run(command, workingDirectory, results, output, deadline);
      delete(workingDirectory);
      TestResults found = TestResults.read(results, ending);
      String trouble = found.trouble().orElse(null);
      if (trouble == null) {
        return found;
      }
      Set<String> now = TestResults.begun(results);
      boolean isProgress = now.size() > known.size() && machine < MAX_MACHINES;
      if (!isProgress || System.nanoTime() > deadline) {
        return found.withTrouble(trouble + "; it printed\n" + tail(output));
      }
      TestResults.end(results, ending);
      known = now;
    }
  }

  private List<String> command(List<Path> classPath, Path workingDirectory) throws IOException {
    Path temporary = Files.createDirectories(workingDirectory.resolve("tmp"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-ea");
    command.add("-Djava.awt.headless=true");
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-Dbasedir=" + workingDirectory); // as Maven tells the tests that it runs
    command.add("-Dnet.bytebuddy.experimental=true"); // else older ones of Mockito refuse new JDKs
    command.add("-Dtests.seed=F1A1"); // else each run of randomized tests has tests of other names
    command.addAll(OPENED);
    command.addAll(flags);
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList()));
    command.add(TestRunner.class.getName());
    return command;
  }

  /** Runs one virtual machine; says how it ended, in prose. */
  private String run(
      List<String> command, Path workingDirectory, Path results, Path output, long deadline)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(workingDirectory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .redirectInput(ProcessBuilder.Redirect.from(nothing(folder)))
            .start();
    try {
      long before = size(results);
      long length = before;
      long since = System.nanoTime();
      while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
        long now = System.nanoTime();
        long written = size(results);
        boolean isStarting = written <= before + TestRunner.BEGIN.length() + 2;
        if (written != length || isStarting) {
          length = written;
          since = now;
        }
        if (now > deadline) {
          return "the virtual machine was stopped after " + limits.all().toSeconds() + " seconds";
        }
        if (now - since > limits.one().toNanos()) {
          return "the virtual machine was stopped, for a test took more than "
              + limits.one().toSeconds()
              + " seconds";
        }
      }
      return "the virtual machine ended with status " + process.exitValue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  private static File nothing(Path folder) throws IOException {
    Path empty = folder.resolve("nothing");
    return (Files.exists(empty) ? empty : Files.createFile(empty)).toFile();
  }

  /** The last lines of what may be much. */
  private static String tail(Path output) {
    try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
      long start = Math.max(0, file.length() - TAIL_BYTES);
      byte[] bytes = new byte[(int) (file.length() - start)];
      file.seek(start);
      file.readFully(bytes);
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(its output cannot be read: " + e.getMessage() + ")";
    }
  }

  /** Deletes a folder and all in it, as far as what tests left behind can be deleted. */
  static void delete(Path folder) {
    try {
      Files.walkFileTree(folder, new Deletion());
    } catch (IOException e) {
      // it stays, in the folder for temporary files or where the user wanted all to be kept
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      return delete(file);
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
      return delete(directory);
    }

    private static FileVisitResult delete(Path file) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // what a test made unreadable, or a process of its still writes to
      }
      return FileVisitResult.CONTINUE;
    }
  }
}

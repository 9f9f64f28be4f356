package dev.fluxion.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The examples run, say what they should, and are short. */
@Execution(ExecutionMode.CONCURRENT)
class ExamplesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private record Result(int status, String output, String errors) {}

  private static Result start(String example, String... arguments)
      throws IOException, InterruptedException {
    Path file = ROOT.resolve("examples").resolve(example);
    assertTrue(Files.readAllLines(file).size() <= 80, example + " is longer than 80 lines");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-p",
            path(entry -> !isLibrary(entry)),
            "-cp",
            path(ExamplesTest::isLibrary),
            "--add-modules",
            "fluxion",
            file.toString());
    builder.command().addAll(List.of(arguments));
    Path errors = Files.createTempFile("example", ".txt");
    try {
      Process process = builder.redirectError(errors.toFile()).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output, Files.readString(errors));
    } finally {
      Files.delete(errors);
    }
  }

  /** Part of what these tests themselves run on, but for tests. */
  private static String path(Predicate<String> wanted) {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes") && wanted.test(entry))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Whether a jar is one that examples ask for in a line "//DEPS", and Fluxion does not need. */
  private static boolean isLibrary(String entry) {
    return entry.contains("hipparchus");
  }

  private static String run(String example, String... arguments) throws Exception {
    Result result = start(example, arguments);
    assertEquals(0, result.status(), result.output() + result.errors());
    return result.output();
  }

  private static double accuracy(String output) {
    Matcher accuracy = Pattern.compile("\ntest accuracy ([01]\\.\\d{4})\\s*$").matcher(output);
    assertTrue(accuracy.find(), output);
    return Double.parseDouble(accuracy.group(1));
  }

  @Test
  @Timeout(180)
  void digitsAreRecognised() throws Exception {
    String output = run("Digits.java");
    assertTrue(accuracy(output) >= 0.97, output);
    assertTrue(output.chars().allMatch(c -> c >= ' ' || c == '\n' || c == '\r'), output);
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void mnistIsRecognised() throws Exception {
    String given = System.getProperty("fluxion.mnist");
    Path folder = given == null ? ROOT.resolveSibling("shared/data/mnist") : Path.of(given);
    assumeTrue(
        given != null || Files.isDirectory(folder),
        "MNIST is not here; -Dfluxion.mnist=DIR says where it is");
    String output = run("Mnist.java", folder.toString());
    assertTrue(accuracy(output) >= 0.985, output);
  }

  @Test
  @Timeout(180)
  void imagesLikeMnistAreRecognised(@TempDir Path folder) throws Exception {
    Random random = new Random(1);
    writeSquares(folder, "train", 1280, random);
    writeSquares(folder, "t10k", 100, random);
    String output = run("Mnist.java", folder.toString());
    assertEquals(4, output.lines().count(), output);
    assertTrue(accuracy(output) >= 0.9, output);
  }

  /** Images of faint noise with a bright square, whose place is what the label says. */
  private static void writeSquares(Path folder, String name, int count, Random random)
      throws IOException {
    byte[] pixels = new byte[count * 28 * 28];
    byte[] labels = new byte[count];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(32);
    }
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) random.nextInt(10);
      int corner = i * 28 * 28 + labels[i] / 4 * 9 * 28 + labels[i] % 4 * 7;
      for (int row = 0; row < 7; row++) {
        int from = corner + row * 28;
        Arrays.fill(pixels, from, from + 7, (byte) 255);
      }
    }
    write(folder.resolve(name + "-images-idx3-ubyte.gz"), pixels, count, 28, 28);
    write(folder.resolve(name + "-labels-idx1-ubyte.gz"), labels, count);
  }

  private static void write(Path file, byte[] bytes, int... shape) throws IOException {
    try (OutputStream to = Files.newOutputStream(file);
        DataOutputStream out = new DataOutputStream(new GZIPOutputStream(to))) {
      out.writeInt(0x0800 | shape.length);
      for (int size : shape) {
        out.writeInt(size);
      }
      out.write(bytes);
    }
  }

  @Test
  void missingImagesAreAskedForInOneLine(@TempDir Path folder) throws Exception {
    Result result = start("Mnist.java", folder.resolve("none").toString());
    assertEquals(1, result.status(), result.errors());
    assertEquals("", result.output());
    assertFalse(result.errors().contains("\tat "), result.errors());
    String last = result.errors().lines().reduce("", (before, line) -> line);
    assertTrue(
        last.startsWith("Mnist: " + folder.resolve("none").resolve("train-images-idx3-ubyte")),
        result.errors());
    assertTrue(last.contains("t10k-labels-idx1-ubyte.gz"), last);
  }

  @Test
  void derivativesEqualTheirClosedForms() throws Exception {
    for (String line : run("Derivatives.java").lines().toList()) {
      String[] words = line.split("\\s+", -1);
      assertEquals(Double.parseDouble(words[4]), Double.parseDouble(words[1]), 1e-9, line);
    }
  }

  @Test
  void theProjectileHits() throws Exception {
    String output = run("Projectile.java");
    Matcher lands = Pattern.compile("lands at ([0-9.]+) m of 40").matcher(output);
    assertTrue(lands.find(), output);
    assertEquals(40, Double.parseDouble(lands.group(1)), 1e-3);
  }

  /** The numbers of a line, in order. */
  private static double[] numbers(String line) {
    return Pattern.compile("-?\\d+\\.\\d+(?:e[-+]\\d+)?")
        .matcher(line)
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group()))
        .toArray();
  }

  @Test
  void theGreeksAreThoseOfTheTextbooks() throws Exception {
    List<String> lines = run("Greeks.java").lines().toList();
    assertEquals(7, lines.size());
    for (int i = 0; i < 6; i += 2) {
      double[] ours = numbers(lines.get(i));
      double[] known = numbers(lines.get(i + 1));
      assertEquals(6, known.length);
      for (int k = 0; k < 6; k++) {
        assertEquals(known[k], ours[k], 2e-3 * Math.max(1, Math.abs(known[k])), lines.get(i));
      }
    }
    double[] american = numbers(lines.get(6));
    double[] european = numbers(lines.get(2));
    assertTrue(american[0] > european[0] && american[1] < european[1], lines.get(6));
  }

  @Test
  void samplesFollowThePosterior() throws Exception {
    List<String> lines = run("Hamiltonian.java").lines().toList();
    assertEquals(2, lines.size());
    for (String line : lines) {
      double[] found = numbers(line);
      assertEquals(found[1], found[0], 0.005, line);
      assertEquals(found[3], found[2], 0.005, line);
    }
  }

  @Test
  void sensitivitiesAreThoseOfTheVariationalEquations() throws Exception {
    List<String> lines = run("Trajectory.java").lines().toList();
    assertEquals(6, lines.size());
    for (String line : lines) {
      double[] found = numbers(line);
      assertEquals(found[1], found[0], 2e-8, line);
    }
  }

  @Test
  void heatAfterTenThousandStepsHasItsGradient() throws Exception {
    List<String> lines = run("Heat.java").lines().toList();
    assertEquals(3, lines.size());
    for (String line : lines) {
      double[] found = numbers(line);
      assertEquals(found[1], found[0], 1e-4, line);
    }
  }

  @Test
  void theFitIsTheCertifiedOne() throws Exception {
    List<String> lines = run("Fit.java").lines().toList();
    for (String line : lines.subList(0, 2)) {
      double[] found = numbers(line);
      assertEquals(found[1], found[0], 1e-9 * found[1], line);
    }
  }

  @Test
  void decompositionsHaveTheirClosedForms() throws Exception {
    Matcher off = Pattern.compile("off by (\\S+)").matcher(run("Matrices.java"));
    for (int i = 0; i < 2; i++) {
      assertTrue(off.find());
      assertEquals(0, Double.parseDouble(off.group(1)), 1e-14);
    }
  }
}

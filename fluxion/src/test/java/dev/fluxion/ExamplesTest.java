package dev.fluxion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples run, say what they should, and are short. */
class ExamplesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static String run(String example) throws IOException, InterruptedException {
    StringBuilder path = new StringBuilder();
    for (String module :
        List.of("fluxion-ir", "fluxion-grad", "fluxion-tensor", "fluxion-nn", "fluxion")) {
      path.append(ROOT.resolve(module).resolve("target/classes")).append(File.pathSeparator);
    }
    Path file = ROOT.resolve("examples").resolve(example);
    assertTrue(Files.readAllLines(file).size() <= 40, example + " is longer than 40 lines");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-p",
                path.toString(),
                "--add-modules",
                "fluxion",
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  @Test
  void digitsAreRecognised() throws Exception {
    String output = run("Digits.java");
    Matcher accuracy = Pattern.compile("test accuracy (0\\.\\d+)\\s*$").matcher(output);
    assertTrue(accuracy.find(), output);
    assertTrue(Double.parseDouble(accuracy.group(1)) >= 0.97, output);
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
}

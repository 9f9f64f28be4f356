package dev.fluxion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.nn.Dense;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The program of the row "start" prints the norm of the gradient. */
class StartTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void theNormIsThatOfTheClosedForm() throws Exception {
    Stream<String> modules =
        Stream.of("fluxion-ir", "fluxion-grad", "fluxion-tensor", "fluxion-nn", "fluxion")
            .map(module -> ROOT.resolve(module).resolve("target/classes").toString());
    String tests =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Stream<String> libraries =
        Stream.of(tests.split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar") && !entry.startsWith(ROOT.toString()));
    Processes.Result result =
        Processes.run(
            Processes.builder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-p",
                    Stream.concat(modules, libraries)
                        .collect(Collectors.joining(File.pathSeparator)),
                    "--add-modules=fluxion,jdk.incubator.vector",
                    "--enable-native-access=dev.fluxion.tensor",
                    ROOT.resolve("bench/programs/Start.java").toString())));
    assertEquals(0, result.code(), result.errors().toString());
    assertEquals(norm(), Double.parseDouble(result.lines().getLast()), 1e-5);
    assertTrue(result.errors().isEmpty(), result.errors().toString());
  }

  /** For {@code tanh(x w1 + b1) w2 + b2}, by hand. */
  private static double norm() {
    Random random = new Random(1);
    double[] w1 = Dense.of(16, 16, random).w().toDoubleArray();
    double[] w2 = Dense.of(16, 1, random).w().toDoubleArray();
    double squares = 1; // of the gradient in b2
    for (int j = 0; j < 16; j++) {
      double sum = 0;
      for (int i = 0; i < 16; i++) {
        sum += (i + 1) / 16.0 * w1[i * 16 + j];
      }
      double h = Math.tanh(sum);
      double slope = w2[j] * (1 - h * h);
      squares += h * h + slope * slope; // in w2 and b1
      for (int i = 0; i < 16; i++) {
        squares += Math.pow((i + 1) / 16.0 * slope, 2); // in w1
      }
    }
    return Math.sqrt(squares);
  }
}

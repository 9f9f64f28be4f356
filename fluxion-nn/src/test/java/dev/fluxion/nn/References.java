package dev.fluxion.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The numbers that PyTorch gave for the same functions; see {@code src/test/python}. */
final class References {
  private static final Map<String, double[]> NUMBERS = read();

  private References() {}

  static void assertReference(String name, double[] actual) {
    double[] expected = NUMBERS.get(name);
    assertArrayEquals(
        expected, actual, 1e-10, () -> name + ": " + Arrays.toString(actual) + " differs");
  }

  private static Map<String, double[]> read() {
    try (InputStream in = References.class.getResourceAsStream("references.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" ", -1))
          .collect(Collectors.toMap(words -> words[0], References::numbers));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] numbers(String[] words) {
    return Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray();
  }
}

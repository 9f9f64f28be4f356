package dev.fluxion.ir.roundtrip;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that use all of the language do the same when re-emitted, line numbers included. */
class JavaFeaturesTest {
  private static String source(String name) throws IOException {
    try (InputStream in = JavaFeaturesTest.class.getResourceAsStream(name + ".java")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static IntStream releases8() {
    return IntStream.rangeClosed(8, 25);
  }

  static IntStream releases21() {
    return IntStream.rangeClosed(21, 25);
  }

  @ParameterizedTest
  @MethodSource("releases8")
  void java8(int release) throws Exception {
    String result =
        ClassSet.compile(release, "Features8", source("Features8")).assertSame("Features8");
    assertTrue(result.contains("Noisy-init arg Noisy(3)"), result);
    assertTrue(result.contains("ExceptionInInitializerError"), result);
    assertTrue(result.contains("because \"name\" is null"), result);
  }

  @ParameterizedTest
  @MethodSource("releases21")
  void java21(int release) throws Exception {
    String result =
        ClassSet.compile(release, "Features21", source("Features21")).assertSame("Features21");
    assertTrue(result.contains("HELLO YOU!"), result);
  }

  @Test
  void java25() throws Exception {
    String result =
        ClassSet.compile(25, "Features25", source("Features25")).assertSame("Features25");
    assertTrue(result.endsWith("21negative"), result);
  }
}

package dev.fluxion.ir.roundtrip;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that use all of the language do the same when re-emitted, line numbers included. */
class JavaFeaturesTest {
  private static String source(String name) throws IOException {
    try (InputStream in = JavaFeaturesTest.class.getResourceAsStream(name + ".java")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 11, 17, 25})
  void java8(int release) throws Exception {
    String result =
        ClassSet.compile(release, "Features8", source("Features8")).assertSame("Features8");
    assertTrue(result.contains("Noisy-init arg Noisy(3)"), result);
    assertTrue(result.contains("ExceptionInInitializerError"), result);
    assertTrue(result.contains("because \"name\" is null"), result);
  }

  @Test
  void java25() throws Exception {
    String result =
        ClassSet.compile(25, "Features25", source("Features25")).assertSame("Features25");
    assertTrue(result.contains("HELLO YOU!"), result);
  }
}

package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Texts that the tests expect, one file each.
 *
 * <p>With {@code -Dfluxion.golden.update=true} the files are written anew; look at what changed
 * before it is committed.
 */
final class Golden {
  private static final Path FILES = Path.of("src/test/resources/dev/fluxion/grad/golden");

  private Golden() {}

  /** Compares a text with a file, or writes the file. */
  static void check(String name, String text) throws IOException {
    if (Boolean.getBoolean("fluxion.golden.update")) {
      Files.createDirectories(FILES);
      Files.writeString(FILES.resolve(name), text);
      return;
    }
    try (InputStream file = Golden.class.getResourceAsStream("golden/" + name)) {
      if (file == null) {
        throw new AssertionError("there is no " + name);
      }
      assertEquals(
          new String(file.readAllBytes(), StandardCharsets.UTF_8),
          text,
          name + " (to accept this, run with -Dfluxion.golden.update=true)");
    }
  }
}

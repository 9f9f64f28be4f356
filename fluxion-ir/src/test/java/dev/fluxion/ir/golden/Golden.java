package dev.fluxion.ir.golden;

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
  private static final boolean UPDATE = Boolean.getBoolean("fluxion.golden.update");
  private static final Path FILES = Path.of("src/test/resources/dev/fluxion/ir/golden");

  private Golden() {}

  /** The text of a file. */
  static String read(String name) throws IOException {
    if (UPDATE) {
      return Files.readString(FILES.resolve(name));
    }
    try (InputStream file = Golden.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new AssertionError(
            "there is no " + name + ": run the test with -Dfluxion.golden.update=true");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Compares a text with a file, or writes the file. */
  static void check(String name, String text) throws IOException {
    if (UPDATE) {
      Files.createDirectories(FILES);
      Files.writeString(FILES.resolve(name), text);
    } else {
      assertEquals(
          read(name), text, name + " (to accept this, run with -Dfluxion.golden.update=true)");
    }
  }
}

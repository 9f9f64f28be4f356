package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resources are unpacked once, whole, and again when what is there has another size. */
class NativeLibraryTest {
  private static final String FOLDER = "dev/fluxion/tensor";

  @TempDir Path cache;

  @BeforeEach
  void chooseCache() {
    System.setProperty("fluxion.cache", cache.toString());
  }

  @AfterEach
  void forgetCache() {
    System.clearProperty("fluxion.cache");
  }

  private static byte[] content() throws IOException {
    try (InputStream in = NativeLibraryTest.class.getResourceAsStream("values.txt")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  private static Path unpacked() throws IOException {
    return NativeLibrary.unpack("v1", FOLDER, "values.txt", "absent").orElseThrow();
  }

  @Test
  void unpacksOnceToADirectoryOfTheVersion() throws IOException {
    Path directory = unpacked();
    assertEquals(cache.resolve("v1"), directory);
    Path file = directory.resolve("values.txt");
    assertArrayEquals(content(), Files.readAllBytes(file));
    FileTime time = FileTime.fromMillis(1000);
    Files.setLastModifiedTime(file, time);
    unpacked();
    assertEquals(time, Files.getLastModifiedTime(file));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void replacesAFileThatWasCutShort() throws IOException {
    Path file = unpacked().resolve("values.txt");
    Files.write(file, new byte[] {1, 2, 3});
    unpacked();
    assertArrayEquals(content(), Files.readAllBytes(file));
  }

  @Test
  void saysWhenThereIsNothing() throws IOException {
    Optional<Path> none = NativeLibrary.unpack("v1", FOLDER, "absent", "values.txt");
    assertTrue(none.isEmpty());
    assertFalse(Files.exists(cache.resolve("v1")));
  }
}

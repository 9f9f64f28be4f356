package dev.fluxion.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** IDX files are read, compressed or not; what is wrong with one is said. */
class IdxTest {
  private static final byte[] IMAGES = {
    0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, (byte) 255, 51, (byte) 204
  };
  private static final byte[] LABELS = {0, 0, 8, 1, 0, 0, 0, 2, 7, (byte) 200};

  @TempDir private Path folder;

  private Path write(String name, byte... bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] compressed(byte[] bytes) throws IOException {
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(to)) {
      gzip.write(bytes);
    }
    return to.toByteArray();
  }

  private void assertRefused(String reason, byte... bytes) throws IOException {
    Path file = write("broken", bytes);
    IOException e = assertThrows(IOException.class, () -> Idx.read(file));
    assertTrue(e.getMessage().startsWith(file + " "), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void mnistIsReadFromItsFourFiles() throws IOException {
    write("train-images-idx3-ubyte", IMAGES);
    write("train-labels-idx1-ubyte.gz", compressed(LABELS));
    write("t10k-images-idx3-ubyte.gz", compressed(IMAGES));
    write("t10k-labels-idx1-ubyte", LABELS);
    Split mnist = LabelledImages.mnist(folder);
    for (LabelledImages part : new LabelledImages[] {mnist.train(), mnist.test()}) {
      assertArrayEquals(new int[] {2, 1, 1, 2}, part.images().shape());
      assertArrayEquals(new float[] {0, 1, 0.2f, 0.8f}, part.images().toFloatArray(), 1e-7f);
      assertArrayEquals(new int[] {7, 200}, part.labels());
    }
  }

  @Test
  void aMissingFileIsNamedWithWhatToDo() throws IOException {
    write("train-images-idx3-ubyte", IMAGES);
    IOException e = assertThrows(NoSuchFileException.class, () -> LabelledImages.mnist(folder));
    assertEquals(
        folder.resolve("train-labels-idx1-ubyte")
            + ": not found, nor with .gz. Put the four files of MNIST into that folder:"
            + " train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz,"
            + " t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz, unpacked or not",
        e.getMessage());
  }

  @Test
  void brokenFilesAreRefusedWithTheirName() throws IOException {
    assertRefused("ends too early");
    assertRefused("ends too early", (byte) 0, (byte) 0, (byte) 8, (byte) 1, (byte) 0);
    assertRefused("starts with 5041", "PALETTE".getBytes(StandardCharsets.US_ASCII));
    assertRefused("type 0x0d", (byte) 0, (byte) 0, (byte) 13, (byte) 1);
    assertRefused("has 1 elements, not the 2 of its shape [2]", Arrays.copyOf(LABELS, 9));
    assertRefused("has more elements than the 2", Arrays.copyOf(LABELS, 11));
    assertRefused(
        "too large",
        (byte) 0,
        (byte) 0,
        (byte) 8,
        (byte) 1,
        (byte) -1,
        (byte) 0,
        (byte) 0,
        (byte) 0);
    byte[] gzip = compressed(LABELS);
    assertRefused("ends too early", Arrays.copyOf(gzip, gzip.length - 12));
    gzip[gzip.length - 6] ^= 0x55; // in the checksum
    assertRefused("is not a sound gzip file", gzip);
  }

  @Test
  void filesThatDoNotGoTogetherAreRefused() throws IOException {
    Path images = write("images", IMAGES);
    Path labels =
        write(
            "labels", (byte) 0, (byte) 0, (byte) 8, (byte) 1, (byte) 0, (byte) 0, (byte) 0,
            (byte) 1, (byte) 3);
    IOException e = assertThrows(IOException.class, () -> LabelledImages.idx(images, labels));
    assertTrue(e.getMessage().contains("[2, 1, 2]"), e.getMessage());
    assertTrue(e.getMessage().contains(labels + " [1]"), e.getMessage());
  }
}

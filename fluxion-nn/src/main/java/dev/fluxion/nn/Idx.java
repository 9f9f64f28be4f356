package dev.fluxion.nn;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Bytes in the shape of an IDX file, the format of MNIST (Y. LeCun, C. Cortes, C. Burges): two
 * zeros, the elements' type, the number of dimensions; their sizes, four bytes each, the high one
 * first; the elements in row-major order.
 *
 * @param shape the size of each dimension
 * @param bytes the elements, which are unsigned
 */
public record Idx(int[] shape, byte[] bytes) {
  private static final int UNSIGNED_BYTE = 0x08;

  /**
   * Reads a file, compressed by gzip or not, whatever its name.
   *
   * @throws NoSuchFileException if there is no such file
   * @throws IOException if it cannot be read or is no IDX file of unsigned bytes; names the file
   */
  public static Idx read(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return read(new DataInputStream(isGzip(in) ? new GZIPInputStream(in) : in), file);
    } catch (EOFException e) {
      throw new IOException(file + " ends too early: is it whole?", e);
    } catch (ZipException e) {
      throw new IOException(file + " is not a sound gzip file: " + e.getMessage(), e);
    }
  }

  private static boolean isGzip(InputStream in) throws IOException {
    in.mark(2);
    boolean isGzip = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return isGzip;
  }

  private static Idx read(DataInputStream in, Path file) throws IOException {
    int zeros = in.readUnsignedShort();
    int type = in.readUnsignedByte();
    if (zeros != 0) {
      throw new IOException(
          "%s is no IDX file: it starts with %04x, not with two zeros".formatted(file, zeros));
    }
    if (type != UNSIGNED_BYTE) {
      throw new IOException(
          "%s has elements of type 0x%02x; only unsigned bytes, 0x08, are read"
              .formatted(file, type));
    }
    int[] shape = new int[in.readUnsignedByte()];
    long size = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = in.readInt();
      size *= shape[i];
      if (shape[i] < 0 || size > Integer.MAX_VALUE - 8) {
        throw new IOException(
            "%s has a shape of %s, too large for an array"
                .formatted(file, Arrays.toString(Arrays.copyOf(shape, i + 1))));
      }
    }
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length < size) {
      throw new IOException(
          "%s has %d elements, not the %d of its shape %s: is it whole?"
              .formatted(file, bytes.length, size, Arrays.toString(shape)));
    }
    if (in.read() >= 0) {
      throw new IOException(
          "%s has more elements than the %d of its shape %s"
              .formatted(file, size, Arrays.toString(shape)));
    }
    return new Idx(shape, bytes);
  }
}

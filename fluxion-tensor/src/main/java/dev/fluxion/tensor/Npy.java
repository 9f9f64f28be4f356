package dev.fluxion.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the files of NumPy: {@code .npy}, an array, and {@code .npz}, arrays by name.
 *
 * <p>Arrays of booleans, whole and real numbers are read with their types, in either byte and
 * either axis order. Whole numbers without a sign of 16 and 32 bits become those with one of twice
 * the bits; of 64 bits, those that int64 does not hold are refused. Complex arrays are read as
 * {@link ComplexTensor}.
 *
 * {@snippet file="dev/fluxion/tensor/FilesTest.java" region="npy"}
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the
 *     format</a>
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 1 << 16;
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{\\s*'descr'\\s*:\\s*'([<>|=])(\\w+)'\\s*,\\s*'fortran_order'\\s*:\\s*(True|False)"
              + "\\s*,\\s*'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)\\s*,?\\s*\\}\\s*");

  private Npy() {}

  /**
   * The array of a {@code .npy} file.
   *
   * @throws IOException if the file cannot be read, or is not one of such an array
   */
  public static Tensor read(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return read(file.toString(), in);
    }
  }

  /**
   * The complex array of a {@code .npy} file, complex64 or complex128; real numbers become complex
   * ones.
   *
   * @throws IOException as {@link #read}
   */
  public static ComplexTensor readComplex(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return readComplex(file.toString(), in);
    }
  }

  private static ComplexTensor readComplex(String name, InputStream in) throws IOException {
    Header header = header(name, in);
    if (!header.isComplex) {
      return ComplexTensor.of(elements(name, header, in));
    }
    int rank = header.shape.length;
    int[] pairs = Arrays.copyOf(header.isTurned ? opposite(header.shape) : header.shape, rank + 1);
    pairs[rank] = 2;
    Header real = new Header(header.stored, false, header.order, false, pairs);
    ComplexTensor read = ComplexTensor.ofInterleaved(elements(name, real, in));
    return header.isTurned ? read.permute(Indices.reversed(rank)) : read;
  }

  /** The arrays of a {@code .npz} file by name, in their order in the file. */
  public static Map<String, Tensor> readAll(Path file) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (ZipInputStream in =
        new ZipInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        tensors.put(bare(entry), read(file + ", array " + bare(entry), in));
      }
    } catch (ZipException | EOFException e) {
      throw notAnArchive(file, e);
    }
    if (tensors.isEmpty()) {
      throw notAnArchive(file, null);
    }
    return tensors;
  }

  /**
   * The array of a {@code .npy} file, whose elements are read when an operation first needs them.
   * The file stays mapped into memory until the tensor is unreachable, and nobody else may write to
   * it meanwhile; {@link #write} puts a new file in its place.
   *
   * @throws IOException as {@link #read}
   */
  public static Tensor open(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file);
        InputStream in = Channels.newInputStream(channel)) {
      Header header = real(file.toString(), header(file.toString(), in));
      long start = channel.position();
      long size = channel.size() - start;
      if (size < header.bytes()) {
        throw ended(file.toString(), size, header);
      }
      return tensor(
          file.toString(),
          header,
          channel.map(FileChannel.MapMode.READ_ONLY, start, header.bytes(), Arena.ofAuto()));
    }
  }

  /**
   * The arrays of an {@code .npz} file by name, in their order in the file. Elements that are not
   * compressed, as of {@code numpy.savez}, are read when an operation first needs them, as by
   * {@link #open}; those of {@code numpy.savez_compressed} are read now.
   *
   * @throws IOException as {@link #readAll}
   */
  public static Map<String, Tensor> openAll(Path file) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile());
        FileChannel channel = FileChannel.open(file)) {
      MemorySegment all =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
      ZipDirectory directory = new ZipDirectory(file.toString(), all);
      for (ZipEntry entry : Collections.list(zip.entries())) {
        String bare = bare(entry);
        String name = file + ", array " + bare;
        if (entry.getMethod() == ZipEntry.STORED) {
          tensors.put(bare, open(name, directory.bytes(entry.getName(), entry.getSize())));
        } else {
          try (InputStream in = new BufferedInputStream(zip.getInputStream(entry))) {
            tensors.put(bare, read(name, in));
          }
        }
      }
    } catch (ZipException | EOFException e) {
      throw notAnArchive(file, e);
    }
    if (tensors.isEmpty()) {
      throw notAnArchive(file, null);
    }
    return tensors;
  }

  private static Tensor open(String name, MemorySegment entry) throws IOException {
    // a header is at the front, and at most so long
    byte[] front = entry.asSlice(0, Math.min(entry.byteSize(), LONGEST_HEADER)).toArray(JAVA_BYTE);
    ByteArrayInputStream in = new ByteArrayInputStream(front);
    Header header = real(name, header(name, in));
    MemorySegment elements = entry.asSlice(front.length - in.available());
    if (elements.byteSize() < header.bytes()) {
      throw ended(name, elements.byteSize(), header);
    }
    return tensor(name, header, elements.asSlice(0, header.bytes()));
  }

  private static String bare(ZipEntry entry) {
    String name = entry.getName();
    return name.endsWith(".npy") ? name.substring(0, name.length() - 4) : name;
  }

  private static IOException notAnArchive(Path file, @Nullable Exception cause) {
    return new IOException(file + " is not an .npz file, or has no arrays", cause);
  }

  private static Tensor read(String name, InputStream in) throws IOException {
    return elements(name, real(name, header(name, in)), in);
  }

  private static Header real(String name, Header header) throws IOException {
    if (header.isComplex) {
      throw new IOException(name + " has complex elements; readComplex reads them");
    }
    return header;
  }

  private static Tensor elements(String name, Header header, InputStream in) throws IOException {
    if (header.bytes() > Integer.MAX_VALUE - 8) {
      throw new IOException(
          name + " has " + header.bytes() + " bytes, more than an array of Java may have");
    }
    byte[] data = in.readNBytes((int) header.bytes());
    if (data.length < header.bytes()) {
      throw ended(name, data.length, header);
    }
    return tensor(name, header, MemorySegment.ofArray(data));
  }

  private static IOException ended(String name, long size, Header header) {
    return new IOException(
        name + " ends after " + size + " of " + header.bytes() + " bytes of elements");
  }

  private static Tensor tensor(String name, Header header, MemorySegment bytes) throws IOException {
    try {
      Storage elements = header.stored.open(bytes, header.count(), header.order);
      return header.isTurned ? turned(header.shape, elements) : new Tensor(header.shape, elements);
    } catch (ArithmeticException e) {
      throw new IOException(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * How elements lie; turned if the first axis varies fastest.
   *
   * @param stored the type of the elements, or of both parts of complex ones
   */
  private record Header(
      Stored stored, boolean isComplex, ByteOrder order, boolean isTurned, int[] shape) {
    int count() {
      return Shapes.count(shape);
    }

    long bytes() {
      return (long) count() * stored.bytes;
    }
  }

  private static Header header(String name, InputStream in) throws IOException {
    byte[] start = in.readNBytes(8);
    if (start.length < 8 || !Arrays.equals(Arrays.copyOf(start, 6), MAGIC)) {
      throw new IOException(name + " is not an .npy file: it does not begin with \\x93NUMPY");
    }
    byte[] sizes = in.readNBytes(start[6] == 1 ? 2 : 4);
    int length = 0;
    for (int i = sizes.length - 1; i >= 0; i--) {
      length = (length << 8) | (sizes[i] & 0xFF);
    }
    byte[] bytes = in.readNBytes(Math.clamp(length, 0, 1 << 20));
    String header = new String(bytes, StandardCharsets.UTF_8);
    Matcher matcher = HEADER.matcher(header);
    if (!matcher.matches()) {
      throw new IOException(name + " has a header that is not read: " + header.strip());
    }
    String code = matcher.group(2);
    boolean isComplex = code.equals("c8") || code.equals("c16");
    Stored stored = isComplex ? code.equals("c8") ? Stored.F32 : Stored.F64 : stored(name, code);
    ByteOrder order =
        switch (matcher.group(1)) {
          case ">" -> ByteOrder.BIG_ENDIAN;
          case "=" -> ByteOrder.nativeOrder();
          default -> ByteOrder.LITTLE_ENDIAN;
        };
    boolean isTurned = matcher.group(3).equals("True");
    return new Header(stored, isComplex, order, isTurned, shape(name, matcher.group(4)));
  }

  /** From the order in which the first axis varies fastest. */
  private static Tensor turned(int[] shape, Storage elements) {
    return new Tensor(opposite(shape), elements).permute(Indices.reversed(shape.length));
  }

  private static int[] opposite(int[] shape) {
    return Arrays.stream(Indices.reversed(shape.length)).map(axis -> shape[axis]).toArray();
  }

  private static Stored stored(String name, String code) throws IOException {
    for (Stored stored : Stored.values()) {
      if (stored.code.equals(code)) {
        return stored;
      }
    }
    throw new IOException(name + " has elements of type " + code + ", which is not read");
  }

  private static int[] shape(String name, String text) throws IOException {
    try {
      int[] shape =
          Arrays.stream(text.split(","))
              .map(String::strip)
              .filter(size -> !size.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
      Shapes.count(shape);
      return shape;
    } catch (NumberFormatException | ShapeException e) {
      throw new IOException(name + " has the shape (" + text + "), which is not read", e);
    }
  }

  /** Writes a tensor as a {@code .npy} file, with its own type. */
  public static void write(Path file, Tensor x) throws IOException {
    write(file, out -> write(out, x));
  }

  /**
   * Writes complex numbers of float32 or float64 parts as a {@code .npy} file of complex64 or
   * complex128.
   */
  public static void write(Path file, ComplexTensor z) throws IOException {
    if (z.dtype() != DType.FLOAT32 && z.dtype() != DType.FLOAT64) {
      throw new IOException(
          "NumPy has no complex type of parts of " + z.dtype() + ": cast to FLOAT32 first");
    }
    String descriptor = z.dtype() == DType.FLOAT32 ? "<c8" : "<c16";
    write(file, out -> write(out, descriptor, z.shape(), z.interleaved()));
  }

  /** Writes tensors by name as an {@code .npz} file, compressed. */
  public static void writeAll(Path file, Map<String, Tensor> tensors) throws IOException {
    write(
        file,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            zip.putNextEntry(new ZipEntry(entry.getKey() + ".npy"));
            write(zip, entry.getValue());
            zip.closeEntry();
          }
          zip.finish();
        });
  }

  /** What writes bytes. */
  private interface Writing {
    void to(OutputStream out) throws IOException;
  }

  private static void write(Path file, Writing writing) throws IOException {
    Replacement.write(
        file,
        part -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
            writing.to(out);
          }
        });
  }

  private static void write(OutputStream out, Tensor x) throws IOException {
    write(out, descriptor(x), x.dimensions(), x);
  }

  /** The header is padded so that elements begin at a multiple of 64. */
  private static void write(OutputStream out, String descriptor, int[] sizes, Tensor x)
      throws IOException {
    String list = Arrays.toString(sizes);
    String shape = list.substring(1, list.length() - 1) + (sizes.length == 1 ? "," : "");
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(descriptor, shape);
    int length = (MAGIC.length + 4 + header.length() + 1 + 63) / 64 * 64 - MAGIC.length - 4;
    out.write(MAGIC);
    out.write(new byte[] {1, 0, (byte) length, (byte) (length >> 8)});
    out.write(
        (header + " ".repeat(length - 1 - header.length()) + "\n")
            .getBytes(StandardCharsets.US_ASCII));
    byte[] data = new byte[Math.toIntExact(Stored.bytes(x))];
    Stored.write(x.buffer(), MemorySegment.ofArray(data), ByteOrder.LITTLE_ENDIAN);
    out.write(data);
  }

  private static String descriptor(Tensor x) throws IOException {
    String code = Stored.of(x.dtype()).code;
    if (code.isEmpty()) {
      throw new IOException("NumPy has no type for " + x.dtype() + ": cast to FLOAT32 first");
    }
    return (x.dtype().bytes() == 1 ? "|" : "<") + code;
  }
}

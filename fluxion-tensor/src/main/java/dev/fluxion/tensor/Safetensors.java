package dev.fluxion.tensor;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes files in the format safetensors, in which models are published: named tensors
 * behind a header in JSON.
 *
 * <p>Files are mapped into memory: {@link #read} copies all tensors, {@link #open} none until it is
 * used. Tensors keep their types; whole numbers without a sign of 16 and 32 bits become those with
 * one of twice the bits, and of 64 bits are refused where int64 does not hold them. What a header
 * says is checked against the file before it is believed.
 *
 * {@snippet file="dev/fluxion/tensor/FilesTest.java" region="safetensors"}
 *
 * @see <a href="https://github.com/huggingface/safetensors">the format</a>
 */
public final class Safetensors {
  private static final long LARGEST_HEADER = 100_000_000;
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Safetensors() {}

  private record Entry(String name, Stored stored, int[] shape, long start, long end) {}

  private record Header(List<Entry> entries, Map<String, String> metadata, long size) {}

  /**
   * All tensors of a file by name, in the order of their names in the header.
   *
   * @throws IOException if the file cannot be read, or is not a whole file of this format
   */
  public static Map<String, Tensor> read(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return tensors(file, arena, false);
    }
  }

  /**
   * All tensors of a file by name, each of which is read when an operation first needs it: a large
   * file is opened at once, and what is not used takes no memory. The file stays mapped until the
   * tensors are unreachable, and must not be written to meanwhile; {@link #write} puts a new file
   * in its place.
   *
   * @throws IOException as {@link #read}
   */
  public static Map<String, Tensor> open(Path file) throws IOException {
    return tensors(file, Arena.ofAuto(), true);
  }

  private static Map<String, Tensor> tensors(Path file, Arena arena, boolean later)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      Header header = header(file, bytes);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (Entry entry : header.entries) {
        MemorySegment part = bytes.asSlice(header.size + entry.start, entry.end - entry.start);
        tensors.put(entry.name, tensor(file, entry, part, later));
      }
      return tensors;
    }
  }

  /** What a file's writer noted beside the tensors; empty if nothing. */
  public static Map<String, String> metadata(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file);
        Arena arena = Arena.ofConfined()) {
      return header(file, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena))
          .metadata;
    }
  }

  private static Tensor tensor(Path file, Entry entry, MemorySegment part, boolean later)
      throws IOException {
    int count = Shapes.count(entry.shape);
    ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    try {
      return new Tensor(
          entry.shape,
          later ? entry.stored.open(part, count, order) : entry.stored.read(part, count, order));
    } catch (ArithmeticException e) {
      throw new IOException(file + ": tensor " + entry.name + ": " + e.getMessage(), e);
    }
  }

  private static IOException broken(Path file, String what) {
    return new IOException(file + " is not a safetensors file: " + what);
  }

  private static Header header(Path file, MemorySegment bytes) throws IOException {
    if (bytes.byteSize() < 8) {
      throw broken(file, "it has " + bytes.byteSize() + " bytes, less than the length of a header");
    }
    long length = bytes.get(LENGTH, 0);
    if (length < 2 || length > LARGEST_HEADER || length > bytes.byteSize() - 8) {
      throw broken(file, "a header of " + length + " bytes in a file of " + bytes.byteSize());
    }
    byte[] text = bytes.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE);
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    try (JsonReader json =
        new JsonReader(new StringReader(new String(text, StandardCharsets.UTF_8)))) {
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        if (name.equals("__metadata__")) {
          json.beginObject();
          while (json.hasNext()) {
            metadata.put(json.nextName(), json.nextString());
          }
          json.endObject();
        } else {
          entries.add(entry(file, name, json));
        }
      }
      json.endObject();
    } catch (EOFException
        | MalformedJsonException
        | IllegalStateException
        | NumberFormatException e) {
      throw broken(file, "its header is not read: " + e.getMessage());
    }
    check(file, entries, bytes.byteSize() - 8 - length);
    return new Header(entries, metadata, 8 + length);
  }

  private static Entry entry(Path file, String name, JsonReader json) throws IOException {
    String type = "";
    long[] shape = {};
    long[] offsets = {};
    json.beginObject();
    while (json.hasNext()) {
      switch (json.nextName()) {
        case "dtype" -> type = json.nextString();
        case "shape" -> shape = longs(json);
        case "data_offsets" -> offsets = longs(json);
        default -> json.skipValue();
      }
    }
    json.endObject();
    if (offsets.length != 2) {
      throw broken(file, "tensor " + name + " has no two offsets");
    }
    long count = 1;
    int[] sizes = new int[shape.length];
    for (int i = 0; i < sizes.length; i++) {
      if (shape[i] < 0 || shape[i] > Integer.MAX_VALUE) {
        throw broken(file, "tensor " + name + " has a size of " + shape[i]);
      }
      sizes[i] = (int) shape[i];
      count = Math.min(count * sizes[i], 1L << 40);
    }
    if (count > Integer.MAX_VALUE - 8) {
      throw new IOException(
          file + ": tensor " + name + " has more elements than an array of Java may have");
    }
    return new Entry(name, stored(file, name, type), sizes, offsets[0], offsets[1]);
  }

  private static long[] longs(JsonReader json) throws IOException {
    List<Long> numbers = new ArrayList<>();
    json.beginArray();
    while (json.peek() != JsonToken.END_ARRAY) {
      numbers.add(json.nextLong());
    }
    json.endArray();
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  private static Stored stored(Path file, String name, String type) throws IOException {
    for (Stored stored : Stored.values()) {
      if (stored.word.equals(type)) {
        return stored;
      }
    }
    throw new IOException(
        file + ": tensor " + name + " is of type " + type + ", which is not read");
  }

  /** That the tensors fill the file one after the other, without gaps. */
  private static void check(Path file, List<Entry> entries, long size) throws IOException {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingLong(Entry::start).thenComparingLong(Entry::end));
    long at = 0;
    for (Entry entry : sorted) {
      long bytes = (long) Shapes.count(entry.shape) * entry.stored.bytes;
      if (entry.start != at || entry.end - entry.start != bytes) {
        throw broken(
            file,
            "tensor "
                + entry.name
                + " of "
                + bytes
                + " bytes is said to lie from "
                + entry.start
                + " to "
                + entry.end
                + ", where "
                + at
                + " comes next");
      }
      at = entry.end;
    }
    if (at != size) {
      throw broken(file, "tensors have " + at + " bytes, and " + size + " follow the header");
    }
  }

  /**
   * Writes tensors by name, with their own types. The file appears whole or not at all.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    write(file, tensors, Map.of());
  }

  /** Writes tensors by name, and notes beside them, as {@link #write(Path, Map)} does. */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    byte[] header = header(tensors, metadata);
    Replacement.write(file, part -> write(part, header, tensors));
  }

  private static void write(Path file, byte[] header, Map<String, Tensor> tensors)
      throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        Arena arena = Arena.ofConfined()) {
      long size = 8 + header.length + tensors.values().stream().mapToLong(Stored::bytes).sum();
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
      bytes.set(LENGTH, 0, header.length);
      MemorySegment.copy(header, 0, bytes, ValueLayout.JAVA_BYTE, 8, header.length);
      long at = 8L + header.length;
      for (Tensor tensor : tensors.values()) {
        MemorySegment to = bytes.asSlice(at, Stored.bytes(tensor));
        Stored.write(tensor.buffer(), to, ByteOrder.LITTLE_ENDIAN);
        at += Stored.bytes(tensor);
      }
      bytes.force();
    }
  }

  /** Padded with spaces, so that the tensors begin at a multiple of 8. */
  private static byte[] header(Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.beginObject();
      if (!metadata.isEmpty()) {
        json.name("__metadata__").beginObject();
        for (Map.Entry<String, String> note : metadata.entrySet()) {
          json.name(note.getKey()).value(note.getValue());
        }
        json.endObject();
      }
      long at = 0;
      for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
        Tensor tensor = entry.getValue();
        long end = at + Stored.bytes(tensor);
        json.name(entry.getKey()).beginObject();
        json.name("dtype").value(Stored.of(tensor.dtype()).word);
        json.name("shape").beginArray();
        for (int size : tensor.dimensions()) {
          json.value(size);
        }
        json.endArray();
        json.name("data_offsets").beginArray().value(at).value(end).endArray();
        json.endObject();
        at = end;
      }
      json.endObject();
    }
    String padded = text + " ".repeat(7);
    byte[] bytes = padded.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, bytes.length / 8 * 8);
  }
}

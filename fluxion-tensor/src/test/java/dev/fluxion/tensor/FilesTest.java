package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of NumPy and safetensors; {@code make_files.py} wrote those that are read here. */
class FilesTest {
  private static final double[] GRID = {-1.5, -0.5, 0.5, 1.5, 2.5, 3.5};

  @TempDir private Path folder;

  private Path resource(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = Objects.requireNonNull(FilesTest.class.getResourceAsStream(name))) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  private static void check(Tensor x, DType type, double[] elements, int... shape) {
    assertEquals(type, x.dtype());
    assertArrayEquals(shape, x.shape());
    assertArrayEquals(elements, x.toDoubleArray());
  }

  @Test
  void readsArrays() throws IOException {
    check(Npy.read(resource("float32.npy")), DType.FLOAT32, GRID, 2, 3);
    check(Npy.read(resource("fortran.npy")), DType.FLOAT64, GRID, 2, 3);
    check(Npy.read(resource("big-endian.npy")), DType.FLOAT32, GRID, 2, 3);
  }

  @Test
  void readsArraysByName() throws IOException {
    Map<String, Tensor> arrays = Npy.readAll(resource("arrays.npz"));
    List<String> names =
        List.of("int64", "bool", "float16", "uint8", "int16", "uint32", "scalar", "empty");
    assertEquals(names, List.copyOf(arrays.keySet()));
    double exact = 0x1p53;
    check(arrays.get("int64"), DType.INT64, new double[] {-exact, 7, exact}, 3);
    check(arrays.get("bool"), DType.BOOL, new double[] {1, 0}, 2);
    check(arrays.get("float16"), DType.FLOAT16, new double[] {0.5, -2, 65504}, 3);
    check(arrays.get("uint8"), DType.UINT8, new double[] {0, 255}, 2);
    check(arrays.get("int16"), DType.INT16, new double[] {-32768, 32767}, 2);
    check(arrays.get("uint32"), DType.INT64, new double[] {0, 4294967295.0}, 2);
    check(arrays.get("scalar"), DType.FLOAT64, new double[] {2.5});
    check(arrays.get("empty"), DType.FLOAT32, new double[0], 0, 3);
  }

  @Test
  void readsModels() throws IOException {
    Path file = resource("model.safetensors");
    Map<String, Tensor> model = Safetensors.read(file);
    assertEquals(5, model.size());
    check(model.get("weight"), DType.FLOAT32, GRID, 2, 3);
    check(model.get("bias"), DType.BFLOAT16, new double[] {1.5, -2}, 2);
    check(model.get("half"), DType.FLOAT16, new double[] {0.5, 65504}, 2);
    check(model.get("steps"), DType.INT64, new double[] {12345678901.0}, 1);
    check(model.get("scale"), DType.FLOAT64, new double[] {0.1});
    assertEquals(Map.of("format", "pt"), Safetensors.metadata(file));
  }

  @Test
  void writesArrays() throws IOException {
    Path file = folder.resolve("x.npy");
    // @start region="npy"
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Npy.write(file, x);
    Tensor same = Npy.read(file);
    // @end
    check(same, DType.FLOAT32, x.toDoubleArray(), 2, 3);
    assertEquals(128 + 24, Files.size(file));
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    arrays.put("vector", Tensor.of(GRID, 6));
    arrays.put("number", Tensor.of(new double[] {7}));
    Path all = folder.resolve("all.npz");
    Npy.writeAll(all, arrays);
    check(Npy.readAll(all).get("vector"), DType.FLOAT64, GRID, 6);
    check(Npy.readAll(all).get("number"), DType.FLOAT64, new double[] {7});
  }

  @Test
  void writesModels() throws IOException {
    Path file = folder.resolve("model.safetensors");
    // @start region="safetensors"
    Map<String, Tensor> model = new LinkedHashMap<>();
    model.put("weight", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
    model.put("bias", Tensor.of(new double[] {0.5, -0.5}, 2));
    Safetensors.write(file, model);
    Tensor weight = Safetensors.read(file).get("weight");
    // @end
    check(Objects.requireNonNull(weight), DType.FLOAT32, new double[] {1, 2, 3, 4}, 2, 2);
    check(Safetensors.read(file).get("bias"), DType.FLOAT64, new double[] {0.5, -0.5}, 2);
    Safetensors.write(file, model, Map.of("epoch", "3"));
    assertEquals(Map.of("epoch", "3"), Safetensors.metadata(file));
    assertEquals(List.of("weight", "bias"), List.copyOf(Safetensors.read(file).keySet()));
  }

  @Test
  void keepsAllTypes() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (DType type : DType.values()) {
      double[] numbers = type == DType.UINT8 ? new double[] {0, 1, 200} : new double[] {0, 1, -3};
      tensors.put(type.toString(), Tensor.of(numbers, 3).cast(type));
    }
    Path file = folder.resolve("types.safetensors");
    Safetensors.write(file, tensors);
    Map<String, Tensor> same = Safetensors.read(file);
    tensors.remove("BFLOAT16");
    Path arrays = folder.resolve("types.npz");
    Npy.writeAll(arrays, tensors);
    same.forEach((name, x) -> assertEquals(DType.valueOf(name), x.dtype()));
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      double[] numbers = entry.getValue().toDoubleArray();
      DType type = entry.getValue().dtype();
      check(Objects.requireNonNull(same.get(entry.getKey())), type, numbers, 3);
      check(Npy.readAll(arrays).get(entry.getKey()), type, numbers, 3);
    }
    check(same.get("BFLOAT16"), DType.BFLOAT16, new double[] {0, 1, -3}, 3);
    Path none = folder.resolve("none.npy");
    Tensor narrow = Objects.requireNonNull(same.get("BFLOAT16"));
    IOException e = assertThrows(IOException.class, () -> Npy.write(none, narrow));
    assertTrue(e.getMessage().contains("no type for BFLOAT16"), e.getMessage());
  }

  @Test
  void opensWithoutReading() throws IOException {
    Map<String, Tensor> model = new LinkedHashMap<>();
    for (DType type : DType.values()) {
      model.put(type.toString(), Tensor.arange(6).cast(type).reshape(2, 3));
    }
    Path file = folder.resolve("model.safetensors");
    Safetensors.write(file, model);
    Map<String, Tensor> opened = Safetensors.open(file);
    for (Map.Entry<String, Tensor> entry : opened.entrySet()) {
      Tensor x = Objects.requireNonNull(model.get(entry.getKey()));
      Tensor same = entry.getValue();
      assertTrue(same.elements() instanceof Packed, "nothing is read yet");
      check(same, x.dtype(), x.toDoubleArray(), 2, 3);
      Tensor turned = same.transpose();
      check(turned, x.dtype(), x.transpose().toDoubleArray(), 3, 2);
    }
    Tensor first = Objects.requireNonNull(opened.get("FLOAT32"));
    first.assign(first.plus(1)); // in memory, not in the file
    check(
        Safetensors.open(file).get("FLOAT32"),
        DType.FLOAT32,
        new double[] {0, 1, 2, 3, 4, 5},
        2,
        3);
    Safetensors.write(file, opened); // a new file takes the place of the one that is mapped
    check(Safetensors.read(file).get("INT8"), DType.INT8, new double[] {0, 1, 2, 3, 4, 5}, 2, 3);
    check(Npy.open(resource("float32.npy")), DType.FLOAT32, GRID, 2, 3);
    check(Npy.open(resource("fortran.npy")), DType.FLOAT64, GRID, 2, 3);
    check(Npy.open(resource("big-endian.npy")), DType.FLOAT32, GRID, 2, 3);
  }

  @Test
  void opensArraysByName() throws IOException {
    Path file = resource("stored.npz");
    Map<String, Tensor> opened = Npy.openAll(file);
    assertEquals(List.of("grid", "turned", "odd", "big"), List.copyOf(opened.keySet()));
    assertTrue(opened.get("grid").elements() instanceof Packed, "nothing is read yet");
    check(opened.get("grid"), DType.FLOAT32, GRID, 2, 3);
    check(opened.get("turned"), DType.FLOAT64, GRID, 2, 3);
    check(opened.get("odd"), DType.UINT8, new double[] {1, 2, 3}, 3);
    check(opened.get("big"), DType.FLOAT64, GRID, 2, 3);
    Map<String, Tensor> again = Npy.openAll(file);
    Npy.writeAll(file, again); // a new file takes the place of the one that is mapped
    check(again.get("odd"), DType.UINT8, new double[] {1, 2, 3}, 3);
    Map<String, Tensor> compressed = Npy.openAll(file);
    assertEquals(opened.keySet(), compressed.keySet());
    check(compressed.get("grid"), DType.FLOAT32, GRID, 2, 3);
  }

  @Test
  void opensLargeArchives() throws IOException {
    Path file = folder.resolve("many.npz");
    try (ZipOutputStream out =
        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.setMethod(ZipOutputStream.STORED);
      out.setComment("PK\005\006 is not the end");
      byte[] array = Files.readAllBytes(resource("float32.npy"));
      CRC32 sum = new CRC32();
      sum.update(array);
      for (int i = 0; i < 70_000; i++) { // more than the directory of a small archive can count
        ZipEntry entry = new ZipEntry("x" + i + ".npy");
        entry.setSize(array.length);
        entry.setCrc(sum.getValue());
        out.putNextEntry(entry);
        out.write(array);
      }
    }
    Map<String, Tensor> opened = Npy.openAll(file);
    assertEquals(70_000, opened.size());
    check(opened.get("x69999"), DType.FLOAT32, GRID, 2, 3);
  }

  @Test
  void refusesBrokenArchives() throws IOException {
    byte[] whole = Files.readAllBytes(resource("stored.npz"));
    Path broken = folder.resolve("broken.npz");
    for (int length = 0; length < whole.length; length += 37) {
      Files.write(broken, java.util.Arrays.copyOf(whole, length));
      assertThrows(IOException.class, () -> Npy.openAll(broken));
    }
    for (int i = 0; i < whole.length; i += 5) { // another array or none, but nothing worse
      byte[] changed = whole.clone();
      changed[i] ^= (byte) 0x40;
      Files.write(broken, changed);
      try {
        assertFalse(Npy.openAll(broken).isEmpty());
      } catch (IOException e) {
        assertTrue(e.getMessage().startsWith(broken.toString()), e.getMessage());
      }
    }
  }

  private Path model(String header, int bytes) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(8 + text.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(text.length).put(text);
    return Files.write(folder.resolve("broken.safetensors"), buffer.array());
  }

  private void refused(String expected, String header, int bytes) throws IOException {
    Path file = model(header, bytes);
    IOException e = assertThrows(IOException.class, () -> Safetensors.read(file));
    assertTrue(e.getMessage().contains(expected), e.getMessage());
    e = assertThrows(IOException.class, () -> Safetensors.open(file));
    assertTrue(e.getMessage().contains(expected), e.getMessage());
  }

  @Test
  void refusesBrokenModels() throws IOException {
    String a = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    refused("tensors have 8 bytes, and 4 follow", "{" + a + "}", 4);
    refused("tensors have 8 bytes, and 12 follow", "{" + a + "}", 12);
    refused("where 0 comes next", "{" + a.replace("[0,8]", "[4,12]") + "}", 12);
    refused("of 12 bytes is said to lie from 0 to 8", "{" + a.replace("[2]", "[3]") + "}", 8);
    refused("of type F8_E4M3, which is not read", "{" + a.replace("F32", "F8_E4M3") + "}", 8);
    refused("has a size of -2", "{" + a.replace("[2]", "[-2]") + "}", 8);
    refused("more elements than", "{" + a.replace("[2]", "[1000000,1000000]") + "}", 8);
    refused("is not a safetensors file", "{" + a, 8);
    Path cut = Files.write(folder.resolve("cut.safetensors"), new byte[] {9, 0, 0, 0});
    IOException e = assertThrows(IOException.class, () -> Safetensors.read(cut));
    assertTrue(e.getMessage().contains("it has 4 bytes"), e.getMessage());
    long huge = Long.MAX_VALUE;
    byte[] bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(huge).array();
    Files.write(cut, bytes);
    e = assertThrows(IOException.class, () -> Safetensors.read(cut));
    assertTrue(e.getMessage().contains("a header of " + huge), e.getMessage());
  }

  @Test
  void refusesBrokenArrays() throws IOException {
    byte[] whole = Files.readAllBytes(resource("float32.npy"));
    Path cut = folder.resolve("cut.npy");
    for (int length = 0; length < whole.length; length++) {
      Files.write(cut, java.util.Arrays.copyOf(whole, length));
      IOException e = assertThrows(IOException.class, () -> Npy.read(cut));
      assertTrue(e.getMessage().startsWith(cut.toString()), e.getMessage());
      IOException same = assertThrows(IOException.class, () -> Npy.open(cut));
      assertEquals(e.getMessage(), same.getMessage());
    }
    Path names = resource("model.safetensors");
    assertThrows(IOException.class, () -> Npy.read(names));
    assertThrows(IOException.class, () -> Npy.readAll(names));
  }
}

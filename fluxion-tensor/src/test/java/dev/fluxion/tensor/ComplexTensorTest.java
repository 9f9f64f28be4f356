package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Grad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Complex numbers beside what NumPy 2 makes of them. */
class ComplexTensorTest {
  /** {@code np.save} of [[1+2j, 3-4j, 5.5j], [-1, 0.25-0.5j, 7]] as {@code <c8}. */
  private static final String SMALL =
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGM4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9"
          + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA/AAAA"
          + "QAAAQEAAAIDAAAAAAAAAsEAAAIC/AAAAAAAAgD4AAAC/AADgQAAAAAA=";

  /** The same as {@code >c16}, the first axis varying fastest. */
  private static final String TURNED =
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPmMxNicsICdmb3J0cmFuX29yZGVyJzogVHJ1ZSwgJ3NoYXBlJzogKDIsIDMpLCB9"
          + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo/8AAAAAAA"
          + "AEAAAAAAAAAAv/AAAAAAAAAAAAAAAAAAAEAIAAAAAAAAwBAAAAAAAAA/0AAAAAAAAL/gAAAAAAAAAAAAAAAAAABA"
          + "FgAAAAAAAEAcAAAAAAAAAAAAAAAAAAA=";

  private static final double[] REAL = {1, 3, 0, -1, 0.25, 7};
  private static final double[] IMAGINARY = {2, -4, 5.5, 0, -0.5, 0};

  @TempDir Path folder = Path.of("");

  private Path file(String text) throws IOException {
    return Files.write(folder.resolve("z.npy"), Base64.getDecoder().decode(text));
  }

  private static ComplexTensor complex(double... parts) {
    return ComplexTensor.ofInterleaved(Tensor.of(parts, parts.length / 2, 2));
  }

  private static void check(ComplexTensor z, DType type) {
    assertEquals(type, z.dtype());
    assertArrayEquals(new int[] {2, 3}, z.shape());
    assertArrayEquals(REAL, z.real().toDoubleArray());
    assertArrayEquals(IMAGINARY, z.imaginary().toDoubleArray());
  }

  @Test
  void readsTheFilesOfNumPy() throws IOException {
    check(Npy.readComplex(file(SMALL)), DType.FLOAT32);
    check(Npy.readComplex(file(TURNED)), DType.FLOAT64);
  }

  @Test
  void writesTheBytesOfNumPy() throws IOException {
    ComplexTensor z = Npy.readComplex(file(SMALL));
    Path written = folder.resolve("written.npy");
    Npy.write(written, z);
    assertEquals(SMALL, Base64.getEncoder().encodeToString(Files.readAllBytes(written)));
    Npy.write(written, z.cast(DType.FLOAT64));
    check(Npy.readComplex(written), DType.FLOAT64);
  }

  @Test
  void realFilesAreComplexToo() throws IOException {
    Path real = folder.resolve("real.npy");
    Npy.write(real, Tensor.of(new double[] {1, 2}, 2));
    ComplexTensor z = Npy.readComplex(real);
    assertArrayEquals(new double[] {1, 2}, z.real().toDoubleArray());
    assertArrayEquals(new double[2], z.imaginary().toDoubleArray());
  }

  @Test
  void complexFilesAreNoRealOnes() throws IOException {
    Path file = file(SMALL);
    IOException e = assertThrows(IOException.class, () -> Npy.read(file));
    assertTrue(e.getMessage().endsWith("has complex elements; readComplex reads them"));
    assertThrows(IOException.class, () -> Npy.open(file));
  }

  @Test
  void partsLieBesideEachOther() {
    ComplexTensor z = complex(1, 2, 3, 4);
    assertArrayEquals(new double[] {1, 3}, z.real().toDoubleArray());
    assertArrayEquals(new double[] {1, 2, 3, 4}, z.interleaved().toDoubleArray());
    ShapeException e =
        assertThrows(ShapeException.class, () -> ComplexTensor.ofInterleaved(Tensor.zeros(2, 3)));
    assertTrue(e.getMessage().startsWith("complex numbers of (2, 3): the last axis"));
  }

  @Test
  void hyperbolicTangentIsNumPys() {
    ComplexTensor z = complex(0.5, 1.25, -2, -0.75, 0, 0, 30, 1, -0.01, 3, 1e-9, 2, 800, 1);
    double[] expected = {
      1.58396355e+00,
      8.06634699e-01,
      -9.96747400e-01,
      -3.64328894e-02,
      0,
      0,
      1,
      1.59245454e-26,
      -1.02028343e-02,
      -1.42532000e-01,
      5.77439920e-09,
      -2.18503986e+00,
      1,
      0
    };
    double[] actual = z.tanh().interleaved().toDoubleArray();
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-8 * Math.abs(expected[i]), "part " + i);
    }
  }

  @Test
  void slopeOfTheHyperbolicTangentIsOneMinusItsSquare() {
    ComplexTensor z = complex(0.5, 1.25, -2, -0.75, 0, 0, 0, 0.5, -0.25, 0);
    ComplexTensor slope = z.tanh().square().neg().plus(1);
    ComplexTensor real = Grad.gradient(x -> x.tanh().real().sum(), z);
    ComplexTensor imaginary = Grad.gradient(x -> x.tanh().imaginary().sum(), z);
    // of an analytic function, ∂u/∂x + i ∂u/∂y is the conjugate of its slope, and that of v i times
    // it
    close(slope.conj(), real);
    close(slope.conj().times(complex(0, 1, 0, 1, 0, 1, 0, 1, 0, 1)), imaginary);
  }

  private static void close(ComplexTensor expected, ComplexTensor actual) {
    assertArrayEquals(
        expected.interleaved().toDoubleArray(), actual.interleaved().toDoubleArray(), 1e-12);
  }
}

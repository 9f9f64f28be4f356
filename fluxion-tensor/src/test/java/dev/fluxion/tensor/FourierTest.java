package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Grad;
import org.junit.jupiter.api.Test;

/** Fourier transforms and complex numbers; values are compared in {@link ValuesTest}, too. */
class FourierTest {
  private static ComplexTensor random(int seed, int... shape) {
    return new ComplexTensor(
        ValuesTest.random(DType.FLOAT64, seed, 1, 0, shape),
        ValuesTest.random(DType.FLOAT64, seed + 1, 1, 0, shape));
  }

  /** The definition, as a product with a matrix. */
  private static ComplexTensor defined(ComplexTensor x) {
    int n = x.size(-1);
    double[] angles = new double[n * n];
    for (int i = 0; i < n * n; i++) {
      angles[i] = -2 * Math.PI * (i / n * (i % n) % n) / n;
    }
    Tensor angle = Tensor.of(angles, n, n);
    return x.matmul(ComplexTensor.polar(Tensor.full(DType.FLOAT64, 1, n, n), angle));
  }

  @Test
  void isTheSumOfItsDefinition() {
    for (int n = 1; n <= 130; n++) {
      ComplexTensor x = random(n, 2, n);
      double[] expected = FourierCases.pair(defined(x)).toDoubleArray();
      double[] actual = FourierCases.pair(Fourier.fft(x)).toDoubleArray();
      assertArrayEquals(expected, actual, 1e-12, "of size " + n);
    }
  }

  @Test
  void transformsColumnsAsRows() {
    for (int n : new int[] {8, 30, 97}) {
      ComplexTensor x = random(n, 2, n, 700);
      ComplexTensor rows = Fourier.fft(x.transpose(1, 2)).transpose(1, 2);
      assertArrayEquals(
          FourierCases.pair(rows).toDoubleArray(),
          FourierCases.pair(Fourier.fft(x, 1)).toDoubleArray(),
          "of size " + n);
    }
  }

  @Test
  void comesBack() {
    for (int n : new int[] {1 << 14, 3 * 5 * 7 * 11 * 13, 10007}) {
      ComplexTensor x = random(n, n);
      double[] back = FourierCases.pair(Fourier.ifft(Fourier.fft(x))).toDoubleArray();
      assertArrayEquals(FourierCases.pair(x).toDoubleArray(), back, 1e-13);
    }
  }

  @Test
  void example() {
    // @start region="fourier"
    Tensor wave = Tensor.arange(8).times(2 * Math.PI / 4).sin(); // two periods
    Tensor strengths = Fourier.rfft(wave).abs(); // 0, 0, 4, 0, 0
    Tensor slope = Grad.gradient(x -> Fourier.rfft(x).abs().square().sum(), wave);
    // @end
    assertArrayEquals(new double[] {0, 0, 4, 0, 0}, strengths.toDoubleArray(), 1e-6);
    assertArrayEquals(wave.times(8).toDoubleArray(), slope.toDoubleArray(), 1e-5);
  }

  @Test
  void gradientsAreComplex() {
    // @start region="complex"
    ComplexTensor z =
        new ComplexTensor(Tensor.of(new double[] {3, 0}, 2), Tensor.of(new double[] {4, 1}, 2));
    Tensor size = z.abs(); // 5, 1
    ComplexTensor slope = Grad.gradient(x -> x.times(x.conj()).real().sum(), z); // 2 z
    // @end
    assertArrayEquals(new double[] {5, 1}, size.toDoubleArray());
    assertArrayEquals(new double[] {6, 0}, slope.real().toDoubleArray());
    assertArrayEquals(new double[] {8, 2}, slope.imaginary().toDoubleArray());
    ComplexTensor once = Grad.gradient(x -> x.real().sum(), z);
    assertArrayEquals(new double[] {1, 1}, once.real().toDoubleArray());
    assertArrayEquals(new double[] {0, 0}, once.imaginary().toDoubleArray());
  }

  @Test
  void divisionDoesNotOverflow() {
    ComplexTensor huge = random(3, 4).times(1e200);
    ComplexTensor one = huge.div(huge);
    assertArrayEquals(new double[] {1, 1, 1, 1}, one.real().toDoubleArray(), 1e-15);
    assertArrayEquals(new double[4], one.imaginary().toDoubleArray(), 1e-15);
  }

  @Test
  void refusesWhatDoesNotFit() {
    Tensor x = Tensor.zeros(2, 3);
    ComplexTensor z = ComplexTensor.of(x);
    assertMessage("no axis 2", () -> Fourier.fft(z, 2));
    assertMessage("has no entry", () -> Fourier.fft(ComplexTensor.of(Tensor.zeros(2, 0))));
    assertMessage("to 6 numbers", () -> Fourier.irfft(z, 6, -1));
    assertMessage("both parts must have one shape", () -> new ComplexTensor(x, x.at(0)));
    assertMessage("both parts", () -> new ComplexTensor(x, x.cast(DType.FLOAT64)));
    String text = z.toString();
    assertEquals(
        "ComplexTensor(2, 3) of FLOAT32 [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]"
            + " + i [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]",
        text);
  }

  private static void assertMessage(String part, Runnable code) {
    String message = assertThrows(ShapeException.class, code::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}

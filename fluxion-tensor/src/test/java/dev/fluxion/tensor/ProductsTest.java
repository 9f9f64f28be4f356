package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.fluxion.grad.Grad;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sums of products of thin matrices, which wait, are what the products added one by one are. */
class ProductsTest {
  private static final int ROWS = 70;
  private static final int COLUMNS = 90;

  private static Tensor random(DType type, int seed, int... shape) {
    return ValuesTest.random(type, seed, 1, 0, shape);
  }

  private static double at(Tensor matrix, int row, int column) {
    return matrix.buffer().get(row * matrix.size(1) + column);
  }

  /** The product by its definition. */
  private static double[] product(Tensor a, boolean flipA, Tensor b, boolean flipB) {
    Tensor x = flipA ? a.transpose() : a;
    Tensor y = flipB ? b.transpose() : b;
    double[] result = new double[ROWS * COLUMNS];
    for (int i = 0; i < result.length; i++) {
      for (int k = 0; k < x.size(1); k++) {
        result[i] += at(x, i / COLUMNS, k) * at(y, k, i % COLUMNS);
      }
    }
    return result;
  }

  private static void add(double[] sum, double[] term) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += term[i];
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void sums(DType type) {
    Tensor sum = Tensor.zeros(type, ROWS, COLUMNS);
    double[] expected = new double[ROWS * COLUMNS];
    for (int flips = 0; flips < 4; flips++) {
      for (int inner = 1; inner <= 3; inner++) {
        boolean flipA = (flips & 1) != 0;
        boolean flipB = (flips & 2) != 0;
        Tensor a = random(type, 10 * flips + inner, flipA ? inner : ROWS, flipA ? ROWS : inner);
        Tensor b = random(type, 50 + flips, flipB ? COLUMNS : inner, flipB ? inner : COLUMNS);
        Tensor product = MatrixProduct.of(a, flipA, b, flipB);
        assertInstanceOf(Products.class, product.elements());
        sum = sum.plus(product);
        add(expected, product(a, flipA, b, flipB));
        if (flips == 1 && inner == 2) {
          Tensor dense = random(type, 99, ROWS, COLUMNS);
          sum = dense.plus(sum).plus(dense);
          add(expected, dense.toDoubleArray());
          add(expected, dense.toDoubleArray());
        }
      }
    }
    assertInstanceOf(Products.class, sum.elements());
    double[] found = sum.toDoubleArray();
    assertArrayEquals(expected, found, type == DType.FLOAT32 ? 3e-5 : 1e-13);
    assertInstanceOf(Buffer.class, sum.elements());
  }

  @Test
  void partsAreReadBeforeAndAfterTheSum() {
    Tensor a = random(DType.FLOAT64, 1, ROWS, 1);
    Tensor b = random(DType.FLOAT64, 2, 1, COLUMNS);
    Tensor first = a.matmul(b);
    Tensor second = first.plus(first);
    Tensor third = second.plus(first);
    double[] once = first.toDoubleArray();
    double[] thrice = third.toDoubleArray();
    double[] twice = second.toDoubleArray();
    for (int i = 0; i < once.length; i++) {
      assertEquals(2 * once[i], twice[i], 1e-15);
      assertEquals(3 * once[i], thrice[i], 1e-14);
    }
  }

  @Test
  void whatIsHeldIsBounded() {
    Tensor a = random(DType.FLOAT32, 1, ROWS, 1);
    Tensor b = random(DType.FLOAT32, 2, 1, COLUMNS);
    Tensor sum = a.matmul(b);
    int made = 0;
    for (int i = 1; i < 20_000; i++) {
      sum = sum.plus(a.matmul(b));
      made += sum.elements() instanceof Buffer ? 1 : 0;
    }
    // 160 numbers a term, and four times 6300 may be held
    assertEquals(20_000 * 160.0 / (4 * 6300), made, 60);
    assertEquals(20_000, at(sum, 3, 4) / (at(a, 3, 0) * at(b, 0, 4)), 2);
  }

  @Test
  void threadsThatReadOneSumFindTheSame() {
    Tensor sum = random(DType.FLOAT32, 1, ROWS, 1).matmul(random(DType.FLOAT32, 2, 1, COLUMNS));
    for (int i = 0; i < 50; i++) {
      Tensor a = random(DType.FLOAT32, 2 * i + 3, ROWS, 1);
      sum = sum.plus(a.matmul(random(DType.FLOAT32, 2 * i + 4, 1, COLUMNS)));
    }
    Tensor shared = sum;
    List<float[]> found =
        IntStream.range(0, 16).parallel().mapToObj(_ -> shared.toFloatArray()).toList();
    found.forEach(one -> assertArrayEquals(found.getFirst(), one));
  }

  /** A weight used in every step, of which the loss is not linear. */
  private static Tensor loss(Tensor w, Tensor x) {
    Tensor h = x;
    for (int i = 0; i < 4; i++) {
      h = h.matmul(w).tanh();
    }
    return h.times(h).sum();
  }

  @Test
  void gradientsAndTheirDerivatives() {
    Tensor w = random(DType.FLOAT64, 5, 64, 64).times(0.2);
    Tensor v = random(DType.FLOAT64, 6, 64, 64);
    Tensor x = random(DType.FLOAT64, 7, 1, 64);
    double step = 1e-6;
    Tensor gradient = Grad.gradient(m -> loss(m, x), w);
    double ahead = loss(w.plus(v.times(step)), x).item();
    double behind = loss(w.minus(v.times(step)), x).item();
    assertEquals((ahead - behind) / (2 * step), gradient.times(v).sum().item(), 1e-7);
    Tensor product = Grad.hessianVectorProduct(m -> loss(m, x), w, v);
    Tensor more = Grad.gradient(m -> loss(m, x), w.plus(v.times(step)));
    Tensor less = Grad.gradient(m -> loss(m, x), w.minus(v.times(step)));
    Tensor expected = more.minus(less).div(2 * step);
    assertEquals(0, product.minus(expected).abs().max().item(), 1e-6);
  }
}

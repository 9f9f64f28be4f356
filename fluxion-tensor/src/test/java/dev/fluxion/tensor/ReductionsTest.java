package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums over the middle of three axes, of all sizes at which they are cut otherwise, are sums. */
class ReductionsTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1", "3, 0, 5", "0, 4, 3", "2, 5, 0", "1, 300000, 1", "2, 150001, 1", "1, 5000, 37",
    "3, 700, 64", "1, 7, 9000", "2, 20, 8193", "1, 1031, 257", "40, 3, 5", "5, 67, 1", "1, 17, 4099"
  })
  void sums(int outer, int count, int inner) {
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      Tensor x = ValuesTest.random(type, 3, 1, 0.5, outer, count, inner);
      double[] elements = x.toDoubleArray();
      double[] expected = new double[outer * inner];
      double[] sizes = new double[outer * inner];
      for (int i = 0; i < elements.length; i++) {
        int at = i / (count * inner) * inner + i % inner;
        expected[at] += elements[i];
        sizes[at] += Math.abs(elements[i]);
      }
      double[] sums = x.sum(1).toDoubleArray();
      double precision = type == DType.FLOAT32 ? 6e-8 : 1e-13;
      double all = 0;
      double size = 0;
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], sums[i], precision * Math.max(1, sizes[i]));
        all += expected[i];
        size += sizes[i];
      }
      assertEquals(all, x.sum().item(), precision * Math.max(1, size));
      assertArrayEquals(new int[] {outer, inner}, x.sum(new int[] {1}, false).shape());
    }
  }

  @ParameterizedTest
  @CsvSource("10000, 10000")
  void onesInFloat32AreCounted(int rows, int columns) {
    Tensor ones = Tensor.ones(1, 1).broadcastTo(new int[] {rows, columns});
    assertEquals(1e8, ones.sum().item(), 0);
    assertEquals(rows, ones.sum(0).max().item(), 0);
  }

  @Test
  void infinitiesStay() {
    double inf = Double.POSITIVE_INFINITY;
    double[] numbers = new double[1000];
    numbers[3] = inf;
    assertEquals(inf, Tensor.of(numbers, 1000).sum().item());
    numbers[998] = inf;
    assertEquals(inf, Tensor.of(numbers, 1000).sum().item());
    numbers[500] = -inf;
    assertTrue(Double.isNaN(Tensor.of(numbers, 1000).sum().item()));
    double[] large = {Double.MAX_VALUE, 1, Double.MAX_VALUE, 2, 3};
    assertEquals(inf, Tensor.of(large, 5).sum().item());
  }

  @Test
  void smallNumbersBesideLargeOnesCount() {
    assertEquals(2e-3, Tensor.of(new double[] {1e16, 1e-3, -1e16, 1e-3}, 4).sum().item(), 1e-18);
  }
}

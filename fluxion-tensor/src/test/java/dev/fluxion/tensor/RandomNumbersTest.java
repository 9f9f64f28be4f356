package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Random numbers have the moments of their distributions, and each seed its own numbers. */
class RandomNumbersTest {
  private static final int COUNT = 100_000;
  private static final int[] ALL = {0};

  private static void hasMoments(Tensor x, double mean, double deviation) {
    double error = 5 * deviation / Math.sqrt(COUNT);
    assertEquals(mean, x.mean().item(), error);
    assertEquals(deviation, x.standardDeviation(ALL, false, 1).item(), 2 * error);
  }

  @Test
  void haveTheirMoments() {
    Tensor uniform = Tensor.uniform(1, -1, 3, COUNT);
    hasMoments(uniform, 1, 4 / Math.sqrt(12));
    assertTrue(uniform.min().item() >= -1 && uniform.max().item() <= 3);
    hasMoments(Tensor.normal(2, 5, 0.5, COUNT), 5, 0.5);
    Tensor cut = Tensor.truncatedNormal(3, 1, 2, COUNT);
    double density = Math.exp(-2) / Math.sqrt(2 * Math.PI);
    double share = Functions.erf(Math.sqrt(2));
    hasMoments(cut, 1, 2 * Math.sqrt(1 - 4 * density / share)); // Johnson and Kotz, 1970
    assertTrue(cut.min().item() >= -3 && cut.max().item() <= 5);
  }

  @Test
  void aSeedGivesTheSameNumbers() {
    float[] numbers = Tensor.normal(7, 0, 1, 10).toFloatArray();
    assertArrayEquals(numbers, Tensor.normal(7, 0, 1, 2, 5).toFloatArray());
    assertFalse(Arrays.equals(numbers, Tensor.normal(8, 0, 1, 10).toFloatArray()));
    assertEquals(0, Tensor.truncatedNormal(7, 0, 1, 0).size());
  }

  @Test
  void permutationsHaveEachNumberOnce() {
    int[] order = Tensor.permutation(4, 1000);
    assertArrayEquals(order, Tensor.permutation(4, 1000));
    assertFalse(Arrays.equals(order, Tensor.permutation(5, 1000)));
    assertArrayEquals(IntStream.range(0, 1000).toArray(), Arrays.stream(order).sorted().toArray());
    long fixed = IntStream.range(0, 1000).filter(i -> order[i] == i).count();
    assertTrue(fixed < 10, fixed + " numbers stay where they are");
    assertEquals(0, Tensor.permutation(4, 0).length);
  }
}

package dev.fluxion.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.tensor.Tensor;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Initialisers have the moments and bounds that their papers ask for. */
class InitialisersTest {
  private static final int[] MATRIX = {300, 100};
  private static final int[] KERNELS = {40, 30, 5, 5}; // fan in 750, fan out 1000
  private static final double NO_LIMIT = Double.POSITIVE_INFINITY;

  static Stream<Arguments> initialisers() {
    return Stream.of(
        of("glorotUniform", Initialisers::glorotUniform, 2.0 / 400, 2.0 / 1750, true),
        of("glorotNormal", Initialisers::glorotNormal, 2.0 / 400, 2.0 / 1750, false),
        of("heUniform", Initialisers::heUniform, 2.0 / 300, 2.0 / 750, true),
        of("heNormal", Initialisers::heNormal, 2.0 / 300, 2.0 / 750, false),
        of("lecunUniform", Initialisers::lecunUniform, 1.0 / 300, 1.0 / 750, true),
        of("lecunNormal", Initialisers::lecunNormal, 1.0 / 300, 1.0 / 750, false));
  }

  private static Arguments of(
      String name,
      BiFunction<RandomGenerator, int[], Tensor> initialiser,
      double matrixVariance,
      double kernelVariance,
      boolean isUniform) {
    return Arguments.of(name, initialiser, matrixVariance, kernelVariance, isUniform);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("initialisers")
  void moments(
      String name,
      BiFunction<RandomGenerator, int[], Tensor> initialiser,
      double matrixVariance,
      double kernelVariance,
      boolean isUniform) {
    checkMoments(initialiser.apply(new Random(5), MATRIX), matrixVariance, isUniform);
    checkMoments(initialiser.apply(new Random(5), KERNELS), kernelVariance, isUniform);
    assertArrayEquals(
        initialiser.apply(new Random(5), MATRIX).toFloatArray(),
        initialiser.apply(new Random(5), MATRIX).toFloatArray());
  }

  private static void checkMoments(Tensor x, double variance, boolean isUniform) {
    double[] numbers = x.toDoubleArray(); // 30 000 of them
    double deviation = Math.sqrt(variance);
    double mean = DoubleStream.of(numbers).average().orElseThrow();
    double squares = DoubleStream.of(numbers).map(y -> y * y).average().orElseThrow();
    double kurtosis =
        DoubleStream.of(numbers).map(y -> Math.pow(y / deviation, 4)).average().orElseThrow();
    assertEquals(0, mean / deviation, 4 / Math.sqrt(numbers.length));
    assertEquals(1, squares / variance, 0.03);
    assertEquals(isUniform ? 1.8 : 3, kurtosis, 0.15);
    double limit = isUniform ? Math.sqrt(3) * deviation * (1 + 1e-6) : NO_LIMIT;
    assertTrue(DoubleStream.of(numbers).allMatch(y -> Math.abs(y) <= limit));
  }

  @Test
  void zerosAreZero() {
    assertArrayEquals(new float[6], Initialisers.zeros(new Random(1), 2, 3).toFloatArray());
  }

  @Test
  void aVectorHasNoFan() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Initialisers.heNormal(new Random(1), 3));
    assertTrue(e.getMessage().contains("[3]"), e.getMessage());
  }
}

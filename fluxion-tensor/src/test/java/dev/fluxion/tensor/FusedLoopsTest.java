package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.fluxion.tensor.FusedLoops.Recipe;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations in one loop give the bits that they give one by one. */
@ExtendWith(VectorsAtOnce.class)
class FusedLoopsTest {
  private static final double[] SPECIAL = {
    0,
    -0.0,
    1,
    -1,
    0.5,
    -2,
    3,
    1e-30,
    -1e30,
    1e-40,
    700,
    -700,
    3e38,
    Float.MIN_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN
  };

  private static MethodHandle loop(Recipe recipe) {
    assumeTrue(Vectors.ARE_THERE);
    GradualLoop loop = Objects.requireNonNull(recipe.loop(1000));
    return Objects.requireNonNull(loop.get(1000, FusedLoops.trial(recipe)));
  }

  /** Each function, and what it gives doubled. */
  @TestFactory
  List<DynamicTest> eachFunction() {
    List<Entrywise> functions = new ArrayList<>(ProgramTest.UNARY);
    functions.addAll(ProgramTest.BINARY);
    List<DynamicTest> tests = new ArrayList<>();
    for (Entrywise f : functions) {
      String name = f.name() + (f instanceof Binary ? " of two " : " of one ");
      tests.add(dynamicTest(name + "floats", () -> floats(f)));
      tests.add(dynamicTest(name + "doubles", () -> doubles(f)));
    }
    return tests;
  }

  private static Recipe recipe(Entrywise f, DType type) {
    List<Pieces.Operation> operations =
        List.of(new Pieces.Operation(f, 0, 1, 3), new Pieces.Operation(Functions.PLUS, 3, 3, 2));
    return new Recipe(operations, 2, 1, type, 0);
  }

  private static void floats(Entrywise f) {
    int count = SPECIAL.length * SPECIAL.length;
    float[] x = new float[count];
    float[] y = new float[count];
    float[] expected = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) SPECIAL[i % SPECIAL.length];
      y[i] = (float) SPECIAL[i / SPECIAL.length];
      float value =
          f instanceof Unary one
              ? one.floats().apply(x[i])
              : ((Binary) f).floats().apply(x[i], y[i]);
      expected[i] = value + value;
    }
    float[] z = new float[count];
    VectorFunctions.run(
        loop(recipe(f, DType.FLOAT32)),
        new Object[] {x, y},
        new int[2],
        new Object[] {z},
        0,
        count);
    assertArrayEquals(expected, z);
  }

  private static void doubles(Entrywise f) {
    int count = SPECIAL.length * SPECIAL.length;
    double[] x = new double[count];
    double[] y = new double[count];
    double[] expected = new double[count];
    for (int i = 0; i < count; i++) {
      x[i] = SPECIAL[i % SPECIAL.length];
      y[i] = SPECIAL[i / SPECIAL.length];
      double value =
          f instanceof Unary one
              ? one.doubles().applyAsDouble(x[i])
              : ((Binary) f).doubles().applyAsDouble(x[i], y[i]);
      expected[i] = value + value;
    }
    double[] z = new double[count];
    VectorFunctions.run(
        loop(recipe(f, DType.FLOAT64)),
        new Object[] {x, y},
        new int[2],
        new Object[] {z},
        0,
        count);
    assertArrayEquals(expected, z);
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34, 35, 36, 37, 38})
  void programsOfFloats(long seed) {
    for (int i = 0; i < 40; i++) {
      ProgramTest.random(1000 * seed + i, DType.FLOAT32);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {41, 42, 43, 44})
  void programsOfDoubles(long seed) {
    for (int i = 0; i < 40; i++) {
      ProgramTest.random(1000 * seed + i, DType.FLOAT64);
    }
  }

  /** A function that vectors do not have leaves the operations to loops of their own. */
  @Test
  void whatVectorsLackStaysApart() {
    assumeTrue(Vectors.ARE_THERE);
    Recipe recipe = recipe(Functions.TAN, DType.FLOAT32);
    assertNull(Objects.requireNonNull(recipe.loop(1000)).get(1000, FusedLoops.trial(recipe)));
    assertNull(recipe(Functions.EXP, DType.FLOAT32).loop(20), "so few");
  }

  /** The same operations are compiled once, of whatever shape. */
  @Test
  void recipesShareTheirLoop() {
    assumeTrue(Vectors.ARE_THERE);
    assertEquals(
        loop(recipe(Functions.EXP, DType.FLOAT32)), loop(recipe(Functions.EXP, DType.FLOAT32)));
    assertNotNull(loop(recipe(Functions.EXP, DType.FLOAT64)));
  }

  /** Several results, and inputs of which there is but one element. */
  @Test
  void severalResults() {
    List<Pieces.Operation> operations =
        List.of(
            new Pieces.Operation(Functions.TIMES, 0, 1, 2),
            new Pieces.Operation(Functions.TANH, 2, 2, 4),
            new Pieces.Operation(Functions.MINUS, 4, 1, 3));
    Recipe recipe = new Recipe(operations, 2, 2, DType.FLOAT64, 2);
    double[] x = new Random(7).doubles(200).toArray();
    double[] product = new double[210];
    double[] rest = new double[210];
    VectorFunctions.run(
        loop(recipe),
        new Object[] {x, new double[] {9, 0.75}},
        new int[] {3, 1},
        new Object[] {product, rest},
        10,
        197);
    for (int i = 0; i < 197; i++) {
      assertEquals(x[i + 3] * 0.75, product[i + 10]);
      assertEquals(DoubleMath.tanh(x[i + 3] * 0.75) - 0.75, rest[i + 10]);
    }
    assertEquals(0, product[9] + product[207] + rest[9] + rest[207]);
  }
}

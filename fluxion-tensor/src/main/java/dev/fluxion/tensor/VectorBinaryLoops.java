package dev.fluxion.tensor;

import java.lang.invoke.MethodHandles;
import java.util.function.DoubleBinaryOperator;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** A template of loops around a function of two vectors; a second argument may be one number. */
final class VectorBinaryLoops implements Binary.Loops {
  private static final VectorSpecies<Float> FLOAT = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLE = DoubleVector.SPECIES_PREFERRED;
  private static final VectorFunctions.TwoVectors FUNCTION =
      Template.data(MethodHandles.lookup(), VectorFunctions.TwoVectors.class);
  private static final VectorFunctions.OfFloats FLOATS = FUNCTION.floats();
  private static final VectorFunctions.@Nullable OfDoubles DOUBLES = FUNCTION.doubles();
  private static final Binary.OfFloats SCALAR_FLOATS = FUNCTION.scalar().floats();
  private static final DoubleBinaryOperator SCALAR_DOUBLES = FUNCTION.scalar().doubles();

  @Override
  public void run(float[] x, int i, int dx, float[] y, int j, int dy, float[] z, int k, int count) {
    if (dx != 1 || dy > 1) {
      for (int n = 0; n < count; n++) {
        z[k + n] = SCALAR_FLOATS.apply(x[i + n * dx], y[j + n * dy]);
      }
      return;
    }
    int end = FLOAT.loopBound(count);
    int n = 0;
    if (dy == 0) {
      FloatVector right = FloatVector.broadcast(FLOAT, y[j]);
      for (; n < end; n += FLOAT.length()) {
        FLOATS.apply(FloatVector.fromArray(FLOAT, x, i + n), right).intoArray(z, k + n);
      }
      if (n < count) {
        VectorMask<Float> rest = FLOAT.indexInRange(n, count);
        FLOATS.apply(FloatVector.fromArray(FLOAT, x, i + n, rest), right).intoArray(z, k + n, rest);
      }
      return;
    }
    for (; n < end; n += FLOAT.length()) {
      FLOATS
          .apply(FloatVector.fromArray(FLOAT, x, i + n), FloatVector.fromArray(FLOAT, y, j + n))
          .intoArray(z, k + n);
    }
    if (n < count) {
      VectorMask<Float> rest = FLOAT.indexInRange(n, count);
      FLOATS
          .apply(
              FloatVector.fromArray(FLOAT, x, i + n, rest),
              FloatVector.fromArray(FLOAT, y, j + n, rest))
          .intoArray(z, k + n, rest);
    }
  }

  @Override
  public void run(
      double[] x, int i, int dx, double[] y, int j, int dy, double[] z, int k, int count) {
    if (DOUBLES == null || dx != 1 || dy > 1) {
      for (int n = 0; n < count; n++) {
        z[k + n] = SCALAR_DOUBLES.applyAsDouble(x[i + n * dx], y[j + n * dy]);
      }
      return;
    }
    int end = DOUBLE.loopBound(count);
    int n = 0;
    if (dy == 0) {
      DoubleVector right = DoubleVector.broadcast(DOUBLE, y[j]);
      for (; n < end; n += DOUBLE.length()) {
        DOUBLES.apply(DoubleVector.fromArray(DOUBLE, x, i + n), right).intoArray(z, k + n);
      }
      if (n < count) {
        VectorMask<Double> rest = DOUBLE.indexInRange(n, count);
        DOUBLES
            .apply(DoubleVector.fromArray(DOUBLE, x, i + n, rest), right)
            .intoArray(z, k + n, rest);
      }
      return;
    }
    for (; n < end; n += DOUBLE.length()) {
      DOUBLES
          .apply(DoubleVector.fromArray(DOUBLE, x, i + n), DoubleVector.fromArray(DOUBLE, y, j + n))
          .intoArray(z, k + n);
    }
    if (n < count) {
      VectorMask<Double> rest = DOUBLE.indexInRange(n, count);
      DOUBLES
          .apply(
              DoubleVector.fromArray(DOUBLE, x, i + n, rest),
              DoubleVector.fromArray(DOUBLE, y, j + n, rest))
          .intoArray(z, k + n, rest);
    }
  }
}

package dev.fluxion.tensor;

import java.lang.invoke.MethodHandles;
import java.util.function.DoubleUnaryOperator;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** A template of loops around a function of a vector. */
final class VectorUnaryLoops implements Unary.Loops {
  private static final VectorSpecies<Float> FLOAT = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLE = DoubleVector.SPECIES_PREFERRED;
  private static final VectorFunctions.OneVector FUNCTION =
      Template.data(MethodHandles.lookup(), VectorFunctions.OneVector.class);
  private static final VectorFunctions.OfFloat FLOATS = FUNCTION.floats();
  private static final VectorFunctions.@Nullable OfDouble DOUBLES = FUNCTION.doubles();
  private static final DoubleUnaryOperator SCALAR = FUNCTION.scalar().doubles();

  @Override
  public void run(float[] x, float[] y, int from, int to) {
    int end = from + FLOAT.loopBound(to - from);
    int i = from;
    for (; i < end; i += FLOAT.length()) {
      FLOATS.apply(FloatVector.fromArray(FLOAT, x, i)).intoArray(y, i);
    }
    if (i < to) {
      VectorMask<Float> rest = FLOAT.indexInRange(i, to);
      FLOATS.apply(FloatVector.fromArray(FLOAT, x, i, rest)).intoArray(y, i, rest);
    }
  }

  @Override
  public void run(double[] x, double[] y, int from, int to) {
    if (DOUBLES == null) {
      for (int i = from; i < to; i++) {
        y[i] = SCALAR.applyAsDouble(x[i]);
      }
      return;
    }
    int end = from + DOUBLE.loopBound(to - from);
    int i = from;
    for (; i < end; i += DOUBLE.length()) {
      DOUBLES.apply(DoubleVector.fromArray(DOUBLE, x, i)).intoArray(y, i);
    }
    if (i < to) {
      VectorMask<Double> rest = DOUBLE.indexInRange(i, to);
      DOUBLES.apply(DoubleVector.fromArray(DOUBLE, x, i, rest)).intoArray(y, i, rest);
    }
  }
}

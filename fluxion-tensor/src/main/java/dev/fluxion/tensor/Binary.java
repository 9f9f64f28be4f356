package dev.fluxion.tensor;

import java.util.function.DoubleBinaryOperator;
import org.jspecify.annotations.Nullable;

/** A function of two numbers and its loops over arrays. */
final class Binary implements Entrywise {
  private final String name;
  private final int cost;
  private final boolean isTruth;
  private final OfFloats floats;
  private final DoubleBinaryOperator doubles;
  private volatile @Nullable Loops scalar;
  private volatile @Nullable Loops vector;

  /** A function of two floats. */
  interface OfFloats {
    float apply(float x, float y);
  }

  /**
   * Loops that set elements of {@code z} from index {@code k} on to the function of those of {@code
   * x} from {@code i} and {@code y} from {@code j} on; a step of 0 stays on one element.
   */
  interface Loops {
    void run(float[] x, int i, int dx, float[] y, int j, int dy, float[] z, int k, int count);

    void run(double[] x, int i, int dx, double[] y, int j, int dy, double[] z, int k, int count);
  }

  Binary(String name, int cost, OfFloats floats, DoubleBinaryOperator doubles) {
    this(name, cost, false, floats, doubles);
  }

  private Binary(
      String name, int cost, boolean isTruth, OfFloats floats, DoubleBinaryOperator doubles) {
    this.name = name;
    this.cost = cost;
    this.isTruth = isTruth;
    this.floats = floats;
    this.doubles = doubles;
  }

  /** A function whose values, 0 and 1, are truth values. */
  static Binary truth(String name, OfFloats floats, DoubleBinaryOperator doubles) {
    return new Binary(name, 1, true, floats, doubles);
  }

  boolean isTruth() {
    return isTruth;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int cost() {
    return cost;
  }

  OfFloats floats() {
    return floats;
  }

  DoubleBinaryOperator doubles() {
    return doubles;
  }

  Loops loops(int size) {
    if (size >= Elementwise.WORTH_VECTORS && Vectors.ARE_THERE) {
      Loops found = vector;
      if (found == null) {
        found =
            VectorFunctions.has(this) ? new VectorBinaryLoops(this, scalarLoops()) : scalarLoops();
        vector = found;
      }
      return found;
    }
    return scalarLoops();
  }

  private Loops scalarLoops() {
    Loops found = scalar;
    if (found == null) {
      found = Template.copy(BinaryLoops.class, this, Loops.class);
      scalar = found;
    }
    return found;
  }
}

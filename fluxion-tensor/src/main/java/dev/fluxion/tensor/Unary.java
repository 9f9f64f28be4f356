package dev.fluxion.tensor;

import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** A function of one number and its loops over arrays. */
final class Unary {
  private final String name;
  private final int cost;
  private final boolean isTruth;
  private final OfFloat floats;
  private final DoubleUnaryOperator doubles;
  private volatile @Nullable Loops scalar;
  private volatile @Nullable Loops vector;

  /** A function of a float. */
  interface OfFloat {
    float apply(float x);
  }

  /** Loops that set {@code y} to the function of {@code x} for a range of indices. */
  interface Loops {
    void run(float[] x, float[] y, int from, int to);

    void run(double[] x, double[] y, int from, int to);
  }

  /**
   * A function.
   *
   * @param cost about how many times the work of an addition it is
   */
  Unary(String name, int cost, OfFloat floats, DoubleUnaryOperator doubles) {
    this(name, cost, false, floats, doubles);
  }

  private Unary(
      String name, int cost, boolean isTruth, OfFloat floats, DoubleUnaryOperator doubles) {
    this.name = name;
    this.cost = cost;
    this.isTruth = isTruth;
    this.floats = floats;
    this.doubles = doubles;
  }

  /** A function whose values, 0 and 1, are truth values. */
  static Unary truth(String name, OfFloat floats, DoubleUnaryOperator doubles) {
    return new Unary(name, 1, true, floats, doubles);
  }

  boolean isTruth() {
    return isTruth;
  }

  String name() {
    return name;
  }

  int cost() {
    return cost;
  }

  OfFloat floats() {
    return floats;
  }

  DoubleUnaryOperator doubles() {
    return doubles;
  }

  /** The loops for arrays of a size: vector instructions pay from a few vectors on. */
  Loops loops(int size) {
    if (size >= Elementwise.WORTH_VECTORS && Vectors.ARE_THERE) {
      Loops found = vector;
      if (found == null) {
        found =
            VectorFunctions.has(this) ? new VectorUnaryLoops(this, scalarLoops()) : scalarLoops();
        vector = found;
      }
      return found;
    }
    return scalarLoops();
  }

  private Loops scalarLoops() {
    Loops found = scalar;
    if (found == null) {
      found = Template.copy(UnaryLoops.class, this, Loops.class);
      scalar = found;
    }
    return found;
  }
}

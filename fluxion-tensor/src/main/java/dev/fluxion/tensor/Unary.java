package dev.fluxion.tensor;

import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** A function of one number and its loops over arrays. */
final class Unary implements Entrywise {
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

  /**
   * Loops that set elements of {@code y} from index {@code k} on to the function of those of {@code
   * x} from {@code i} on.
   */
  interface Loops {
    void run(float[] x, int i, float[] y, int k, int count);

    void run(double[] x, int i, double[] y, int k, int count);
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

  @Override
  public String name() {
    return name;
  }

  @Override
  public int cost() {
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

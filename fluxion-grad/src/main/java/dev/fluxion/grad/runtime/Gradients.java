package dev.fluxion.grad.runtime;

import dev.fluxion.grad.GradientException;
import dev.fluxion.grad.VectorSpace;
import org.jspecify.annotations.Nullable;

/**
 * What a derivative within differentiated code returns, in plain Java, so that it is differentiated
 * with the rest.
 */
public final class Gradients {
  private Gradients() {}

  /** A loss as a number. */
  public static double number(Object loss) {
    if (loss instanceof Double number) {
      return number;
    }
    if (loss instanceof Float number) {
      return number;
    }
    if (loss instanceof VectorSpace<?> vector) {
      return vector.item();
    }
    throw new GradientException(
        "a loss returns a double, a float or a tensor with one element, not what it returned here");
  }

  /**
   * The gradient in an argument.
   *
   * @param primal the argument
   * @param adjoint its shadow, or its adjoint if it is a vector
   */
  public static @Nullable Object of(@Nullable Object primal, @Nullable Object adjoint) {
    if (primal == null) {
      return null;
    }
    if (primal instanceof Double) {
      return adjoint == null ? 0.0 : ((Shadow) adjoint).numbers[0];
    }
    if (primal instanceof Float) {
      return adjoint == null ? 0f : (float) ((Shadow) adjoint).numbers[0];
    }
    if (primal instanceof VectorSpace<?>) {
      Object vector = adjoint instanceof Shadow cell ? cell.references[0] : adjoint;
      return Tangents.vector(vector, primal);
    }
    if (adjoint instanceof double[] || adjoint instanceof float[]) {
      return adjoint;
    }
    if (adjoint instanceof double[][] || adjoint instanceof float[][]) {
      return adjoint;
    }
    throw new GradientException(
        "a gradient within differentiated code is one of a number, a tensor, an array of numbers or"
            + " a record of these, not of another object");
  }
}

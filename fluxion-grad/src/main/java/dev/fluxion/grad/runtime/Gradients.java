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
   * The shadow of an argument that changes in a direction.
   *
   * @param primal the argument
   * @param direction of the same type and shape
   */
  public static Object tangent(Object primal, Object direction) {
    if (primal instanceof Double && direction instanceof Double number) {
      return Tangents.cell((double) number);
    }
    if (primal instanceof Float && direction instanceof Float number) {
      return Tangents.cell((double) number);
    }
    if (primal instanceof VectorSpace<?> && direction instanceof VectorSpace<?>) {
      return Tangents.cell(direction);
    }
    if (primal instanceof double[] at && direction instanceof double[] numbers) {
      checkLength(at.length, numbers.length);
      return numbers.clone();
    }
    if (primal instanceof float[] at && direction instanceof float[] numbers) {
      checkLength(at.length, numbers.length);
      return numbers.clone();
    }
    if (primal instanceof double[][] at && direction instanceof double[][] rows) {
      checkLength(at.length, rows.length);
      double[][] shadow = new double[rows.length][];
      for (int i = 0; i < rows.length; i++) {
        checkLength(at[i].length, rows[i].length);
        shadow[i] = rows[i].clone();
      }
      return shadow;
    }
    throw new GradientException(
        "a directional derivative within differentiated code is one along a number, a tensor or an"
            + " array of numbers, with a direction of the same type, not along another object");
  }

  /**
   * Adds a cotangent of a value to the value's shadow.
   *
   * @param cotangent of the value's type and shape
   */
  public static void seed(Object value, @Nullable Object shadow, @Nullable Object cotangent) {
    if (value instanceof Double && cotangent instanceof Double number) {
      Adjoints.addToCell(shadow, (double) number);
    } else if (value instanceof Float && cotangent instanceof Float number) {
      Adjoints.addToCell(shadow, (double) number);
    } else if (value instanceof VectorSpace<?> && cotangent instanceof VectorSpace<?>) {
      Adjoints.addToCell(shadow, cotangent);
    } else if (shadow instanceof double[] sums && cotangent instanceof double[] numbers) {
      checkLength(sums.length, numbers.length);
      Adjoints.add(sums, numbers);
    } else if (shadow instanceof float[] sums && cotangent instanceof float[] numbers) {
      checkLength(sums.length, numbers.length);
      Adjoints.add(sums, numbers);
    } else {
      throw new GradientException(
          "a pullback within differentiated code is one of a number, a tensor or an array of"
              + " numbers, with a cotangent of the same type, not of another object");
    }
  }

  /** A gradient that later reverse sweeps do not change. */
  public static @Nullable Object copy(@Nullable Object gradient) {
    if (gradient instanceof double[] numbers) {
      return numbers.clone();
    }
    if (gradient instanceof float[] numbers) {
      return numbers.clone();
    }
    if (gradient instanceof double[][] rows) {
      double[][] copy = new double[rows.length][];
      for (int i = 0; i < rows.length; i++) {
        copy[i] = rows[i].clone();
      }
      return copy;
    }
    return gradient;
  }

  private static void checkLength(int length, int given) {
    if (length != given) {
      throw new GradientException(
          "what belongs to an array of length " + length + " has length " + given);
    }
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

package dev.fluxion.grad;

import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import org.jspecify.annotations.Nullable;

/**
 * Derivatives within differentiated code that are made of those that {@link Nesting} writes out:
 * each method here stands for the one of {@link Grad} that has its name and type.
 */
final class Compositions {
  private Compositions() {}

  /** The function to run in place of a derivative, or null when there is none. */
  static @Nullable Function find(MethodRef method) {
    if (!Nesting.isDerivative(method) || Nesting.isWrittenOut(method)) {
      return null;
    }
    Declared declared = Methods.find(Compositions.class, method.name(), method.type());
    return declared == null ? null : Methods.function(declared);
  }

  static double[][] jacobian(Fn1<double[], double[]> f, double[] x) {
    int columns = x.length;
    double[][] transposed = new double[columns][];
    for (int j = 0; j < columns; j++) {
      transposed[j] = Grad.jvp(f, x.clone(), unit(columns, j)).tangent();
    }
    int rows = requireNonNull(columns == 0 ? f.apply(x) : transposed[0]).length;
    double[][] jacobian = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        jacobian[i][j] = transposed[j][i];
      }
    }
    return jacobian;
  }

  static <R> double[][] hessian(Fn1<double[], R> f, double[] x) {
    double[][] hessian = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      double[] row =
          Grad.jvp((double[] p) -> Grad.gradient(f, p), x.clone(), unit(x.length, i)).tangent();
      hessian[i] = row;
    }
    return hessian;
  }

  static <T, R> T hessianVectorProduct(Fn1<T, R> f, T x, T v) {
    return Grad.jvp((T p) -> Grad.gradient(f, p), x, v).tangent();
  }

  private static double[] unit(int length, int index) {
    double[] unit = new double[length];
    unit[index] = 1;
    return unit;
  }
}

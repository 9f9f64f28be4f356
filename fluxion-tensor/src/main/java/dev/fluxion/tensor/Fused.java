package dev.fluxion.tensor;

import dev.fluxion.grad.Grad;
import dev.fluxion.grad.Pointwise;
import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Scalar1;
import dev.fluxion.grad.Scalar2;
import dev.fluxion.grad.Scalar3;
import dev.fluxion.grad.ScalarFunction;

/**
 * Functions of the user's own, applied to tensors element by element.
 *
 * <p>A function whose code can stand in a loop gets a loop of its own, whose derivatives are loops
 * again, made of the function's partial derivatives. All else is called element by element, in
 * plain Java that is differentiated as such: that follows what the function calls, and what it
 * captured.
 */
final class Fused {
  private Fused() {}

  static Tensor map(Scalar1 f, Tensor x) {
    return isLoop(f)
        ? run(Kernel.around(f), numbers(f).and(Tuple.of(x))).get(0)
        : each(f, x, x.shape());
  }

  static Tensor map(Scalar2 f, Tensor x, Tensor y) {
    return isLoop(f)
        ? run(Kernel.around(f), numbers(f).and(Tuple.of(x, y))).get(0)
        : each(f, x, y, common(x, y));
  }

  static Tensor map(Scalar3 f, Tensor x, Tensor y, Tensor z) {
    return isLoop(f)
        ? run(Kernel.around(f), numbers(f).and(Tuple.of(x, y, z))).get(0)
        : each(f, x, y, z, common(x.broadcastTo(common(x, y)), z));
  }

  /**
   * Sets the elements of the first tensor to what a function makes of them and the others'. Returns
   * false where that cannot be done in place.
   */
  static boolean update(ScalarFunction f, Tuple xs) {
    return isLoop(f) && Kernel.around(f).update(numbers(f), xs);
  }

  /** Says what is wrong where a tensor cannot be changed by a function of it and another. */
  @Primitive(TupleRules.class)
  static void requireUpdate(Tensor x, Tensor other) {
    DType.requireFloatingPoint("update", x);
    DType.requireSame("update", x, other);
    int[] shape = Shapes.broadcast("update", x.dimensions(), other.dimensions());
    if (!Shapes.areEqual(shape, x.dimensions())) {
      throw new ShapeException(
          "update of "
              + ShapeException.text(x.dimensions())
              + " and "
              + ShapeException.text(other.dimensions())
              + ": a tensor that is changed does not stretch");
    }
  }

  private static Tensor each(Scalar1 f, Tensor x, int[] shape) {
    DType.requireFloatingPoint("map", x);
    double[] a = x.toDoubleArray();
    double[] to = new double[a.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = f.apply(a[i]);
    }
    return Tensor.of(to, shape).cast(x.dtype());
  }

  private static Tensor each(Scalar2 f, Tensor x, Tensor y, int[] shape) {
    DType.requireFloatingPoint("map", x);
    double[] a = x.broadcastTo(shape).toDoubleArray();
    double[] b = y.broadcastTo(shape).toDoubleArray();
    double[] to = new double[a.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = f.apply(a[i], b[i]);
    }
    return Tensor.of(to, shape).cast(x.dtype());
  }

  private static Tensor each(Scalar3 f, Tensor x, Tensor y, Tensor z, int[] shape) {
    DType.requireFloatingPoint("map", x);
    double[] a = x.broadcastTo(shape).toDoubleArray();
    double[] b = y.broadcastTo(shape).toDoubleArray();
    double[] c = z.broadcastTo(shape).toDoubleArray();
    double[] to = new double[a.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = f.apply(a[i], b[i], c[i]);
    }
    return Tensor.of(to, shape).cast(x.dtype());
  }

  /**
   * Whether a function becomes a loop: not where it reads, each time, objects that are
   * differentiated.
   */
  private static boolean isLoop(ScalarFunction f) {
    boolean leadsOn = Pointwise.isActive(f) && Pointwise.readsObjects(f);
    return !leadsOn && Kernel.isThere(f, Grad.isTraining());
  }

  private static Tuple numbers(ScalarFunction f) {
    return Tuple.ofNumbers(Pointwise.numbers(f));
  }

  @Primitive(TupleRules.class)
  static int[] common(Tensor x, Tensor y) {
    DType.requireSame("map", x, y);
    return Shapes.broadcast("map", x.dimensions(), y.dimensions());
  }

  @Primitive(TupleRules.class)
  static Tuple run(Kernel kernel, Tuple xs) {
    return kernel.run(xs);
  }
}

package dev.fluxion.tensor;

import dev.fluxion.grad.Scalar1;
import dev.fluxion.grad.Scalar2;
import dev.fluxion.grad.Scalar3;
import java.util.Arrays;

/** Functions of the user's own, applied to tensors of one shape in one loop. */
final class Fused {
  private static final int RUN = 4096;
  private static final int GRAIN = 1 << 14;

  /** Loops for the functions of one class: a lambda's captured values differ, its code does not. */
  private static final ClassValue<Loops> LOOPS =
      new ClassValue<>() {
        @Override
        protected Loops computeValue(Class<?> function) {
          return Template.copy(FusedLoops.class, function.getName(), Loops.class);
        }
      };

  interface Loops {
    void run(Scalar1 f, Buffer x, Buffer to, int from, int end);

    void run(Scalar2 f, Buffer x, Buffer y, Buffer to, int from, int end);

    void run(Scalar3 f, Buffer x, Buffer y, Buffer z, Buffer to, int from, int end);
  }

  /** A call of a loop. */
  private interface Call {
    void run(Buffer to, int from, int end);
  }

  private Fused() {}

  static Tensor map(Scalar1 f, Tensor x) {
    Loops loops = LOOPS.get(f.getClass());
    Buffer a = floating(x);
    return run(x, (to, from, end) -> loops.run(f, a, to, from, end));
  }

  static Tensor map(Scalar2 f, Tensor x, Tensor y) {
    requireAlike(x, y);
    Loops loops = LOOPS.get(f.getClass());
    Buffer a = floating(x);
    Buffer b = y.buffer();
    return run(x, (to, from, end) -> loops.run(f, a, b, to, from, end));
  }

  static Tensor map(Scalar3 f, Tensor x, Tensor y, Tensor z) {
    requireAlike(x, y);
    requireAlike(x, z);
    Loops loops = LOOPS.get(f.getClass());
    Buffer a = floating(x);
    Buffer b = y.buffer();
    Buffer c = z.buffer();
    return run(x, (to, from, end) -> loops.run(f, a, b, c, to, from, end));
  }

  private static Buffer floating(Tensor x) {
    DType.requireFloatingPoint("map", x);
    return x.buffer();
  }

  private static void requireAlike(Tensor x, Tensor y) {
    DType.requireSame("map", x, y);
    if (!Arrays.equals(x.dimensions(), y.dimensions())) {
      throw new ShapeException(
          "map over "
              + ShapeException.text(x.dimensions())
              + " and "
              + ShapeException.text(y.dimensions())
              + ": the shapes must be equal");
    }
  }

  private static Tensor run(Tensor x, Call call) {
    Buffer to = new Buffer(x.dtype(), x.size());
    Parallel.ranges(
        x.size(),
        GRAIN,
        (start, end) -> {
          for (int i = start; i < end; i += RUN) {
            call.run(to, i, Math.min(end, i + RUN));
          }
        });
    return new Tensor(x.dimensions(), to);
  }
}

package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/**
 * First values of weights, drawn from the generator that is passed: the same seed gives the same
 * weights.
 *
 * <p>How much a weight may vary depends on its layer's fan: the number of inputs that an output
 * sums up, and of outputs that an input reaches. It is read off the shape: (in, out) of a matrix,
 * (out, in, height, width) of kernels.
 */
public final class Initialisers {
  private Initialisers() {}

  /** Zeros; takes a generator so that it stands where the others do. */
  public static Tensor zeros(RandomGenerator random, int... shape) {
    return Tensor.zeros(shape);
  }

  /** Uniform in ±sqrt(6 / (in + out)) (Glorot and Bengio, 2010): for tanh and sigmoid. */
  public static Tensor glorotUniform(RandomGenerator random, int... shape) {
    Fan fan = Fan.of(shape);
    return uniform(random, Math.sqrt(6.0 / (fan.in + fan.out)), shape);
  }

  /** Normal with variance 2 / (in + out) (Glorot and Bengio, 2010): for tanh and sigmoid. */
  public static Tensor glorotNormal(RandomGenerator random, int... shape) {
    Fan fan = Fan.of(shape);
    return normal(random, Math.sqrt(2.0 / (fan.in + fan.out)), shape);
  }

  /** Uniform in ±sqrt(6 / in) (He et al., 2015): for relu. */
  public static Tensor heUniform(RandomGenerator random, int... shape) {
    return uniform(random, Math.sqrt(6.0 / Fan.of(shape).in), shape);
  }

  /** Normal with variance 2 / in (He et al., 2015): for relu. */
  public static Tensor heNormal(RandomGenerator random, int... shape) {
    return normal(random, Math.sqrt(2.0 / Fan.of(shape).in), shape);
  }

  /** Uniform in ±sqrt(3 / in) (LeCun et al., 1998): for selu. */
  public static Tensor lecunUniform(RandomGenerator random, int... shape) {
    return uniform(random, Math.sqrt(3.0 / Fan.of(shape).in), shape);
  }

  /** Normal with variance 1 / in (LeCun et al., 1998): for selu. */
  public static Tensor lecunNormal(RandomGenerator random, int... shape) {
    return normal(random, Math.sqrt(1.0 / Fan.of(shape).in), shape);
  }

  /** Uniform between minus and plus a limit. */
  public static Tensor uniform(RandomGenerator random, double limit, int... shape) {
    return drawn(() -> random.nextDouble(-limit, limit), shape);
  }

  /** Normal with mean 0 and a standard deviation. */
  public static Tensor normal(RandomGenerator random, double deviation, int... shape) {
    return drawn(() -> random.nextGaussian() * deviation, shape);
  }

  private static Tensor drawn(DoubleSupplier numbers, int[] shape) {
    float[] data = new float[product(shape, 0)];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) numbers.getAsDouble();
    }
    return Tensor.of(data, shape);
  }

  private static int product(int[] shape, int from) {
    return Arrays.stream(shape).skip(from).reduce(1, Math::multiplyExact);
  }

  private record Fan(int in, int out) {
    static Fan of(int[] shape) {
      return switch (shape.length) {
        case 0, 1 ->
            throw new IllegalArgumentException(
                "weights of shape %s have no inputs and outputs: a matrix (in, out) or kernels (out, in, height, width) are expected"
                    .formatted(Arrays.toString(shape)));
        case 2 -> new Fan(shape[0], shape[1]);
        default -> {
          int area = product(shape, 2);
          yield new Fan(shape[1] * area, shape[0] * area);
        }
      };
    }
  }
}

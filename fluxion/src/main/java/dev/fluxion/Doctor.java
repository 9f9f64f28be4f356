package dev.fluxion;

import dev.fluxion.grad.Grad;
import dev.fluxion.grad.ValueAndGradient;
import dev.fluxion.nn.Adam;
import dev.fluxion.nn.Chain;
import dev.fluxion.nn.Conv;
import dev.fluxion.nn.Dense;
import dev.fluxion.nn.Losses;
import dev.fluxion.nn.MaxPool;
import dev.fluxion.tensor.NativeMath;
import dev.fluxion.tensor.Tensor;
import java.util.Random;

/**
 * The part of {@code fluxion doctor} that needs Fluxion itself: says which of the machine's
 * abilities are within reach of this JVM, differentiates a little and looks whether the result is
 * right. It goes through what programs usually go through first, so it is also the training run of
 * the start-up cache.
 */
final class Doctor {
  private Doctor() {}

  public static void main(String[] arguments) {
    System.out.println(NativeMath.description());
    System.out.println("GPU: no back end yet");
    double slope = Grad.gradient(x -> power(x, 3) + Math.sin(x), 2.0);
    double error = Math.abs(slope - (12 + Math.cos(2)));
    double[] slopes = Grad.gradient(x -> x[0] * Math.exp(x[1]), new double[] {3, 0});
    error += Math.abs(slopes[0] - 1) + Math.abs(slopes[1] - 3);
    if (!(error < 1e-12) || !learns()) {
      System.out.println("gradients: WRONG, by " + error);
      System.exit(1);
    }
    System.out.println("gradients: right");
  }

  private static double power(double x, int n) {
    double r = 1;
    for (int i = 0; i < n; i++) {
      r *= x;
    }
    return r;
  }

  /** Whether a small network's loss falls. */
  private static boolean learns() {
    Random random = new Random(1);
    Chain model =
        Chain.of(
            Conv.of(1, 2, 3, random),
            Tensor::relu,
            new MaxPool(2),
            Tensor::flatten,
            Dense.of(18, 8, random),
            Tensor::tanh,
            Dense.of(8, 3, random));
    float[] pixels = new float[3 * 64];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    Tensor images = Tensor.of(pixels, 3, 1, 8, 8);
    int[] labels = {0, 1, 2};
    Adam adam = new Adam(1e-2);
    double first = Double.NaN;
    double last = Double.NaN;
    for (int step = 0; step < 20; step++) {
      ValueAndGradient<Chain> result =
          Grad.valueAndGradient(m -> Losses.logitCrossEntropy(m.apply(images), labels), model);
      adam.update(model, result.gradient());
      last = result.value();
      first = step == 0 ? last : first;
    }
    return last < first;
  }
}

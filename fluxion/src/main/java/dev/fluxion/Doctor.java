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
    error += differenceOfModes(new double[] {0.3, -0.7, 1.1, 0.4, 0.9, -0.2});
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

  /** By how much a reverse and a forward derivative differ, and those of the derivative. */
  private static double differenceOfModes(double[] at) {
    double[] direction = {1, -0.5, 0.25, 2, 0.5, -1};
    double[] gradient = Grad.gradient(x -> springs(x), at);
    double slope = Grad.jvp(x -> springs(x), at, direction).tangent();
    double[] product = Grad.hessianVectorProduct(x -> springs(x), at, direction);
    double[][] hessian = Grad.hessian(x -> springs(x), at);
    double difference = Math.abs(dot(gradient, direction) - slope);
    for (int i = 0; i < at.length; i++) {
      difference = Math.max(difference, Math.abs(dot(hessian[i], direction) - product[i]));
    }
    return difference;
  }

  private record Energy(double kinetic, double potential) {
    double total() {
      return kinetic + potential;
    }
  }

  /** The energy of balls on springs after some steps: arrays, loops, branches and a record. */
  private static double springs(double[] start) {
    int n = start.length / 2;
    double[] place = new double[n];
    double[] speed = new double[n];
    for (int i = 0; i < n; i++) {
      place[i] = start[i];
      speed[i] = start[n + i];
    }
    double lost = 0;
    int steps = 0;
    while (steps < 4 && lost < 100) {
      double[][] force = new double[n][n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++) {
          double apart = Math.sqrt(square(place[i] - place[j]) + 0.01);
          force[i][j] = apart > 2 ? Math.exp(2 - apart) : apart - 1;
          force[j][i] = -force[i][j];
        }
      }
      for (int i = 0; i < n; i++) {
        double drag =
            switch (i % 3) {
              case 0 -> 0.1;
              case 1 -> 0.1 * Math.abs(speed[i]);
              default -> Math.log1p(square(speed[i]));
            };
        lost += drag * square(speed[i]);
        speed[i] += 0.1 * (dot(force[i], place) - drag * speed[i]);
        place[i] += 0.1 * speed[i];
        if (place[i] < -1) {
          place[i] = -2 - place[i];
          speed[i] = -0.9 * speed[i];
          continue;
        }
        lost += Math.max(0, place[i] - 3);
      }
      steps++;
    }
    Energy energy = new Energy(0.5 * dot(speed, speed), Math.tanh(dot(place, place) / n));
    return energy.total() + Math.atan2(lost, 1 + power(place[0], 2));
  }

  private static double square(double x) {
    return x * x;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
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

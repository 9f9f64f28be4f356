package dev.fluxion.bench.rows;

import dev.fluxion.bench.Inputs;
import dev.fluxion.bench.Workload;

/** Newton's iteration for the square roots of a million numbers, each until it is good enough. */
public final class Newton implements Workload {
  private final double[] numbers = numbers();

  static double[] numbers() {
    double[] numbers = Inputs.u(5, 1_000_000);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (numbers[i] + 1) / 2 * 99 + 1;
    }
    return numbers;
  }

  static double root(double a) {
    double x = a;
    while (Math.abs(x * x - a) > 1e-6) {
      x = (x + a / x) / 2;
    }
    return x;
  }

  static double sumOfRoots(double[] numbers) {
    double sum = 0;
    for (int i = 0; i < numbers.length; i++) {
      sum += root(numbers[i]);
    }
    return sum;
  }

  @Override
  public double check() {
    return sumOfRoots(numbers);
  }

  @Override
  public Object run() {
    return sumOfRoots(numbers);
  }
}

package dev.fluxion.bench.rows;

import dev.fluxion.bench.Inputs;
import dev.fluxion.bench.Norms;
import dev.fluxion.bench.Workload;
import dev.fluxion.grad.Grad;

/**
 * The log-likelihood of a mixture of Gaussians under a Wishart prior, as in ADBench (Srajer,
 * Kukelova and Fitzgibbon, 2018), without its constants: the gradient in all parameters.
 */
public final class GaussianMixture implements Workload {
  static final int D = 10;
  static final int K = 25;
  static final int N = 1000;
  static final int FACTOR = D + D * (D - 1) / 2;

  /**
   * The parameters.
   *
   * @param weights of each component, the logarithm up to a constant
   * @param means of each component, {@code D} numbers
   * @param factors of each component the inverse covariance's Cholesky factor: the logarithms of
   *     its diagonal, then its strictly lower rows
   */
  record Parameters(double[] weights, double[] means, double[] factors) {}

  private final Parameters parameters = parameters();
  private final double[] points = points();

  static double[] points() {
    return Inputs.u(4, N * D);
  }

  static Parameters parameters() {
    double[] factors = Inputs.u(3, K * FACTOR);
    for (int i = 0; i < factors.length; i++) {
      factors[i] *= 0.5;
    }
    return new Parameters(Inputs.u(1, K), Inputs.u(2, K * D), factors);
  }

  static double logSumExp(double[] x) {
    double max = x[0];
    for (int i = 1; i < x.length; i++) {
      max = Math.max(max, x[i]);
    }
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += Math.exp(x[i] - max);
    }
    return max + Math.log(sum);
  }

  static double logLikelihood(Parameters p, double[] points) {
    double[] diagonals = new double[K * D];
    double[] logDeterminants = new double[K];
    double prior = 0;
    for (int k = 0; k < K; k++) {
      int factor = k * FACTOR;
      for (int i = 0; i < D; i++) {
        double log = p.factors[factor + i];
        double diagonal = Math.exp(log);
        diagonals[k * D + i] = diagonal;
        logDeterminants[k] += log;
        prior += diagonal * diagonal;
      }
      for (int i = D; i < FACTOR; i++) {
        double below = p.factors[factor + i];
        prior += below * below;
      }
    }
    double[] terms = new double[K];
    double[] centred = new double[D];
    double sum = 0;
    for (int n = 0; n < N; n++) {
      for (int k = 0; k < K; k++) {
        for (int i = 0; i < D; i++) {
          centred[i] = points[n * D + i] - p.means[k * D + i];
        }
        double squares = 0;
        int below = k * FACTOR + D;
        for (int i = 0; i < D; i++) {
          double row = diagonals[k * D + i] * centred[i];
          for (int j = 0; j < i; j++) {
            row += p.factors[below + j] * centred[j];
          }
          below += i;
          squares += row * row;
        }
        terms[k] = p.weights[k] + logDeterminants[k] - 0.5 * squares;
      }
      sum += logSumExp(terms);
    }
    return sum - N * logSumExp(p.weights) + 0.5 * prior;
  }

  private Parameters gradient() {
    return Grad.gradient(p -> logLikelihood(p, points), parameters);
  }

  @Override
  public double check() {
    Parameters g = gradient();
    return Norms.norm(g.weights, g.means, g.factors);
  }

  @Override
  public Object run() {
    return gradient();
  }
}

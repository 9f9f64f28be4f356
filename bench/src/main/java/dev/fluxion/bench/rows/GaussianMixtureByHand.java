package dev.fluxion.bench.rows;

import static dev.fluxion.bench.rows.GaussianMixture.D;
import static dev.fluxion.bench.rows.GaussianMixture.FACTOR;
import static dev.fluxion.bench.rows.GaussianMixture.K;
import static dev.fluxion.bench.rows.GaussianMixture.N;

import dev.fluxion.bench.Norms;
import dev.fluxion.bench.Workload;
import dev.fluxion.bench.rows.GaussianMixture.Parameters;

/**
 * What a careful person would write for {@link GaussianMixture}: the adjoint of each point follows
 * its own primal, so that what is kept is that of one point.
 */
public final class GaussianMixtureByHand implements Workload {
  private final Parameters parameters = GaussianMixture.parameters();
  private final double[] points = GaussianMixture.points();
  private final double[] centred = new double[K * D];
  private final double[] rows = new double[K * D];

  @Override
  public double check() {
    Parameters g = gradient(parameters);
    return Norms.norm(g.weights(), g.means(), g.factors());
  }

  @Override
  public Object run() {
    return gradient(parameters);
  }

  private Parameters gradient(Parameters p) {
    double[] weights = p.weights();
    double[] means = p.means();
    double[] factors = p.factors();
    double[] diagonals = new double[K * D];
    double[] logDeterminants = new double[K];
    for (int k = 0; k < K; k++) {
      for (int i = 0; i < D; i++) {
        double log = factors[k * FACTOR + i];
        diagonals[k * D + i] = Math.exp(log);
        logDeterminants[k] += log;
      }
    }
    double[] dWeights = new double[K];
    double[] dMeans = new double[K * D];
    double[] dFactors = new double[K * FACTOR];
    double[] dDiagonals = new double[K * D];
    double[] dLogDeterminants = new double[K];
    double[] terms = new double[K];
    for (int n = 0; n < N; n++) {
      for (int k = 0; k < K; k++) {
        terms[k] = weights[k] + logDeterminants[k] - 0.5 * squares(n, k, means, factors, diagonals);
      }
      softmax(terms);
      for (int k = 0; k < K; k++) {
        dWeights[k] += terms[k];
        dLogDeterminants[k] += terms[k];
        reverse(k, -terms[k], factors, diagonals, dMeans, dFactors, dDiagonals);
      }
    }
    double[] shares = weights.clone();
    softmax(shares);
    for (int k = 0; k < K; k++) {
      dWeights[k] -= N * shares[k];
      for (int i = 0; i < D; i++) {
        double diagonal = diagonals[k * D + i];
        double total = dDiagonals[k * D + i] + diagonal;
        dFactors[k * FACTOR + i] += total * diagonal + dLogDeterminants[k];
      }
      for (int i = D; i < FACTOR; i++) {
        dFactors[k * FACTOR + i] += factors[k * FACTOR + i];
      }
    }
    return new Parameters(dWeights, dMeans, dFactors);
  }

  /** The sum of the squares of a point's distances from a mean, keeping what its adjoint reads. */
  private double squares(int n, int k, double[] means, double[] factors, double[] diagonals) {
    for (int i = 0; i < D; i++) {
      centred[k * D + i] = points[n * D + i] - means[k * D + i];
    }
    double squares = 0;
    int below = k * FACTOR + D;
    for (int i = 0; i < D; i++) {
      double row = diagonals[k * D + i] * centred[k * D + i];
      for (int j = 0; j < i; j++) {
        row += factors[below + j] * centred[k * D + j];
      }
      below += i;
      rows[k * D + i] = row;
      squares += row * row;
    }
    return squares;
  }

  private void reverse(
      int k,
      double cotangent,
      double[] factors,
      double[] diagonals,
      double[] dMeans,
      double[] dFactors,
      double[] dDiagonals) {
    int below = k * FACTOR + D;
    for (int i = 0; i < D; i++) {
      double dRow = cotangent * rows[k * D + i];
      dDiagonals[k * D + i] += dRow * centred[k * D + i];
      dMeans[k * D + i] -= dRow * diagonals[k * D + i];
      for (int j = 0; j < i; j++) {
        dFactors[below + j] += dRow * centred[k * D + j];
        dMeans[k * D + j] -= dRow * factors[below + j];
      }
      below += i;
    }
  }

  private static void softmax(double[] x) {
    double max = x[0];
    for (int i = 1; i < x.length; i++) {
      max = Math.max(max, x[i]);
    }
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.exp(x[i] - max);
      sum += x[i];
    }
    for (int i = 0; i < x.length; i++) {
      x[i] /= sum;
    }
  }
}

package dev.fluxion.bench.rows;

import dev.fluxion.bench.Norms;
import dev.fluxion.bench.Workload;
import dev.fluxion.grad.Grad;
import dev.fluxion.tensor.Tensor;

/** What {@link GaussianMixture} computes, written with tensors of float64. */
public final class GaussianMixtureTensors implements Workload {
  private static final int D = GaussianMixture.D;
  private static final int K = GaussianMixture.K;
  private static final int N = GaussianMixture.N;
  private static final int FACTOR = GaussianMixture.FACTOR;

  /**
   * Where the entry of a factor's row and column is in (its diagonal, what is below it, a zero).
   */
  private static final int[] ENTRIES = entries();

  record Parameters(Tensor weights, Tensor means, Tensor factors) {}

  private final Parameters parameters;
  private final Tensor points = Tensor.of(GaussianMixture.points(), N, D);

  public GaussianMixtureTensors() {
    GaussianMixture.Parameters p = GaussianMixture.parameters();
    parameters =
        new Parameters(
            Tensor.of(p.weights(), K),
            Tensor.of(p.means(), K, D),
            Tensor.of(p.factors(), K, FACTOR));
  }

  private static int[] entries() {
    int[] entries = new int[D * D];
    int below = D;
    for (int i = 0; i < D; i++) {
      for (int j = 0; j < D; j++) {
        entries[i * D + j] = j < i ? below++ : j == i ? i : FACTOR;
      }
    }
    return entries;
  }

  /** All factors are one matrix with rows for each component, so there is one product. */
  static Tensor logLikelihood(Parameters p, Tensor points) {
    Tensor logs = p.factors.slice(1, 0, D);
    Tensor diagonals = logs.exp();
    Tensor below = p.factors.slice(1, D, FACTOR);
    Tensor zeros = p.weights.zero().reshape(K, 1);
    Tensor factors = diagonals.concat(below, 1).concat(zeros, 1).gather(1, ENTRIES);
    Tensor shifts = factors.reshape(K, D, D).times(p.means.reshape(K, 1, D)).sum(2);
    Tensor rows = points.matmul(factors.reshape(K * D, D).transpose());
    Tensor squares =
        Tensor.map((row, shift) -> (row - shift) * (row - shift), rows, shifts.reshape(K * D))
            .reshape(N, K, D)
            .sum(2)
            .reshape(N, K);
    Tensor terms = p.weights.plus(logs.sum(1).reshape(K)).minus(squares.times(0.5));
    return terms
        .logSumExp()
        .sum()
        .minus(p.weights.logSumExp().sum().times(N))
        .plus(diagonals.square().sum().plus(below.square().sum()).times(0.5));
  }

  private Parameters gradient() {
    return Grad.gradient(p -> logLikelihood(p, points), parameters);
  }

  @Override
  public double check() {
    Parameters g = gradient();
    return Norms.norm(
        g.weights.toDoubleArray(), g.means.toDoubleArray(), g.factors.toDoubleArray());
  }

  @Override
  public Object run() {
    return gradient();
  }
}

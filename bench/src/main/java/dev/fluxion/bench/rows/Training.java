package dev.fluxion.bench.rows;

import dev.fluxion.bench.Workload;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.ValueAndGradient;
import dev.fluxion.nn.Adam;
import dev.fluxion.nn.Chain;
import dev.fluxion.nn.Losses;
import dev.fluxion.tensor.Tensor;

/** Steps of Adam on the cross entropy of a network on one batch; the check is the fifth loss. */
abstract class Training implements Workload {
  private final Chain model;
  private final Tensor images;
  private final int[] labels;
  private final Adam adam = new Adam(1e-3);

  Training(Chain model, Tensor images, int[] labels) {
    this.model = model;
    this.images = images;
    this.labels = labels;
  }

  private double step() {
    ValueAndGradient<Chain> step =
        Grad.valueAndGradient(m -> Losses.logitCrossEntropy(m.apply(images), labels), model);
    adam.update(model, step.gradient());
    return step.value();
  }

  @Override
  public final double check() {
    double loss = 0;
    for (int i = 0; i < 5; i++) {
      loss = step();
    }
    return loss;
  }

  @Override
  public final Object run() {
    return step();
  }
}

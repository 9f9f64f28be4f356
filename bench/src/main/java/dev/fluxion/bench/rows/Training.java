package dev.fluxion.bench.rows;

import dev.fluxion.bench.Workload;
import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.ValueAndGradient;
import dev.fluxion.nn.Layer;
import dev.fluxion.nn.Losses;
import dev.fluxion.nn.Optimiser;
import dev.fluxion.tensor.Tensor;

/** Steps of an optimiser on the loss of a model on one batch; the check is the last of some. */
abstract class Training<M> implements Workload {
  private final M model;
  private final Fn1<M, Tensor> loss;
  private final Optimiser<?> optimiser;
  private final int steps;

  /**
   * Some training.
   *
   * @param steps after how many of them the loss is compared
   */
  Training(M model, Fn1<M, Tensor> loss, Optimiser<?> optimiser, int steps) {
    this.model = model;
    this.loss = loss;
    this.optimiser = optimiser;
    this.steps = steps;
  }

  /** The cross entropy of a network's logits for an input. */
  static <M extends Layer> Fn1<M, Tensor> crossEntropy(Tensor x, int[] labels) {
    return model -> Losses.logitCrossEntropy(model.apply(x), labels);
  }

  private double step() {
    ValueAndGradient<M> step = Grad.valueAndGradient(loss, model);
    optimiser.update(model, step.gradient());
    return step.value();
  }

  @Override
  public final double check() {
    double last = 0;
    for (int i = 0; i < steps; i++) {
      last = step();
    }
    return last;
  }

  @Override
  public final Object run() {
    return step();
  }
}

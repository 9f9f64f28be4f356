package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The optimiser Adam (Kingma and Ba, 2015): steps by the running mean of the gradient over the root
 * of its running mean square.
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="training"}
 */
public final class Adam {
  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final double rate;
  private final List<Tensor> means = new ArrayList<>();
  private final List<Tensor> squares = new ArrayList<>();
  private int steps;

  /** An optimiser with a learning rate. */
  public Adam(double rate) {
    this.rate = rate;
  }

  /** Changes the model's tensors by one step against the gradient, a model of the same type. */
  public <M> void update(M model, M gradient) {
    List<Tensor> parameters = Parameters.of(model);
    List<Tensor> gradients = Parameters.of(gradient);
    steps++;
    double first = 1 - Math.pow(BETA_1, steps);
    double second = 1 - Math.pow(BETA_2, steps);
    for (int i = 0; i < parameters.size(); i++) {
      Tensor g = gradients.get(i);
      if (means.size() <= i) {
        means.add(g.zero());
        squares.add(g.zero());
      }
      Tensor mean = means.get(i).times(BETA_1).plus(g.times(1 - BETA_1));
      Tensor square = squares.get(i).times(BETA_2).plus(g.square().times(1 - BETA_2));
      means.set(i, mean);
      squares.set(i, square);
      Tensor step = mean.times(rate / first).div(square.times(1 / second).sqrt().plus(EPSILON));
      parameters.get(i).assign(parameters.get(i).minus(step));
    }
  }
}

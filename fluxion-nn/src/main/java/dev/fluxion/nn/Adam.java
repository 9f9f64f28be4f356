package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;

/**
 * The optimiser Adam (Kingma and Ba, 2015): steps along the running mean of the derivative over the
 * root of its running mean square, both freed of their bias towards their start at zero.
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="training"}
 *
 * @param rate the learning rate
 * @param meanDecay the share of the mean that each step keeps, β₁ in the paper
 * @param squareDecay the share of the mean square that each step keeps, β₂
 * @param epsilon added to the root, so that nothing is divided by zero
 * @param states the running means
 */
public record Adam(
    double rate, double meanDecay, double squareDecay, double epsilon, States<Adam.Moments> states)
    implements Optimiser<Adam.Moments> {
  /**
   * Running means.
   *
   * @param mean of the derivative
   * @param square of the derivative's square
   * @param steps how many steps they sum up
   */
  public record Moments(Tensor mean, Tensor square, int steps) {}

  /** Adam with a learning rate and the paper's other constants. */
  public Adam(double rate) {
    this(rate, 0.9, 0.999);
  }

  /** Adam with a learning rate and decays of its own. */
  public Adam(double rate, double meanDecay, double squareDecay) {
    this(rate, meanDecay, squareDecay, 1e-8, new States<>());
  }

  @Override
  public Moments init(Tensor x) {
    return new Moments(x.zero(), x.zero(), 0);
  }

  @Override
  public Step<Moments> apply(Moments moments, Tensor x, Tensor dx) {
    int steps = moments.steps() + 1;
    Tensor mean = moments.mean();
    Tensor square = moments.square();
    mean.update((m, d) -> meanDecay * m + (1 - meanDecay) * d, dx);
    square.update((v, d) -> squareDecay * v + (1 - squareDecay) * d * d, dx);
    double ofMean = rate / (1 - Math.pow(meanDecay, steps));
    double ofSquare = 1 / (1 - Math.pow(squareDecay, steps));
    Tensor change =
        Tensor.map((m, v) -> ofMean * m / (Math.sqrt(ofSquare * v) + epsilon), mean, square);
    return new Step<>(change, new Moments(mean, square, steps));
  }
}

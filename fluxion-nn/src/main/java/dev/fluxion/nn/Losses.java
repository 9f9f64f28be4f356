package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.util.Arrays;

/**
 * Losses: of predictions and targets, averaged over all elements or, with classes, the batch.
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="training"}
 */
public final class Losses {
  private Losses() {}

  /** Cross entropy of (batch, classes) logits and class indices. */
  public static Tensor logitCrossEntropy(Tensor logits, int[] labels) {
    return logits.logSoftmax().pick(labels).mean().neg();
  }

  /** Cross entropy of (batch, classes) logits and as many probabilities. */
  public static Tensor logitCrossEntropy(Tensor logits, Tensor probabilities) {
    requireSame("logitCrossEntropy", logits.shape(), probabilities.shape());
    return logits.logSoftmax().times(probabilities).sum().times(-1.0 / logits.size(0));
  }

  /** Cross entropy of logits and probabilities, each of an event of its own. */
  public static Tensor logitBinaryCrossEntropy(Tensor logits, Tensor probabilities) {
    requireSame("logitBinaryCrossEntropy", logits.shape(), probabilities.shape());
    return Activations.softplus(logits).minus(logits.times(probabilities)).mean();
  }

  /** Mean squared error. */
  public static Tensor mse(Tensor prediction, Tensor target) {
    requireSame("mse", prediction.shape(), target.shape());
    return prediction.minus(target).square().mean();
  }

  /** Mean absolute error. */
  public static Tensor mae(Tensor prediction, Tensor target) {
    requireSame("mae", prediction.shape(), target.shape());
    return absolute(prediction.minus(target)).mean();
  }

  /** {@link #huber(Tensor, Tensor, double)} with a limit of 1. */
  public static Tensor huber(Tensor prediction, Tensor target) {
    return huber(prediction, target, 1);
  }

  /**
   * Mean of {@code e²/2} for errors within a limit and of {@code limit (|e| - limit/2)} beyond, so
   * that outliers pull no harder than the limit (Huber, 1964).
   */
  public static Tensor huber(Tensor prediction, Tensor target, double limit) {
    requireSame("huber", prediction.shape(), target.shape());
    Tensor error = absolute(prediction.minus(target));
    Tensor within = error.minus(error.plus(-limit).relu()); // min(error, limit)
    return within.times(error.minus(within.times(0.5))).mean();
  }

  /** The share of rows of (batch, classes) logits whose greatest is the label's. */
  public static double accuracy(Tensor logits, int[] labels) {
    int[] best = logits.argmax();
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      right += best[i] == labels[i] ? 1 : 0;
    }
    return (double) right / labels.length;
  }

  /** The share of all inputs of some batches that a model gives the greatest logit of the label. */
  public static double accuracy(Layer model, Iterable<Batch<int[]>> batches) {
    double right = 0;
    int count = 0;
    for (Batch<int[]> batch : batches) {
      right += accuracy(model.apply(batch.x()), batch.y()) * batch.y().length;
      count += batch.y().length;
    }
    return right / count;
  }

  private static Tensor absolute(Tensor x) {
    return x.relu().plus(x.neg().relu());
  }

  /** Shapes that stretch to each other would give a loss of the wrong pairs without a word. */
  private static void requireSame(String loss, int[] prediction, int[] target) {
    if (!Arrays.equals(prediction, target)) {
      throw new IllegalArgumentException(
          "%s of predictions of shape %s and targets of shape %s: the shapes must be equal%s"
              .formatted(
                  loss,
                  Arrays.toString(prediction),
                  Arrays.toString(target),
                  UserCode.caller().map(line -> ", at " + line).orElse("")));
    }
  }
}

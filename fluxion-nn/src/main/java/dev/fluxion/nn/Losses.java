package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;

/**
 * Losses: of predictions and targets, averaged over the batch.
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="training"}
 */
public final class Losses {
  private Losses() {}

  /** Cross entropy of (batch, classes) logits and class indices. */
  public static Tensor logitCrossEntropy(Tensor logits, int[] labels) {
    return logits.logSoftmax().pick(labels).mean().neg();
  }

  /** Mean squared error. */
  public static Tensor mse(Tensor prediction, Tensor target) {
    return prediction.minus(target).square().mean();
  }

  /** The share of rows whose greatest logit is the label's. */
  public static double accuracy(Tensor logits, int[] labels) {
    int[] best = logits.argmax();
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      right += best[i] == labels[i] ? 1 : 0;
    }
    return (double) right / labels.length;
  }
}

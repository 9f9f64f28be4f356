package dev.fluxion.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.ValueAndGradient;
import dev.fluxion.tensor.Tensor;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** Losses and their gradients are those of PyTorch. */
class LossesTest {
  private static final Tensor PREDICTIONS = Tensor.of(new double[] {0.5, -1, 2, 3, 0, -2.5}, 2, 3);
  private static final Tensor TARGETS = Tensor.of(new double[] {0.5, 1, 0.25, 0, 0.75, 1}, 2, 3);
  private static final Tensor PROBABILITIES =
      Tensor.of(new double[] {0.2, 0.3, 0.5, 1, 0, 0}, 2, 3);
  private static final int[] LABELS = {2, 1};

  private static void check(String name, Fn1<Tensor, Tensor> loss) {
    ValueAndGradient<Tensor> both = Grad.valueAndGradient(loss, PREDICTIONS);
    References.assertReference(
        name,
        DoubleStream.concat(
                DoubleStream.of(both.value()), DoubleStream.of(both.gradient().toDoubleArray()))
            .toArray());
  }

  @Test
  void crossEntropies() {
    check("logitCrossEntropy", x -> Losses.logitCrossEntropy(x, LABELS));
    check("logitCrossEntropyOfProbabilities", x -> Losses.logitCrossEntropy(x, PROBABILITIES));
    check("logitBinaryCrossEntropy", x -> Losses.logitBinaryCrossEntropy(x, TARGETS));
  }

  @Test
  void errors() {
    check("mse", x -> Losses.mse(x, TARGETS));
    check("mae", x -> Losses.mae(x, TARGETS));
    check("huber", x -> Losses.huber(x, TARGETS));
    check("huberOfLimit", x -> Losses.huber(x, TARGETS, 0.6));
  }

  @Test
  void accuracyCountsRows() {
    assertEquals(0.5, Losses.accuracy(PREDICTIONS, LABELS));
    assertEquals(1, Losses.accuracy(PREDICTIONS, new int[] {2, 0}));
    Batch<int[]> two = new Batch<>(PREDICTIONS, LABELS);
    Batch<int[]> one = new Batch<>(PREDICTIONS.gather(new int[] {0}), new int[] {2});
    assertEquals(2.0 / 3, Losses.accuracy(x -> x, List.of(two, one)), 1e-15);
  }
}

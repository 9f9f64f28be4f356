package dev.fluxion.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.fluxion.grad.Grad;
import dev.fluxion.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Optimisers step as those of PyTorch do; a rule of one's own is used as they are. */
class OptimiserTest {
  private static Tensor loss(Tensor x) {
    return x.plus(-1).square().square().plus(x.square().times(0.5)).sum();
  }

  private static double[] descent(Optimiser<?> optimiser) {
    Tensor x = Tensor.of(new double[] {1.5, -0.5, 0}, 3);
    for (int i = 0; i < 20; i++) {
      optimiser.update(x, Grad.gradient(OptimiserTest::loss, x));
    }
    return x.toDoubleArray();
  }

  @Test
  void descents() {
    References.assertReference("descent", descent(new Descent(0.1)));
    References.assertReference("momentum", descent(new Momentum(0.1)));
    References.assertReference("nesterov", descent(Momentum.nesterov(0.1, 0.8)));
  }

  @Test
  void adams() {
    References.assertReference("adam", descent(new Adam(0.1)));
    References.assertReference("adamOfDecays", descent(new Adam(0.05, 0.8, 0.95)));
    References.assertReference("adamW", descent(new AdamW(0.1, 0.3)));
  }

  @Test
  void weightDecays() {
    References.assertReference("weightDecay", descent(new WeightDecay<>(0.3, new Momentum(0.1))));
    References.assertReference("adamWeightDecay", descent(new WeightDecay<>(0.3, new Adam(0.1))));
  }

  /** Momentum without a name for its constants: a user's rule. */
  record Rolling(double rate, States<Tensor> states) implements Optimiser<Tensor> {
    @Override
    public Tensor init(Tensor x) {
      return x.zero();
    }

    @Override
    public Step<Tensor> apply(Tensor velocity, Tensor x, Tensor dx) {
      Tensor next = velocity.times(0.9).plus(dx);
      return new Step<>(next.times(rate), next);
    }
  }

  @Test
  void aUsersRuleIsUsedAsOursAre() {
    References.assertReference("momentum", descent(new Rolling(0.1, new States<>())));
    References.assertReference(
        "weightDecay", descent(new WeightDecay<>(0.3, new Rolling(0.1, new States<>()))));
  }

  @Test
  void aRuleWithTheSameStatesGoesOn() {
    Tensor x = Tensor.of(new double[] {1}, 1);
    Tensor y = Tensor.of(new double[] {1}, 1);
    Tensor dx = Tensor.of(new double[] {0.5}, 1);
    Momentum momentum = new Momentum(0.1);
    Momentum first = new Momentum(0.1);
    Momentum second = new Momentum(0.1, 0.9, false, first.states());
    momentum.update(x, dx);
    momentum.update(x, dx);
    first.update(y, dx);
    second.update(y, dx);
    assertArrayEquals(x.toDoubleArray(), y.toDoubleArray());
  }
}

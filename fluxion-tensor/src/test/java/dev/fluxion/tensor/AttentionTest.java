package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Grad;
import org.junit.jupiter.api.Test;

/** What a mask hides takes no part, whatever it is. */
class AttentionTest {
  @Test
  void whatIsHiddenMayBeAnything() {
    Tensor x =
        Tensor.of(
            new double[] {
              1, Double.NaN, 3, Double.POSITIVE_INFINITY, 2, 2, 5, 6, Double.NEGATIVE_INFINITY
            },
            3,
            3);
    Tensor seen =
        Tensor.of(new boolean[] {true, false, true, false, true, true, false, false, false}, 3, 3);
    double low = 1 / (1 + Math.exp(2));
    assertArrayEquals(
        new double[] {low, 0, 1 - low, 0, 0.5, 0.5, 0, 0, 0},
        Softmax.masked(x, seen).toDoubleArray(),
        1e-15);
  }

  @Test
  void masksStretch() {
    Tensor x = ValuesTest.random(DType.FLOAT64, 1, 2, 0, 2, 3, 4, 70);
    Tensor row = ValuesTest.random(DType.FLOAT64, 2, 1, 0, 3, 1, 70).greater(0);
    Tensor wide = row.broadcastTo(x.shape());
    Tensor expected = Tensor.where(wide, x, Tensor.full(DType.FLOAT64, -1e30)).softmax();
    double gap = Softmax.masked(x, row).minus(expected).abs().max().item();
    assertTrue(gap < 1e-15, () -> "differ by " + gap);
    Tensor column = Tensor.of(new boolean[] {true, false, true, true}, 4, 1);
    Tensor found = Softmax.masked(x, column);
    assertEquals(0, found.slice(2, 1, 2).abs().max().item());
    assertEquals(24 - 6, found.sum().item(), 1e-12);
  }

  @Test
  void secondDerivatives() {
    Tensor x = ValuesTest.random(DType.FLOAT64, 3, 1, 0, 4, 5);
    Tensor v = ValuesTest.random(DType.FLOAT64, 4, 1, 0, 4, 5);
    Tensor seen = ValuesTest.random(DType.FLOAT64, 5, 1, 0.3, 4, 5).greater(0);
    Tensor weight = ValuesTest.random(DType.FLOAT64, 6, 1, 0, 4, 5);
    Tensor along =
        Grad.hessianVectorProduct(a -> Softmax.masked(a, seen).square().times(weight).sum(), x, v);
    double step = 1e-5;
    Tensor more =
        Grad.gradient(
            a -> Softmax.masked(a, seen).square().times(weight).sum(), x.plus(v.times(step)));
    Tensor less =
        Grad.gradient(
            a -> Softmax.masked(a, seen).square().times(weight).sum(), x.minus(v.times(step)));
    assertArrayEquals(more.minus(less).div(2 * step).toDoubleArray(), along.toDoubleArray(), 1e-9);
  }

  @Test
  void queriesAndKeysOfOtherLengths() {
    ShapeException refusal =
        assertThrows(
            ShapeException.class,
            () -> Attention.scaledDotProduct(Tensor.ones(2, 3), Tensor.ones(4, 5), Tensor.ones(4)));
    assertTrue(refusal.getMessage().contains("(2, 3) and keys (4, 5)"), refusal.getMessage());
  }
}

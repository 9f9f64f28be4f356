package dev.fluxion.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Grad;
import dev.fluxion.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every tensor of a model is found, once, with all of its derivative. */
class ParametersTest {
  private static Tensor tensor(double... numbers) {
    return Tensor.of(numbers, numbers.length);
  }

  record Nested(String name, Tensor[] row, List<Object> list, Layer activation, double scale) {}

  record Tied(Tensor first, Tensor second) {}

  record Twins(Dense unused, Dense first, Dense second) {}

  record Any(Object first, Object second) {}

  @Test
  void recordsArraysAndListsAreWalkedInOrder() {
    Tensor a = tensor(1);
    Tensor b = tensor(2);
    Tensor c = tensor(3);
    Tensor d = tensor(4);
    Nested nested =
        new Nested(
            "x", new Tensor[] {a, b}, List.of(new Tied(c, a), "y", List.of(d)), Tensor::relu, 2);
    assertEquals(List.of(a, b, c, d), Parameters.of(nested));
    assertEquals(List.of(), Parameters.of(Chain.of(Tensor::relu, new MaxPool(2))));
    assertEquals(List.of(a), Parameters.of(a));
  }

  @Test
  void wholeNumbersAreNoParameters() {
    Tensor w = tensor(1, 2);
    Tensor places = Tensor.of(new long[] {1, 0}, 2);
    Tied model = new Tied(w, places);
    assertEquals(List.of(w), Parameters.of(model));
    Tied gradient = Grad.gradient(m -> m.first().gather(m.second()).square().sum(), model);
    new Descent(0.25).update(model, gradient);
    assertArrayEquals(new double[] {0.5, 1}, w.toDoubleArray());
    assertArrayEquals(new long[] {1, 0}, places.toLongArray());
  }

  @Test
  void tiedTensorsAddUp() {
    Tensor w = tensor(2);
    Tied gradient = Grad.gradient(m -> m.first().times(m.second()).sum(), new Tied(w, w));
    new Descent(0.25).update(new Tied(w, w), gradient);
    assertArrayEquals(new double[] {1}, w.toDoubleArray()); // 2 - 0.25 · d(w²)/dw
  }

  @Test
  void tiedTensorsAddUpWhenTheirDerivativesAreOneObject() {
    Tensor w = tensor(2);
    Tied model = new Tied(w, w);
    Tied gradient = Grad.gradient(m -> m.first().plus(m.second()).sum(), model);
    new Descent(0.5).update(model, gradient);
    assertArrayEquals(new double[] {1}, w.toDoubleArray());
  }

  @Test
  void aSharedLayerIsUpdatedOnce() {
    Dense dense = new Dense(Tensor.of(new double[] {2}, 1, 1), tensor(0));
    Twins model = new Twins(dense, dense, dense);
    Tensor one = Tensor.of(new double[] {1}, 1, 1);
    Twins gradient = Grad.gradient(m -> m.first().apply(m.second().apply(one)).sum(), model);
    new Descent(0.25).update(model, gradient);
    assertArrayEquals(new double[] {1}, dense.w().toDoubleArray()); // d(w²)/dw = 4
    assertArrayEquals(new double[] {-0.75}, dense.b().toDoubleArray()); // d(w b + b)/db = 3
  }

  @Test
  void aSharedElementOfAChainIsUpdatedOnce() {
    Dense dense = new Dense(Tensor.of(new double[] {2}, 1, 1), tensor(0));
    Chain model = Chain.of(dense, Tensor::relu, dense);
    Tensor one = Tensor.of(new double[] {1}, 1, 1);
    new Descent(0.25).update(model, Grad.gradient(m -> m.apply(one).sum(), model));
    assertArrayEquals(new double[] {1}, dense.w().toDoubleArray());
  }

  @Test
  void aSharedTensorInPlacesOfAnyTypeIsUpdatedOnce() {
    Tensor w = tensor(2);
    Any model = new Any(w, w);
    Any gradient = Grad.gradient(m -> ((Tensor) m.first()).times((Tensor) m.second()).sum(), model);
    new Descent(0.25).update(model, gradient);
    assertArrayEquals(new double[] {1}, w.toDoubleArray());
  }

  @Test
  void aGradientOfAnotherStructureIsRefused() {
    Random random = new Random(1);
    Chain two = Chain.of(Dense.of(2, 2, random), Dense.of(2, 2, random));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Adam(1).update(two, Chain.of(Dense.of(2, 2, random))));
    assertTrue(e.getMessage().contains("Layer[] of another length"), e.getMessage());
  }
}

package dev.fluxion.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Fluxion;
import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Fn2;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.ValueAndGradient;
import dev.fluxion.tensor.ShapeException;
import dev.fluxion.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Layers are records and functions; training them lowers the loss. */
class LayersTest {
  record Model(Dense hidden, Dense out) {
    Tensor apply(Tensor x) {
      return out.apply(hidden.apply(x));
    }
  }

  private static double[] losses(int steps) {
    Random random = new Random(7);
    LabelledImages batch = LabelledImages.digits().slice(0, 64);
    Tensor images = batch.images().flatten();
    Model model = new Model(Dense.of(64, 32, Tensor::relu, random), Dense.of(32, 10, random));
    Adam adam = new Adam(1e-2);
    double[] losses = new double[steps];
    for (int i = 0; i < steps; i++) {
      ValueAndGradient<Model> step =
          Grad.valueAndGradient(
              m -> Losses.logitCrossEntropy(m.apply(images), batch.labels()), model);
      adam.update(model, step.gradient());
      losses[i] = step.value();
    }
    return losses;
  }

  @Test
  void lossFalls() {
    double[] losses = losses(60);
    assertTrue(losses[59] < 0.1 * losses[0], () -> losses[0] + " to " + losses[59]);
  }

  @Test
  void sameSeedGivesTheSameBits() {
    Assertions.assertArrayEquals(losses(5), losses(5));
  }

  @Test
  void checkpointedLayersHaveTheSameGradient() {
    Random random = new Random(5);
    LabelledImages batch = LabelledImages.digits().slice(0, 16);
    Tensor images = batch.images().flatten();
    Model model = new Model(Dense.of(64, 32, Tensor::relu, random), Dense.of(32, 10, random));
    ValueAndGradient<Model> plain =
        Grad.valueAndGradient(
            m -> Losses.logitCrossEntropy(m.apply(images), batch.labels()), model);
    Fn2<Dense, Tensor, Tensor> layer = Fluxion.checkpointed((Dense d, Tensor x) -> d.apply(x));
    ValueAndGradient<Model> checkpointed =
        Grad.valueAndGradient(
            m -> {
              Fn1<Tensor, Tensor> last = Fluxion.checkpointed((Tensor x) -> m.out().apply(x));
              return Losses.logitCrossEntropy(
                  last.apply(layer.apply(m.hidden(), images)), batch.labels());
            },
            model);
    assertEquals(plain.value(), checkpointed.value());
    assertSame(plain.gradient().hidden().w(), checkpointed.gradient().hidden().w());
    assertSame(plain.gradient().hidden().b(), checkpointed.gradient().hidden().b());
    assertSame(plain.gradient().out().w(), checkpointed.gradient().out().w());
    assertSame(plain.gradient().out().b(), checkpointed.gradient().out().b());
  }

  private static void assertSame(Tensor expected, Tensor actual) {
    Assertions.assertArrayEquals(expected.toDoubleArray(), actual.toDoubleArray());
  }

  @Test
  void anIteratedLayerHasTheGradientOfTheLoop() {
    Random random = new Random(6);
    Tensor x = Tensor.of(new float[] {0.3f, -0.5f, 0.2f, 0.9f}, 1, 4);
    Dense dense = Dense.of(4, 4, Tensor::tanh, random);
    Dense expected =
        Grad.gradient(
            (Dense d) -> {
              Tensor y = x;
              for (int i = 0; i < 12; i++) {
                y = d.apply(y);
              }
              return y.sum();
            },
            dense);
    Dense actual =
        Grad.gradient((Dense d) -> Fluxion.iterate(12, x, y -> d.apply(y), 3).sum(), dense);
    Assertions.assertArrayEquals(expected.w().toDoubleArray(), actual.w().toDoubleArray(), 1e-6);
    Assertions.assertArrayEquals(expected.b().toDoubleArray(), actual.b().toDoubleArray(), 1e-6);
  }

  @Test
  void noiseInACheckpointedLayerIsDrawnOnce() {
    Random random = new Random(6);
    Tensor x = Tensor.of(new float[] {1, 2}, 2);
    Fn1<Tensor, Tensor> noisy =
        Fluxion.checkpointed(
            (Tensor y) -> y.times(Tensor.of(new float[] {random.nextFloat(), 1}, 2)));
    Tensor gradient = Grad.gradient((Tensor y) -> noisy.apply(noisy.apply(y)).sum(), x);
    Random same = new Random(6);
    double expected = same.nextFloat() * same.nextFloat();
    Assertions.assertArrayEquals(new double[] {expected, 1}, gradient.toDoubleArray(), 1e-6);
  }

  @Test
  void aChainOfLayersAndMethodsHasTheGradientOfItsParts() {
    Random random = new Random(3);
    LabelledImages batch = LabelledImages.digits().slice(0, 8);
    Conv conv = Conv.of(1, 4, 3, random);
    Dense dense = Dense.of(36, 10, random);
    Chain chain =
        Chain.of(conv, Tensor::relu, new MaxPool(2), x -> x.reshape(x.size(0), -1), dense);
    Chain whole =
        Grad.gradient(
            m -> Losses.logitCrossEntropy(m.apply(batch.images()), batch.labels()), chain);
    Parts parts =
        Grad.gradient(
            m ->
                Losses.logitCrossEntropy(
                    m.dense().apply(m.conv().apply(batch.images()).relu().maxPool2d(2).flatten()),
                    batch.labels()),
            new Parts(conv, dense));
    Conv first = (Conv) whole.layers()[0];
    Dense last = (Dense) whole.layers()[4];
    Assertions.assertArrayEquals(
        parts.conv().kernel().toFloatArray(), first.kernel().toFloatArray());
    Assertions.assertArrayEquals(parts.dense().w().toFloatArray(), last.w().toFloatArray());
  }

  record Parts(Conv conv, Dense dense) {}

  @Test
  void aCompiledModelGivesTheSameBits() {
    Random random = new Random(3);
    Chain chain =
        Chain.of(
            Conv.of(1, 8, 3, x -> x.times(x.sigmoid()).plus(1), random),
            new MaxPool(2),
            Tensor::flatten,
            Dense.of(72, 10, x -> x.tanh().times(2).minus(0.5), random));
    Fn1<Tensor, Tensor> compiled = Fluxion.compiled((Tensor x) -> chain.apply(x));
    for (int size : new int[] {1, 8, 100}) {
      Tensor images = LabelledImages.digits().slice(0, size).images();
      Assertions.assertArrayEquals(
          chain.apply(images).toFloatArray(), compiled.apply(images).toFloatArray());
    }
  }

  @Test
  void digitsAreComplete() {
    LabelledImages digits = LabelledImages.digits();
    assertEquals(1797, digits.labels().length);
    assertEquals(1797, digits.images().size(0));
  }

  @Test
  void wrongShapeNamesTheUsersLine() {
    Dense dense = Dense.of(64, 10, new Random(1));
    ShapeException e = Assertions.assertThrows(ShapeException.class, () -> apply(dense));
    assertTrue(e.getMessage().contains("(2, 63) and (64, 10)"), e.getMessage());
  }

  private static Tensor apply(Dense dense) {
    return dense.apply(Tensor.zeros(2, 63));
  }
}

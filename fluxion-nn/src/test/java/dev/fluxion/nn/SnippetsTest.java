package dev.fluxion.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Grad;
import dev.fluxion.grad.ValueAndGradient;
import dev.fluxion.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The examples of the documentation, compiled and run. */
class SnippetsTest {
  @Test
  void layers() {
    Tensor digits = LabelledImages.digits().slice(0, 8).images(); // (8, 1, 8, 8)
    // @start region="layers"
    Random random = new Random(1);
    Chain model =
        Chain.of(
            Conv.of(1, 4, 3, random), // (batch, 1, 8, 8) to (batch, 4, 6, 6)
            Tensor::relu,
            new MaxPool(2), // to (batch, 4, 3, 3)
            Tensor::flatten, // to (batch, 36)
            Dense.of(36, 10, random)); // to (batch, 10)
    Tensor logits = model.apply(digits);
    // @end
    assertEquals(8, logits.size(0));
    assertEquals(10, logits.size(1));
  }

  @Test
  void training() {
    // @start region="training"
    LabelledImages batch = LabelledImages.digits().slice(0, 64);
    Tensor images = batch.images().flatten();
    Dense model = Dense.of(64, 10, new Random(1));
    Adam adam = new Adam(1e-2);
    double loss = Double.NaN;
    for (int i = 0; i < 50; i++) {
      ValueAndGradient<Dense> step =
          Grad.valueAndGradient(
              m -> Losses.logitCrossEntropy(m.apply(images), batch.labels()), model);
      adam.update(model, step.gradient());
      loss = step.value();
    }
    // @end
    assertTrue(loss < 0.5, "loss " + loss);
  }

  @Test
  void descent() {
    // @start region="descent"
    Dense line = new Dense(Tensor.zeros(1, 1), Tensor.zeros(1));
    Tensor x = Tensor.of(new float[] {0, 1, 2}, 3, 1);
    Tensor y = Tensor.of(new float[] {1, 3, 5}, 3, 1);
    Momentum momentum = new Momentum(0.05, 0.9);
    for (int i = 0; i < 300; i++) {
      momentum.update(line, Grad.gradient(m -> Losses.mse(m.apply(x), y), line));
    }
    // @end
    assertEquals(2, line.w().toFloatArray()[0], 1e-2);
    assertEquals(1, line.b().toFloatArray()[0], 1e-2);
  }

  // @start region="residual"
  record Residual(Dense inner) implements Layer {
    @Override
    public Tensor apply(Tensor x) {
      return x.plus(inner.apply(x));
    }
  }

  // @end

  @Test
  void residual() {
    Residual layer = new Residual(new Dense(Tensor.zeros(2, 2), Tensor.zeros(2)));
    Tensor x = Tensor.of(new float[] {1, 2}, 1, 2);
    assertEquals(2, layer.apply(x).toFloatArray()[1]);
  }

  // @start region="optimiser"
  record Averaged(double rate, States<Tensor> states) implements Optimiser<Tensor> {
    @Override
    public Tensor init(Tensor x) {
      return x.zero();
    }

    @Override
    public Step<Tensor> apply(Tensor mean, Tensor x, Tensor dx) {
      Tensor next = mean.plus(dx).times(0.5);
      return new Step<>(next.times(rate), next);
    }
  }

  // @end

  @Test
  void optimiser() {
    Dense model = new Dense(Tensor.zeros(1, 1), Tensor.of(new float[] {1}, 1));
    Dense gradient = new Dense(Tensor.zeros(1, 1), Tensor.of(new float[] {2}, 1));
    new Averaged(0.1, new States<>()).update(model, gradient);
    assertEquals(0.9, model.b().toFloatArray()[0], 1e-6);
  }

  @Test
  void train() {
    Random random = new Random(1);
    LabelledImages data = LabelledImages.digits().slice(0, 128);
    LabelledImages test = LabelledImages.digits().slice(128, 192);
    Chain model = Chain.of(Tensor::flatten, Dense.of(64, 10, random));
    // @start region="train"
    Training.of(
            model,
            data.batches(32).shuffled(random),
            (m, batch) -> Losses.logitCrossEntropy(m.apply(batch.images()), batch.labels()),
            new Adam(1e-2))
        .accuracy(test::accuracy)
        .until(epoch -> epoch.loss() < 0.01)
        .run(30);
    // @end
    assertTrue(data.accuracy(model) > 0.9);
  }

  @Test
  void loop() {
    Random random = new Random(1);
    LabelledImages data = LabelledImages.digits().slice(0, 128);
    Chain model = Chain.of(Tensor::flatten, Dense.of(64, 10, random));
    Adam adam = new Adam(1e-2);
    for (int epoch = 0; epoch < 30; epoch++) {
      // @start region="loop"
      for (var batch : data.batches(32).shuffled(random)) {
        var step =
            Grad.valueAndGradient(
                m -> Losses.logitCrossEntropy(m.apply(batch.images()), batch.labels()), model);
        adam.update(model, step.gradient());
      }
      // @end
    }
    assertTrue(data.accuracy(model) > 0.9);
  }
}

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
}

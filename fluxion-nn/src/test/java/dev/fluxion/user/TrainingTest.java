package dev.fluxion.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Grad;
import dev.fluxion.nn.Activations;
import dev.fluxion.nn.Adam;
import dev.fluxion.nn.Batch;
import dev.fluxion.nn.Chain;
import dev.fluxion.nn.Dense;
import dev.fluxion.nn.Descent;
import dev.fluxion.nn.Epoch;
import dev.fluxion.nn.LabelledImages;
import dev.fluxion.nn.Loader;
import dev.fluxion.nn.Loss;
import dev.fluxion.nn.Losses;
import dev.fluxion.nn.NonFiniteLossException;
import dev.fluxion.nn.Training;
import dev.fluxion.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Training as a user sees it, from another package. */
class TrainingTest {
  private static final LabelledImages DIGITS = LabelledImages.digits().slice(0, 256);

  private static Chain model(Random random) {
    return Chain.of(
        Tensor::flatten, Dense.of(64, 32, Activations::gelu, random), Dense.of(32, 10, random));
  }

  private static Tensor loss(Chain model, LabelledImages batch) {
    return Losses.logitCrossEntropy(model.apply(batch.images()), batch.labels());
  }

  private static Training<Chain, LabelledImages> training(long seed) {
    Random random = new Random(seed);
    Chain model = model(random);
    return Training.of(
            model,
            DIGITS.batches(32).shuffled(random),
            (m, batch) -> Losses.logitCrossEntropy(m.apply(batch.images()), batch.labels()),
            new Adam(1e-2))
        .quiet();
  }

  @Test
  void theSameSeedGivesTheSameLossesToTheBit() {
    List<Double> losses = training(7).run(3).stream().map(Epoch::loss).toList();
    assertEquals(losses, training(7).run(3).stream().map(Epoch::loss).toList());
    assertNotEquals(losses, training(8).run(3).stream().map(Epoch::loss).toList());
    assertTrue(losses.get(2) < 0.5 * losses.get(0), losses::toString);
  }

  @Test
  void aLoopOfOnesOwnDoesTheSame() {
    Random random = new Random(7);
    Chain model = model(random);
    Adam adam = new Adam(1e-2);
    Loader<LabelledImages> batches = DIGITS.batches(32).shuffled(random);
    double sum = 0;
    for (LabelledImages batch : batches) {
      var step = Grad.valueAndGradient(m -> loss(m, batch), model);
      adam.update(model, step.gradient());
      sum += step.value();
    }
    assertEquals(training(7).run(1).getFirst().loss(), sum / batches.size());
  }

  @Test
  void aFunctionAfterEachEpochMayStop() {
    List<Integer> seen = new ArrayList<>();
    List<Epoch> history =
        training(7)
            .until(
                epoch -> {
                  seen.add(epoch.number());
                  return false;
                })
            .until(epoch -> epoch.number() == 2)
            .accuracy(m -> DIGITS.accuracy(m))
            .run(5);
    assertEquals(List.of(1, 2), seen);
    assertEquals(2, history.size());
    assertEquals(8, history.get(1).batches());
    assertTrue(history.get(1).accuracy().getAsDouble() > 0.6);
  }

  @Test
  void outputThatIsNoTerminalGetsALineAnEpoch() {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      Training.of(model(new Random(1)), DIGITS.batches(64), TrainingTest::loss, new Descent(0.1))
          .run(2);
    } finally {
      System.setOut(before);
    }
    String text = bytes.toString(StandardCharsets.UTF_8);
    List<String> lines = text.lines().toList();
    assertEquals(2, lines.size(), text);
    String line = "epoch %d/2  loss \\d\\.\\d{4}  [\\d.]+ batches/s  \\d+\\.\\d s left";
    assertTrue(lines.get(0).matches(line.formatted(1)), text);
    assertTrue(lines.get(1).matches(line.formatted(2)), text);
  }

  private static Tensor logarithm(Tensor w, Batch<Tensor> batch) {
    return batch.x().minus(batch.y()).log().times(w).sum();
  }

  private static String nonFinite(Loss<Tensor, Batch<Tensor>> loss, double rate) {
    Tensor x = Tensor.of(new double[] {3, 2, 1}, 3, 1);
    Tensor y = Tensor.of(new double[] {1, 1, 2}, 3, 1);
    Tensor w = Tensor.of(new double[] {1}, 1);
    Training<Tensor, Batch<Tensor>> training =
        Training.of(w, Loader.of(x, y, 1), loss, new Descent(rate)).quiet();
    return assertThrows(NonFiniteLossException.class, () -> training.run(9)).getMessage();
  }

  private static int line() {
    return StackWalker.getInstance()
        .walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber());
  }

  @Test
  void aLossThatIsNoNumberSaysWhereAndWhatToTry() {
    int before = line();
    String message = nonFinite((w, b) -> b.x().minus(b.y()).log().times(w).sum(), 0.1);
    assertTrue(
        message.startsWith(
            "the loss is NaN in epoch 1, batch 3, by the loss at TrainingTest.java:%d: "
                .formatted(before + 1)),
        message);
    assertTrue(message.contains("logarithm"), message);
  }

  @Test
  void aMethodAsLossIsFoundToo() {
    String message = nonFinite(TrainingTest::logarithm, 0.1);
    assertTrue(message.matches("the loss is NaN .* at TrainingTest\\.java:\\d+: .*"), message);
  }

  /** A loss that is no lambda has no code that its form names. */
  record Cubic() implements Loss<Tensor, Batch<Tensor>> {
    @Override
    public Tensor apply(Tensor w, Batch<Tensor> batch) {
      return w.square().times(w).sum();
    }
  }

  @Test
  void aLossThatGrowsWithoutBoundIsSaidToStepTooFar() {
    String message = nonFinite(new Cubic(), -1e3);
    assertTrue(message.matches("the loss is Infinity .* at TrainingTest\\.java:\\d+: .*"), message);
    assertTrue(message.contains("learning rate"), message);
  }

  @Test
  void shapesThatOnlyStretchAreRefusedAtTheUsersLine() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> mse(Tensor.zeros(3, 1))).getMessage();
    assertTrue(
        message.matches(
            "mse of predictions of shape \\[3, 1] and targets of shape \\[3]: the shapes must be"
                + " equal, at TrainingTest\\.java:\\d+"),
        message);
    assertThrows(
        IllegalArgumentException.class, () -> Grad.gradient(TrainingTest::mse, Tensor.zeros(3, 1)));
  }

  private static Tensor mse(Tensor prediction) {
    return Losses.mse(prediction, Tensor.zeros(3));
  }
}

package dev.fluxion.nn;

import static dev.fluxion.nn.Chain.chain;

import dev.fluxion.grad.Grad;
import dev.fluxion.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Trains LeNet for many steps, and then uses it, in a process of its own; says how much memory the
 * process has after a tenth of the steps and in the end, and how long a step takes.
 */
final class Endurance {
  private Endurance() {}

  /** LeNet-5 (LeCun et al., 1998) with relu. */
  static Chain lenet(long seed) {
    Random random = new Random(seed);
    return chain(
        Conv.of(1, 6, 5, Tensor::relu, random),
        new MaxPool(2),
        Conv.of(6, 16, 5, Tensor::relu, random),
        new MaxPool(2),
        Tensor::flatten,
        Dense.of(256, 120, Tensor::relu, random),
        Dense.of(120, 84, Tensor::relu, random),
        Dense.of(84, 10, random));
  }

  static double train(Chain model, Adam adam, Tensor images, int[] labels) {
    var step = Grad.valueAndGradient(m -> Losses.logitCrossEntropy(m.apply(images), labels), model);
    adam.update(model, step.gradient());
    return step.value();
  }

  static int[] labels(int count) {
    return new Random(5).ints(count, 0, 10).toArray();
  }

  /** The memory of this process that is resident, in KiB. */
  private static long resident() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmRSS in /proc/self/status");
  }

  /** A piece of work that is done many times. */
  private interface Work {
    void run();
  }

  private static void measure(String name, int steps, Work work) throws IOException {
    int early = steps / 10;
    for (int i = 0; i < early; i++) {
      work.run();
    }
    final long before = resident();
    long first = System.nanoTime();
    int part = (steps - early) / 2;
    for (int i = 0; i < part; i++) {
      work.run();
    }
    long second = System.nanoTime();
    for (int i = 0; i < part; i++) {
      work.run();
    }
    long end = System.nanoTime();
    System.out.printf(
        "%s: %d steps, resident %d KiB then %d KiB, step %.3f ms then %.3f ms%n",
        name,
        early + 2 * part,
        before,
        resident(),
        (second - first) / 1e6 / part,
        (end - second) / 1e6 / part);
  }

  /** The number of steps is the argument. */
  public static void main(String[] arguments) throws IOException {
    int steps = Integer.parseInt(arguments[0]);
    int batch = 16;
    Chain model = lenet(1);
    Adam adam = new Adam(1e-4);
    Tensor images = Tensor.uniform(3, 0, 1, batch, 1, 28, 28);
    int[] labels = labels(batch);
    measure("training", steps, () -> train(model, adam, images, labels));
    measure("inference", steps, () -> model.apply(images));
  }
}

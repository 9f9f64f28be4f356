package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Data in batches: {@code for (var batch : Loader.of(x, labels, 32).shuffled(random))}.
 *
 * <p>Each pass over a shuffled loader draws a new order from its generator, so that a generator
 * with the same seed gives the same passes again.
 *
 * @param count how many examples there are
 * @param examples the examples with some indices, as a batch
 * @param batch how many examples make a batch
 * @param keepsLast whether what is left at the end, less than a batch, is one too
 * @param random draws the order, which without it is the data's own
 * @param <B> the type of a batch
 */
public record Loader<B>(
    int count,
    Function<int[], B> examples,
    int batch,
    boolean keepsLast,
    Optional<RandomGenerator> random)
    implements Iterable<B> {
  /** Checks the sizes. */
  public Loader {
    if (batch < 1 || count < 0) {
      throw new IllegalArgumentException(
          "batches of %d from %d examples: a batch has at least one".formatted(batch, count));
    }
  }

  /** A loader of anything that is indexed, in order, with what is left at the end. */
  public static <B> Loader<B> of(int count, Function<int[], B> examples, int batch) {
    return new Loader<>(count, examples, batch, true, Optional.empty());
  }

  /** A loader of inputs and their labels, in order. */
  public static Loader<Batch<int[]>> of(Tensor x, int[] labels, int batch) {
    requireOneEach(x.size(0), labels.length);
    return of(labels.length, i -> new Batch<>(x.gather(i), map(i, labels)), batch);
  }

  /** A loader of inputs and their targets, in order. */
  public static Loader<Batch<Tensor>> of(Tensor x, Tensor targets, int batch) {
    requireOneEach(x.size(0), targets.size(0));
    return of(x.size(0), i -> new Batch<>(x.gather(i), targets.gather(i)), batch);
  }

  private static void requireOneEach(int inputs, int targets) {
    if (inputs != targets) {
      throw new IllegalArgumentException(
          "%d inputs and %d targets: each input has one".formatted(inputs, targets));
    }
  }

  /** This loader in a new order at each pass. */
  public Loader<B> shuffled(RandomGenerator generator) {
    return new Loader<>(count, examples, batch, keepsLast, Optional.of(generator));
  }

  /** This loader without the last batch if that is smaller than the others. */
  public Loader<B> dropLast() {
    return new Loader<>(count, examples, batch, false, random);
  }

  /** The number of batches. */
  public int size() {
    return keepsLast ? Math.ceilDiv(count, batch) : count / batch;
  }

  @Override
  public Iterator<B> iterator() {
    int[] order = random.map(generator -> permutation(count, generator)).orElse(range(0, count));
    return IntStream.range(0, size())
        .mapToObj(i -> Arrays.copyOfRange(order, i * batch, Math.min(count, (i + 1) * batch)))
        .map(examples)
        .iterator();
  }

  /** The numbers below a count in an order drawn at random (Durstenfeld, 1964, inside out). */
  static int[] permutation(int count, RandomGenerator random) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  static int[] map(int[] indices, int[] values) {
    return Arrays.stream(indices).map(i -> values[i]).toArray();
  }
}

package dev.fluxion.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fluxion.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** A loader gives every example once a pass, in batches, in orders that a seed repeats. */
class LoaderTest {
  private static final int[] LABELS = IntStream.range(0, 10).toArray();
  private static final Tensor INPUTS =
      Tensor.of(IntStream.range(0, 20).mapToDouble(i -> Math.floorDiv(i, 2)).toArray(), 10, 2);

  private static List<List<Integer>> labels(Loader<Batch<int[]>> loader) {
    return StreamSupport.stream(loader.spliterator(), false)
        .map(batch -> Arrays.stream(batch.y()).boxed().toList())
        .toList();
  }

  @Test
  void batchesAreInOrder() {
    Loader<Batch<int[]>> loader = Loader.of(INPUTS, LABELS, 4);
    List<List<Integer>> batches = List.of(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7), List.of(8, 9));
    assertEquals(batches, labels(loader));
    assertEquals(3, loader.size());
    assertEquals(batches.subList(0, 2), labels(loader.dropLast()));
    assertEquals(2, loader.dropLast().size());
    assertEquals(batches, labels(loader), "a second pass");
  }

  @Test
  void inputsGoWithTheirLabelsAndTargets() {
    for (Batch<int[]> batch : Loader.of(INPUTS, LABELS, 3).shuffled(new Random(2))) {
      double[] expected = Arrays.stream(batch.y()).mapToDouble(i -> i).toArray();
      assertArrayEquals(expected, batch.x().sum(1).times(0.5).toDoubleArray());
    }
    for (Batch<Tensor> batch : Loader.of(INPUTS, INPUTS.times(2), 3).shuffled(new Random(2))) {
      assertArrayEquals(batch.x().times(2).toDoubleArray(), batch.y().toDoubleArray());
    }
  }

  @Test
  void ordersDifferAndAreRepeatedByTheSeed() {
    Loader<Batch<int[]>> loader = Loader.of(INPUTS, LABELS, 4).shuffled(new Random(7));
    List<List<Integer>> first = labels(loader);
    List<List<Integer>> second = labels(loader);
    assertNotEquals(first, second);
    for (List<List<Integer>> pass : List.of(first, second)) {
      assertArrayEquals(
          LABELS, pass.stream().flatMap(List::stream).mapToInt(i -> i).sorted().toArray());
    }
    Loader<Batch<int[]>> again = Loader.of(INPUTS, LABELS, 4).shuffled(new Random(7));
    assertEquals(first, labels(again));
    assertEquals(second, labels(again));
  }

  @Test
  void everyOrderIsAsLikely() {
    Random random = new Random(3);
    int[] counts = new int[27];
    for (int i = 0; i < 6000; i++) {
      int[] order = Loader.permutation(3, random);
      counts[order[0] * 9 + order[1] * 3 + order[2]]++;
    }
    assertEquals(6, Arrays.stream(counts).filter(n -> n > 850 && n < 1150).count());
  }

  @Test
  void sizesAreChecked() {
    assertEquals(
        "10 inputs and 3 targets: each input has one",
        assertThrows(IllegalArgumentException.class, () -> Loader.of(INPUTS, new int[3], 2))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> Loader.of(INPUTS, LABELS, 0));
  }
}

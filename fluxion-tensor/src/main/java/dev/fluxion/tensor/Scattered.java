package dev.fluxion.tensor;

import java.util.Arrays;

/** Entries of an axis put together by index. */
final class Scattered {
  private Scattered() {}

  static Tensor mean(Tensor x, int axis, int[] indices, int size) {
    Shapes.check("scatterMean", axis, indices, size, x.dimensions());
    DType.requireFloatingPoint("scatterMean", x);
    Tensor sums = x.scatterSum(axis, indices, size);
    double[] shares = new double[size];
    for (int index : indices) {
      shares[index]++;
    }
    for (int i = 0; i < size; i++) {
      shares[i] = shares[i] == 0 ? 0 : 1 / shares[i];
    }
    return sums.times(along(x, axis, shares));
  }

  static Tensor product(Tensor x, int axis, int[] indices, int size) {
    Tensor groups = groups("scatterProd", x, axis, indices, size, 1);
    int at = Shapes.axis("scatterProd", axis, x.dimensions());
    return dropped(Scans.total((a, b) -> a.times(b), groups, at + 1), at + 1);
  }

  static Tensor max(String name, Tensor x, int axis, int[] indices, int size) {
    Tensor groups = groups(name, x, axis, indices, size, Double.NEGATIVE_INFINITY);
    int at = Shapes.axis(name, axis, x.dimensions());
    return groups.max(new int[] {at + 1}, false);
  }

  /** The axis as (groups, entries of a group), filled up to the size of the largest group. */
  private static Tensor groups(
      String name, Tensor x, int axis, int[] indices, int size, double filling) {
    int[] shape = x.dimensions();
    Shapes.check(name, axis, indices, size, shape);
    int at = Shapes.axis("scatter", axis, shape);
    int[] members = members(indices, size);
    Tensor filled = x.pad(filling, at, 0, 1);
    int[] target = new int[shape.length + 1];
    System.arraycopy(shape, 0, target, 0, at);
    target[at] = size;
    target[at + 1] = size == 0 ? 0 : members.length / size;
    System.arraycopy(shape, at + 1, target, at + 2, shape.length - at - 1);
    return Entries.take(filled, at, members).reshape(target);
  }

  /** For each group its entries, then the index after the last as often as is needed. */
  private static int[] members(int[] indices, int size) {
    int[] counts = new int[size];
    for (int index : indices) {
      counts[index]++;
    }
    int most = Math.max(1, Arrays.stream(counts).max().orElse(0));
    int[] members = new int[size * most];
    Arrays.fill(members, indices.length);
    Arrays.fill(counts, 0);
    for (int i = 0; i < indices.length; i++) {
      members[indices[i] * most + counts[indices[i]]++] = i;
    }
    return members;
  }

  private static Tensor along(Tensor x, int axis, double[] numbers) {
    int[] shape = new int[x.rank()];
    Arrays.fill(shape, 1);
    shape[Shapes.axis("scatter", axis, x.dimensions())] = numbers.length;
    return Tensor.of(numbers, shape).cast(x.dtype());
  }

  private static Tensor dropped(Tensor x, int axis) {
    boolean[] chosen = new boolean[x.rank()];
    chosen[axis] = true;
    return x.reshape(Shapes.without(x.dimensions(), chosen));
  }
}

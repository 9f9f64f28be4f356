package dev.fluxion.tensor;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What works on windows that slide along axes: one axis at a time, as entries gathered into an axis
 * of their own.
 */
final class Windows {
  private Windows() {}

  /** How many windows fit. */
  static int count(String name, int size, int window, int stride, int dilation) {
    int reach = (window - 1) * dilation + 1;
    if (window < 1 || stride < 1 || dilation < 1 || reach > size) {
      throw new ShapeException(
          name
              + ": a window of "
              + window
              + " with stride "
              + stride
              + " and dilation "
              + dilation
              + " does not fit into "
              + size);
    }
    return (size - reach) / stride + 1;
  }

  /** An axis as two: the windows, and the entries of a window. */
  static Tensor along(String name, Tensor x, int axis, int window, int stride, int dilation) {
    int at = Shapes.axis(name, axis, x.dimensions());
    int count = count(name, x.size(at), window, stride, dilation);
    int[] indices =
        IntStream.range(0, count * window)
            .map(i -> i / window * stride + i % window * dilation)
            .toArray();
    return Entries.take(x, at, indices).reshape(split(x.dimensions(), at, count, window));
  }

  /** A shape with an axis cut into two. */
  private static int[] split(int[] shape, int axis, int first, int second) {
    int[] target = new int[shape.length + 1];
    System.arraycopy(shape, 0, target, 0, axis);
    target[axis] = first;
    target[axis + 1] = second;
    System.arraycopy(shape, axis + 1, target, axis + 2, shape.length - axis - 1);
    return target;
  }

  static Tensor padded(Tensor x, double value, int axes, int padding) {
    Tensor y = x;
    for (int axis = -axes; padding != 0 && axis < 0; axis++) {
      y = y.pad(value, axis, padding, padding);
    }
    return y;
  }

  static Tensor max(String name, Tensor x, int axes, int window, int stride, int padding) {
    requireAxes(name, axes, x);
    Tensor y = padded(x, Double.NEGATIVE_INFINITY, axes, padding);
    for (int axis = x.rank() - axes; axis < x.rank(); axis++) {
      y = along(name, y, axis, window, stride, 1).max(new int[] {axis + 1}, false);
    }
    return y;
  }

  static Tensor mean(String name, Tensor x, int axes, int window, int stride, int padding) {
    requireAxes(name, axes, x);
    Tensor y = padded(x, 0, axes, padding);
    for (int axis = x.rank() - axes; axis < x.rank(); axis++) {
      y = along(name, y, axis, window, stride, 1).mean(new int[] {axis + 1}, false);
    }
    return y;
  }

  /** {@code (Σ |x|ᵖ)^(1/p)} of each window, with slope 0 where it is 0. */
  static Tensor norm(Tensor x, int axes, double p, int window, int stride) {
    requireAxes("lpPool2d", axes, x);
    Tensor y = x;
    int[] within = new int[axes];
    for (int i = 0; i < axes; i++) {
      int axis = x.rank() - axes + 2 * i;
      y = along("lpPool2d", y, axis, window, stride, 1);
      within[i] = axis + 1;
    }
    return y.norm(p, within, false);
  }

  private static int start(int index, int size, int count) {
    return (int) ((long) index * size / count);
  }

  private static int end(int index, int size, int count) {
    return (int) Math.ceilDiv((index + 1L) * size, count);
  }

  /** Means of windows of about equal size that cover an axis, for the last axes. */
  static Tensor adaptiveMean(Tensor x, int... counts) {
    requireAxes("adaptiveMeanPool", counts.length, x);
    DType.requireFloatingPoint("adaptiveMeanPool", x);
    Tensor y = x;
    for (int i = 0; i < counts.length; i++) {
      int axis = x.rank() - counts.length + i;
      y = applied(y, axis, shares(x.dtype(), y.size(axis), counts[i]));
    }
    return y;
  }

  private static Tensor shares(DType type, int size, int count) {
    double[] shares = new double[count * size];
    for (int i = 0; i < count; i++) {
      int start = start(i, size, count);
      int end = end(i, size, count);
      Arrays.fill(shares, i * size + start, i * size + end, 1.0 / (end - start));
    }
    return Tensor.of(shares, count, size).cast(type);
  }

  /** A matrix applied to all lines along an axis. */
  private static Tensor applied(Tensor x, int axis, Tensor matrix) {
    Tensor last = x.transpose(axis, -1);
    Tensor rows = last.reshape(-1, x.size(axis)).matmul(matrix.transpose());
    int[] shape = last.shape();
    shape[shape.length - 1] = matrix.size(0);
    return rows.reshape(shape).transpose(axis, -1);
  }

  /** Greatest elements of windows of about equal size; shorter ones name an entry twice. */
  static Tensor adaptiveMax(Tensor x, int... counts) {
    requireAxes("adaptiveMaxPool", counts.length, x);
    Tensor y = x;
    for (int i = 0; i < counts.length; i++) {
      int axis = x.rank() - counts.length + i;
      int size = y.size(axis);
      int count = counts[i];
      int window = Math.ceilDiv(size, count) + 1;
      int[] indices =
          IntStream.range(0, count * window)
              .map(
                  k ->
                      Math.min(
                          start(k / window, size, count) + k % window,
                          end(k / window, size, count) - 1))
              .toArray();
      y =
          Entries.take(y, axis, indices)
              .reshape(split(y.dimensions(), axis, count, window))
              .max(new int[] {axis + 1}, false);
    }
    return y;
  }

  // ---------------------------------------------------------------- convolutions

  static Tensor conv1d(Tensor x, Tensor kernel, int stride, int padding, int dilation, int groups) {
    requireRank("conv1d", 3, x, kernel);
    return padded(x, 0, 1, padding)
        .insert(2)
        .conv2d(kernel.insert(2), stride, 0, dilation, groups)
        .squeeze(2);
  }

  /** Depths that meet in a window become channels of an image. */
  static Tensor conv3d(Tensor x, Tensor kernel, int stride, int padding, int dilation, int groups) {
    requireRank("conv3d", 5, x, kernel);
    Tensor deep = padded(x, 0, 3, padding);
    int window = kernel.size(2);
    Tensor windows = along("conv3d", deep, 2, window, stride, dilation);
    int count = windows.size(2);
    int channels = x.size(1) * window;
    Tensor images =
        windows
            .permute(0, 2, 1, 3, 4, 5)
            .reshape(x.size(0) * count, channels, deep.size(3), deep.size(4));
    Tensor flat =
        kernel.reshape(kernel.size(0), kernel.size(1) * window, kernel.size(3), kernel.size(4));
    Tensor y = images.conv2d(flat, stride, 0, dilation, groups);
    return y.reshape(x.size(0), count, y.size(1), y.size(2), y.size(3)).permute(0, 2, 1, 3, 4);
  }

  /** The adjoint of a convolution: zeros between the entries, and a turned kernel. */
  static Tensor transposed(
      int axes, Tensor x, Tensor kernel, int stride, int padding, int outputPadding) {
    requireRank("convTranspose" + axes + "d", axes + 2, x, kernel);
    Tensor y = x;
    Tensor turned = kernel.transpose(0, 1);
    for (int axis = 2; axis < axes + 2; axis++) {
      int before = kernel.size(axis) - 1 - padding;
      y = Entries.take(y, axis, spread(y.size(axis), stride, before, before + outputPadding));
      turned = turned.flip(axis);
    }
    return axes == 1 ? y.conv1d(turned, 1, 0, 1, 1) : y.conv3d(turned, 1, 0, 1, 1);
  }

  /** Entries a stride apart, with nothing between, before and after; less than nothing cuts off. */
  private static int[] spread(int size, int stride, int before, int after) {
    int length = (size - 1) * stride + 1;
    return IntStream.range(-before, length + after)
        .map(i -> i >= 0 && i < length && i % stride == 0 ? i / stride : Entries.NOTHING)
        .toArray();
  }

  /** That there are so many axes to work on. */
  static void requireAxes(String name, int axes, Tensor x) {
    if (x.rank() < axes) {
      throw new ShapeException(
          name
              + " of shape "
              + ShapeException.text(x.dimensions())
              + ": it works on the last "
              + axes
              + " axes");
    }
  }

  /** That a tensor has just the axes that are expected. */
  static void requireRank(String name, Tensor x, int rank, String axes) {
    if (x.rank() != rank) {
      throw new ShapeException(
          name + " of shape " + ShapeException.text(x.dimensions()) + ": " + axes + " is expected");
    }
  }

  private static void requireRank(String name, int rank, Tensor x, Tensor kernel) {
    if (x.rank() != rank || kernel.rank() != rank) {
      throw new ShapeException(
          name
              + " of "
              + ShapeException.text(x.dimensions())
              + " with a kernel of "
              + ShapeException.text(kernel.dimensions())
              + ": both need "
              + rank
              + " dimensions");
    }
  }

  // ---------------------------------------------------------------- patches

  /** For each element of the patches of images where it is in the padded images. */
  private static int[] positions(int[] shape, int window, int stride) {
    int height = count("unfold", shape[2], window, stride, 1);
    int width = count("unfold", shape[3], window, stride, 1);
    int[] target = {shape[0], shape[1], window, window, height, width};
    int[] strides = {
      shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1, stride * shape[3], stride
    };
    int[] positions = new int[Shapes.count(target)];
    Odometer odometer = new Odometer(target, strides);
    for (int i = 0; i < positions.length; i++) {
      positions[i] = odometer.at(0);
      odometer.advance();
    }
    return positions;
  }

  static Tensor unfold(Tensor x, int window, int stride, int padding) {
    requireRank("unfold", x, 4, "(batch, channels, height, width)");
    Tensor padded = padded(x, 0, 2, padding);
    int[] positions = positions(padded.dimensions(), window, stride);
    int channels = x.size(1) * window * window;
    int patches = Math.max(1, x.size(0) * channels);
    return Entries.elements(
        padded, positions, new int[] {x.size(0), channels, positions.length / patches});
  }

  static Tensor fold(Tensor patches, int height, int width, int window, int stride, int padding) {
    requireRank("fold", patches, 3, "(batch, channels window², patches)");
    int channels = patches.size(1) / (window * window);
    int[] shape = {patches.size(0), channels, height + 2 * padding, width + 2 * padding};
    int[] positions = positions(shape, window, stride);
    if (positions.length != patches.size()) {
      throw new ShapeException(
          "fold of "
              + ShapeException.text(patches.dimensions())
              + " to images of "
              + height
              + " by "
              + width
              + ": "
              + positions.length
              + " elements are expected");
    }
    return Entries.addElements(patches, positions, shape)
        .slice(2, padding, padding + height)
        .slice(3, padding, padding + width);
  }
}

package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import dev.fluxion.tensor.NativeConvolution.Pass;

/**
 * Convolution of images as matrix products of {@link Patches}, image by image; images are shared
 * out to the cores.
 */
final class Convolution {
  private static final long WORTH_SHARING = 500_000;
  private static final long WORTH_LIBRARY = 500_000;

  /** Not the number of cores, on which the last bits would depend. */
  private static final int PARTIAL_SUMS = 8;

  private Convolution() {}

  static Tensor forward(
      Tensor x, Tensor kernel, int stride, int padding, int dilation, int groups) {
    ConvolutionPlan plan =
        ConvolutionPlan.of(x.dimensions(), kernel.dimensions(), stride, padding, dilation, groups);
    DType.requireSame("conv2d", x, kernel);
    DType.requireFloatingPoint("conv2d", x);
    if (isNative(plan, x)) {
      return NativeConvolution.run(plan, Pass.RESULTS, x, kernel, plan.outShape());
    }
    Buffer from = x.buffer();
    Buffer weights = kernel.buffer();
    Buffer y = new Buffer(x.dtype(), Shapes.count(plan.outShape()));
    images(
        plan,
        x.dtype(),
        (patches, image, group, strip) -> {
          multiply(
              plan,
              kernel(plan, weights, group, false),
              patches.load(from, image, group, strip),
              patches.results(y, image, group, strip),
              plan.outs(),
              patches.columns(strip),
              plan.inner());
          patches.store(y, image, group, strip);
        });
    return new Tensor(plan.outShape(), y);
  }

  /** The cotangent of the images: cotangents of patches, added up where these overlap. */
  @Primitive(PullbackRules.class)
  static Tensor inImages(
      int[] images, Tensor kernel, Tensor dy, int stride, int padding, int dilation, int groups) {
    ConvolutionPlan plan =
        ConvolutionPlan.of(images, kernel.dimensions(), stride, padding, dilation, groups);
    if (isNative(plan, dy)) {
      return NativeConvolution.run(plan, Pass.IN_IMAGES, dy, kernel, images);
    }
    Buffer weights = kernel.buffer();
    Buffer from = dy.buffer();
    Buffer dx = new Buffer(dy.dtype(), Shapes.count(images));
    images(
        plan,
        dy.dtype(),
        (patches, image, group, strip) -> {
          multiply(
              plan,
              kernel(plan, weights, group, true),
              patches.cotangents(from, image, group, strip),
              patches.spare(dx, image, group, strip),
              plan.inner(),
              patches.columns(strip),
              plan.outs());
          patches.add(dx, image, group, strip);
        });
    return new Tensor(images, dx);
  }

  /** The cotangent of the kernels: a sum over images, of partial sums made side by side. */
  @Primitive(PullbackRules.class)
  static Tensor inKernel(
      Tensor x, int[] kernel, Tensor dy, int stride, int padding, int dilation, int groups) {
    ConvolutionPlan plan =
        ConvolutionPlan.of(x.dimensions(), kernel, stride, padding, dilation, groups);
    if (isNative(plan, x)) {
      return NativeConvolution.run(plan, Pass.IN_KERNEL, x, dy, kernel);
    }
    int size = Shapes.count(kernel);
    int pieces = isShared(plan) ? Math.min(PARTIAL_SUMS, plan.batch()) : 1;
    Buffer from = x.buffer();
    Buffer cotangents = dy.buffer();
    Buffer[] sums = new Buffer[pieces];
    Parallel.tasks(
        pieces,
        piece -> {
          Buffer sum = new Buffer(x.dtype(), size);
          sums[piece] = sum;
          int start = (int) ((long) plan.batch() * piece / pieces);
          int end = (int) ((long) plan.batch() * (piece + 1) / pieces);
          strips(
              plan,
              x.dtype(),
              start,
              end,
              (patches, image, group, strip) -> {
                Block columns = patches.load(from, image, group, strip);
                multiply(
                    plan,
                    patches.cotangents(cotangents, image, group, strip),
                    new Block(columns.buffer(), columns.offset(), columns.stride(), true),
                    kernel(plan, sum, group, false),
                    plan.outs(),
                    plan.inner(),
                    patches.columns(strip));
              });
        });
    for (int i = 1; i < pieces; i++) {
      sums[0].scatterAdd(sums[i], 0, 0, 1, size);
    }
    return new Tensor(kernel, sums[0]);
  }

  /** Whether a library computes it: the smallest are done before it has begun. */
  private static boolean isNative(ConvolutionPlan plan, Tensor x) {
    return x.dtype() == DType.FLOAT32 && plan.work() > WORTH_LIBRARY && NativeMath.hasOneDnn();
  }

  /** The images whose convolution has the shape of these ones. */
  static Tensor transposed(Tensor x, Tensor kernel, int stride, int padding) {
    int[] s = x.dimensions();
    int[] k = kernel.dimensions();
    DType.requireSame("convTranspose2d", x, kernel);
    DType.requireFloatingPoint("convTranspose2d", x);
    if (s.length == 4 && k.length == 4 && s[1] == k[0] && stride > 0 && padding >= 0) {
      int height = (s[2] - 1) * stride - 2 * padding + k[2];
      int width = (s[3] - 1) * stride - 2 * padding + k[3];
      if (s[2] > 0 && s[3] > 0 && height > 0 && width > 0) {
        int[] images = {s[0], k[1], height, width};
        return inImages(images, kernel, x, stride, padding, 1, 1);
      }
    }
    throw new ShapeException(
        "convTranspose2d of images "
            + ShapeException.text(s)
            + " with kernels "
            + ShapeException.text(k)
            + ", stride "
            + stride
            + ", padding "
            + padding
            + ": (batch, channels, height, width) and (channels, out, kh, kw) are expected");
  }

  /** The work on a strip of an image and group. */
  private interface Visit {
    void strip(Patches patches, int image, int group, int strip);
  }

  private static boolean isShared(ConvolutionPlan plan) {
    return plan.batch() > 1 && plan.work() > WORTH_SHARING;
  }

  private static void images(ConvolutionPlan plan, DType type, Visit visit) {
    int grain = isShared(plan) ? 1 : Math.max(1, plan.batch());
    Parallel.ranges(plan.batch(), grain, (from, end) -> strips(plan, type, from, end, visit));
  }

  private static void strips(ConvolutionPlan plan, DType type, int from, int end, Visit visit) {
    Patches patches = plan.patches(type);
    for (int image = from; image < end; image++) {
      for (int group = 0; group < plan.groups(); group++) {
        for (int strip = 0; strip < patches.strips(); strip++) {
          visit.strip(patches, image, group, strip);
        }
      }
    }
  }

  private static Block kernel(ConvolutionPlan plan, Buffer buffer, int group, boolean transposed) {
    return new Block(buffer, group * plan.outs() * plan.inner(), plan.inner(), transposed);
  }

  /** With a single image all cores share its products, else each has images of its own. */
  private static void multiply(
      ConvolutionPlan plan, Block a, Block b, Block c, int rows, int columns, int inner) {
    if (plan.batch() == 1) {
      MatrixProduct.multiply(a, b, c, rows, columns, inner);
    } else {
      MatrixProduct.multiplyHere(a, b, c, rows, columns, inner);
    }
  }
}

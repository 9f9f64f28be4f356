package dev.fluxion.tensor;

import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;

/**
 * The derivatives of the primitives that pullbacks are made of, for second and higher derivatives.
 *
 * <p>These are linear in the cotangent {@code dy}: their pushforward there is the same again, and
 * their pullback there the pushforward of what they are the pullback of.
 */
final class PullbackRules {
  private static final int[] LAST = {-1};

  private PullbackRules() {}

  // ---------------------------------------------------------------- softmax

  /** What is not seen has the weight 0, and so has its derivative. */
  @Pullback(of = "masked")
  @Pushforward(of = "masked")
  static Tensor masked(Tensor x, Tensor seen, Tensor y, Tensor t) {
    return Softmax.softmaxBack(y, t);
  }

  @Pullback(of = "softmaxBack")
  static Tensor softmaxInResult(Tensor y, Tensor dy, Tensor dx, Tensor r) {
    Tensor centred = dy.minus(lastSum(dy.times(y)));
    return r.times(centred).minus(dy.times(lastSum(r.times(y))));
  }

  @Pushforward(of = "softmaxBack")
  static Tensor softmaxAlongResult(Tensor y, Tensor dy, Tensor dx, Tensor t) {
    Tensor centred = dy.minus(lastSum(dy.times(y)));
    return t.times(centred).minus(y.times(lastSum(dy.times(t))));
  }

  /** The Jacobian matrix of softmax is symmetric. */
  @Pullback(of = "softmaxBack", argument = 1)
  @Pushforward(of = "softmaxBack", argument = 1)
  static Tensor softmax(Tensor y, Tensor dy, Tensor dx, Tensor t) {
    return Softmax.softmaxBack(y, t);
  }

  @Pullback(of = "logSoftmaxBack")
  @Pushforward(of = "logSoftmaxBack")
  static Tensor logSoftmaxInResult(Tensor y, Tensor dy, Tensor dx, Tensor t) {
    return y.exp().times(t).times(lastSum(dy)).neg();
  }

  @Pullback(of = "logSoftmaxBack", argument = 1)
  static Tensor logSoftmax(Tensor y, Tensor dy, Tensor dx, Tensor r) {
    return logSoftmaxAlong(y, r);
  }

  @Pushforward(of = "logSoftmaxBack", argument = 1)
  static Tensor logSoftmaxForward(Tensor y, Tensor dy, Tensor dx, Tensor t) {
    return Softmax.logSoftmaxBack(y, t);
  }

  /** The pushforward of logSoftmax. */
  static Tensor logSoftmaxAlong(Tensor y, Tensor dx) {
    return dx.minus(lastSum(y.exp().times(dx)));
  }

  static Tensor lastSum(Tensor x) {
    return x.sum(LAST, true);
  }

  // ---------------------------------------------------------------- rearrangements and products

  @Pullback(of = "place")
  static Tensor place(Tensor part, int[] shape, int axis, int from, Tensor whole, Tensor r) {
    return r.slice(axis, from, from + part.size(axis));
  }

  @Pushforward(of = "place")
  static Tensor placeForward(Tensor part, int[] shape, int axis, int from, Tensor whole, Tensor t) {
    return Rearrangements.place(t, shape, axis, from);
  }

  @Pullback(of = "pickBack", argument = 2)
  static Tensor pick(int[] shape, int[] columns, Tensor dy, Tensor dx, Tensor r) {
    return r.pick(columns);
  }

  @Pushforward(of = "pickBack", argument = 2)
  static Tensor pickForward(int[] shape, int[] columns, Tensor dy, Tensor dx, Tensor t) {
    return Rearrangements.pickBack(shape, columns, t);
  }

  @Pullback(of = "of")
  static Tensor productInLeft(
      Tensor a, boolean flipA, Tensor b, boolean flipB, Tensor y, Tensor dy) {
    Tensor da =
        flipA ? MatrixProduct.of(b, flipB, dy, true) : MatrixProduct.of(dy, false, b, !flipB);
    return da.sumTo(a.dimensions());
  }

  @Pullback(of = "of", argument = 2)
  static Tensor productInRight(
      Tensor a, boolean flipA, Tensor b, boolean flipB, Tensor y, Tensor dy) {
    Tensor db =
        flipB ? MatrixProduct.of(dy, true, a, flipA) : MatrixProduct.of(a, !flipA, dy, false);
    return db.sumTo(b.dimensions());
  }

  @Pushforward(of = "of")
  static Tensor productAlongLeft(
      Tensor a, boolean flipA, Tensor b, boolean flipB, Tensor y, Tensor da) {
    return MatrixProduct.of(da, flipA, b, flipB);
  }

  @Pushforward(of = "of", argument = 2)
  static Tensor productAlongRight(
      Tensor a, boolean flipA, Tensor b, boolean flipB, Tensor y, Tensor db) {
    return MatrixProduct.of(a, flipA, db, flipB);
  }

  // ---------------------------------------------------------------- convolution

  @Pullback(of = "inImages", argument = 1)
  static Tensor imagesInKernel(
      int[] images,
      Tensor kernel,
      Tensor dy,
      int stride,
      int padding,
      int dilation,
      int groups,
      Tensor dx,
      Tensor r) {
    return Convolution.inKernel(r, kernel.dimensions(), dy, stride, padding, dilation, groups);
  }

  @Pullback(of = "inImages", argument = 2)
  static Tensor imagesInCotangent(
      int[] images,
      Tensor kernel,
      Tensor dy,
      int stride,
      int padding,
      int dilation,
      int groups,
      Tensor dx,
      Tensor r) {
    return r.conv2d(kernel, stride, padding, dilation, groups);
  }

  @Pushforward(of = "inImages", argument = 1)
  static Tensor imagesAlongKernel(
      int[] images,
      Tensor kernel,
      Tensor dy,
      int stride,
      int padding,
      int dilation,
      int groups,
      Tensor dx,
      Tensor t) {
    return Convolution.inImages(images, t, dy, stride, padding, dilation, groups);
  }

  @Pushforward(of = "inImages", argument = 2)
  static Tensor imagesAlongCotangent(
      int[] images,
      Tensor kernel,
      Tensor dy,
      int stride,
      int padding,
      int dilation,
      int groups,
      Tensor dx,
      Tensor t) {
    return Convolution.inImages(images, kernel, t, stride, padding, dilation, groups);
  }

  @Pullback(of = "inKernel")
  static Tensor kernelInImages(
      Tensor x,
      int[] kernel,
      Tensor dy,
      int stride,
      int padding,
      int dilation,
      int groups,
      Tensor dk,
      Tensor r) {
    return Convolution.inImages(x.dimensions(), r, dy, stride, padding, dilation, groups);
  }

  @Pullback(of = "inKernel", argument = 2)
  static Tensor kernelInCotangent(
      Tensor x,
      int[] kernel,
      Tensor dy,
      int stride,
      int padding,
      int dilation,
      int groups,
      Tensor dk,
      Tensor r) {
    return x.conv2d(r, stride, padding, dilation, groups);
  }

  @Pushforward(of = "inKernel")
  static Tensor kernelAlongImages(
      Tensor x,
      int[] kernel,
      Tensor dy,
      int stride,
      int padding,
      int dilation,
      int groups,
      Tensor dk,
      Tensor t) {
    return Convolution.inKernel(t, kernel, dy, stride, padding, dilation, groups);
  }

  @Pushforward(of = "inKernel", argument = 2)
  static Tensor kernelAlongCotangent(
      Tensor x,
      int[] kernel,
      Tensor dy,
      int stride,
      int padding,
      int dilation,
      int groups,
      Tensor dk,
      Tensor t) {
    return Convolution.inKernel(x, kernel, t, stride, padding, dilation, groups);
  }

  // ---------------------------------------------------------------- pooling

  @Pullback(of = "maxBack", argument = 5)
  @Pushforward(of = "maxAlong", argument = 5)
  static Tensor maxAlong(
      Tensor x, int size, int stride, int padding, Tensor y, Tensor d, Tensor result, Tensor t) {
    return Pooling.maxAlong(x, size, stride, padding, y, t);
  }

  @Pushforward(of = "maxBack", argument = 5)
  @Pullback(of = "maxAlong", argument = 5)
  static Tensor maxBack(
      Tensor x, int size, int stride, int padding, Tensor y, Tensor d, Tensor result, Tensor t) {
    return Pooling.maxBack(x, size, stride, padding, y, t);
  }

  @Pullback(of = "meanBack", argument = 4)
  static Tensor mean(
      int[] shape, int size, int stride, int padding, Tensor dy, Tensor dx, Tensor r) {
    return r.meanPool2d(size, stride, padding);
  }

  @Pushforward(of = "meanBack", argument = 4)
  static Tensor meanForward(
      int[] shape, int size, int stride, int padding, Tensor dy, Tensor dx, Tensor t) {
    return Pooling.meanBack(shape, size, stride, padding, t);
  }
}

package dev.fluxion.tensor;

import dev.fluxion.grad.Pullback;

/** The pullbacks of convolution and pooling. */
final class ConvolutionRules {
  private ConvolutionRules() {}

  @Pullback(of = "conv2d")
  static Tensor simpleInImages(Tensor x, Tensor kernel, Tensor y, Tensor dy) {
    return Convolution.inImages(x.dimensions(), kernel, dy, 1, 0, 1, 1);
  }

  @Pullback(of = "conv2d", argument = 1)
  static Tensor simpleInKernel(Tensor x, Tensor kernel, Tensor y, Tensor dy) {
    return Convolution.inKernel(x, kernel.dimensions(), dy, 1, 0, 1, 1);
  }

  @Pullback(of = "conv2d")
  static Tensor inImages(
      Tensor x,
      Tensor kernel,
      int stride,
      int padding,
      int dilation,
      int groups,
      Tensor y,
      Tensor dy) {
    return Convolution.inImages(x.dimensions(), kernel, dy, stride, padding, dilation, groups);
  }

  @Pullback(of = "conv2d", argument = 1)
  static Tensor inKernel(
      Tensor x,
      Tensor kernel,
      int stride,
      int padding,
      int dilation,
      int groups,
      Tensor y,
      Tensor dy) {
    return Convolution.inKernel(x, kernel.dimensions(), dy, stride, padding, dilation, groups);
  }

  @Pullback(of = "maxPool2d")
  static Tensor maxPool(Tensor x, int window, Tensor y, Tensor dy) {
    return Pooling.maxBack(x, window, window, 0, y, dy);
  }

  @Pullback(of = "maxPool2d")
  static Tensor maxPoolStrided(Tensor x, int window, int stride, int padding, Tensor y, Tensor dy) {
    return Pooling.maxBack(x, window, stride, padding, y, dy);
  }

  @Pullback(of = "meanPool2d")
  static Tensor meanPool(Tensor x, int window, Tensor y, Tensor dy) {
    return Pooling.meanBack(x.dimensions(), window, window, 0, dy);
  }

  @Pullback(of = "meanPool2d")
  static Tensor meanPoolStrided(
      Tensor x, int window, int stride, int padding, Tensor y, Tensor dy) {
    return Pooling.meanBack(x.dimensions(), window, stride, padding, dy);
  }

  @Pullback(of = "convTranspose2d")
  static Tensor transposedInImages(
      Tensor x, Tensor kernel, int stride, int padding, Tensor y, Tensor dy) {
    return dy.conv2d(kernel, stride, padding);
  }

  @Pullback(of = "convTranspose2d", argument = 1)
  static Tensor transposedInKernel(
      Tensor x, Tensor kernel, int stride, int padding, Tensor y, Tensor dy) {
    return Convolution.inKernel(dy, kernel.dimensions(), x, stride, padding, 1, 1);
  }
}

package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Pullback;

/** The pullbacks of convolution and pooling. */
final class ConvolutionRules {
  private ConvolutionRules() {}

  @Primitive(PullbackRules.class)
  @Pullback(of = "conv2d")
  static Tensor inImages(Tensor x, Tensor kernel, Tensor y, Tensor dy) {
    return Convolution.inImages(x, kernel, dy);
  }

  @Primitive(PullbackRules.class)
  @Pullback(of = "conv2d", argument = 1)
  static Tensor inKernel(Tensor x, Tensor kernel, Tensor y, Tensor dy) {
    return Convolution.inKernel(x, kernel, dy);
  }

  @Primitive(PullbackRules.class)
  @Pullback(of = "maxPool2d")
  static Tensor maxPool2d(Tensor x, int window, Tensor y, Tensor dy) {
    return Convolution.maxPoolBack(x, window, dy);
  }
}

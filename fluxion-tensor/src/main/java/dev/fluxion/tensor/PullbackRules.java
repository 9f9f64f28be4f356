package dev.fluxion.tensor;

import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;

/**
 * The derivatives of pullbacks that are not made of primitives themselves, for second derivatives.
 *
 * <p>A pullback is linear in the cotangent {@code dy}: its pushforward there is the pullback
 * itself, and its pullback there is the pushforward of the primitive.
 */
final class PullbackRules {
  private PullbackRules() {}

  @Pullback(of = "relu", argument = 2)
  static Tensor relu(Tensor x, Tensor y, Tensor dy, Tensor r, Tensor dr) {
    return ElementwiseRules.relu(x, y, dr);
  }

  @Pushforward(of = "relu", argument = 2)
  static Tensor reluForward(Tensor x, Tensor y, Tensor dy, Tensor r, Tensor ddy) {
    return ElementwiseRules.relu(x, y, ddy);
  }

  @Pullback(of = "toFloatArray", argument = 2)
  static float[] toFloatArray(Tensor x, float[] y, float[] dy, Tensor r, Tensor dr) {
    return dr.toFloatArray();
  }

  @Pushforward(of = "toFloatArray", argument = 2)
  static Tensor toFloatArrayForward(Tensor x, float[] y, float[] dy, Tensor r, float[] ddy) {
    return ElementwiseRules.toFloatArray(x, y, ddy);
  }

  @Pullback(of = "toDoubleArray", argument = 2)
  static double[] toDoubleArray(Tensor x, double[] y, double[] dy, Tensor r, Tensor dr) {
    return dr.toDoubleArray();
  }

  @Pushforward(of = "toDoubleArray", argument = 2)
  static Tensor toDoubleArrayForward(Tensor x, double[] y, double[] dy, Tensor r, double[] ddy) {
    return ElementwiseRules.toDoubleArray(x, y, ddy);
  }

  @Pullback(of = "gather", argument = 3)
  static Tensor gather(Tensor x, int[] indices, Tensor y, Tensor dy, Tensor r, Tensor dr) {
    return dr.gather(indices);
  }

  @Pushforward(of = "gather", argument = 3)
  static Tensor gatherForward(Tensor x, int[] indices, Tensor y, Tensor dy, Tensor r, Tensor ddy) {
    return ShapeRules.gather(x, indices, y, ddy);
  }

  @Pullback(of = "pick", argument = 3)
  static Tensor pick(Tensor x, int[] columns, Tensor y, Tensor dy, Tensor r, Tensor dr) {
    return dr.pick(columns);
  }

  @Pushforward(of = "pick", argument = 3)
  static Tensor pickForward(Tensor x, int[] columns, Tensor y, Tensor dy, Tensor r, Tensor ddy) {
    return ShapeRules.pick(x, columns, y, ddy);
  }

  @Pullback(of = "simpleInImages", argument = 1)
  static Tensor imagesInKernel(Tensor x, Tensor kernel, Tensor y, Tensor dy, Tensor r, Tensor dr) {
    return ConvolutionRules.simpleInKernel(dr, kernel, y, dy);
  }

  @Pullback(of = "simpleInImages", argument = 3)
  static Tensor images(Tensor x, Tensor kernel, Tensor y, Tensor dy, Tensor r, Tensor dr) {
    return dr.conv2d(kernel);
  }

  @Pushforward(of = "simpleInImages", argument = 1)
  static Tensor imagesAlongKernel(
      Tensor x, Tensor kernel, Tensor y, Tensor dy, Tensor r, Tensor dKernel) {
    return ConvolutionRules.simpleInImages(x, dKernel, y, dy);
  }

  @Pushforward(of = "simpleInImages", argument = 3)
  static Tensor imagesForward(Tensor x, Tensor kernel, Tensor y, Tensor dy, Tensor r, Tensor ddy) {
    return ConvolutionRules.simpleInImages(x, kernel, y, ddy);
  }

  @Pullback(of = "simpleInKernel")
  static Tensor kernelInImages(Tensor x, Tensor kernel, Tensor y, Tensor dy, Tensor r, Tensor dr) {
    return ConvolutionRules.simpleInImages(x, dr, y, dy);
  }

  @Pullback(of = "simpleInKernel", argument = 3)
  static Tensor kernel(Tensor x, Tensor kernel, Tensor y, Tensor dy, Tensor r, Tensor dr) {
    return x.conv2d(dr);
  }

  @Pushforward(of = "simpleInKernel")
  static Tensor kernelAlongImages(
      Tensor x, Tensor kernel, Tensor y, Tensor dy, Tensor r, Tensor dx) {
    return ConvolutionRules.simpleInKernel(dx, kernel, y, dy);
  }

  @Pushforward(of = "simpleInKernel", argument = 3)
  static Tensor kernelForward(Tensor x, Tensor kernel, Tensor y, Tensor dy, Tensor r, Tensor ddy) {
    return ConvolutionRules.simpleInKernel(x, kernel, y, ddy);
  }

  @Pullback(of = "maxPool", argument = 3)
  static Tensor maxPool2d(Tensor x, int window, Tensor y, Tensor dy, Tensor r, Tensor dr) {
    return ForwardRules.maxPool2d(x, window, y, dr);
  }

  @Pushforward(of = "maxPool", argument = 3)
  static Tensor maxPool2dForward(Tensor x, int window, Tensor y, Tensor dy, Tensor r, Tensor ddy) {
    return ConvolutionRules.maxPool(x, window, y, ddy);
  }
}

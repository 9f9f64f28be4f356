package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fluxion.tensor.NativeConvolution.Pass;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The library's convolutions beside ours, which compute in float64. */
class NativeConvolutionTest {
  @BeforeEach
  void whereTheLibraryIs() {
    assumeTrue(NativeMath.hasOneDnn());
  }

  private static Tensor random(long seed, int... shape) {
    return Tensor.uniform(seed, -1, 1, shape);
  }

  private static void compare(Tensor expected, Tensor result, int terms) {
    double[] numbers = expected.toDoubleArray();
    float[] actual = result.toFloatArray();
    assertArrayEquals(expected.shape(), result.shape());
    double tolerance = 1e-6 * (1 + Math.sqrt(terms));
    for (int i = 0; i < numbers.length; i++) {
      assertEquals(numbers[i], actual[i], tolerance);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, 3, 9, 11, 5, 3, 3, 1, 0, 1, 1",
    "1, 1, 28, 28, 6, 5, 5, 1, 0, 1, 1",
    "3, 16, 8, 8, 32, 3, 3, 1, 1, 1, 1",
    "2, 16, 9, 9, 24, 3, 3, 2, 1, 1, 1",
    "2, 17, 7, 5, 19, 1, 1, 1, 0, 1, 1",
    "2, 16, 8, 8, 32, 1, 1, 2, 0, 1, 1",
    "2, 6, 10, 10, 4, 3, 2, 1, 2, 1, 2",
    "1, 8, 12, 9, 8, 3, 3, 1, 1, 1, 8",
    "2, 4, 13, 13, 6, 3, 3, 2, 2, 2, 2",
    "4, 3, 5, 5, 1, 5, 5, 1, 0, 1, 1"
  })
  void allPassesAreOurs(
      int batch,
      int channels,
      int height,
      int width,
      int out,
      int rows,
      int columns,
      int stride,
      int padding,
      int dilation,
      int groups) {
    Tensor x = random(1, batch, channels, height, width);
    Tensor k = random(2, out, channels / groups, rows, columns);
    ConvolutionPlan plan =
        ConvolutionPlan.of(x.shape(), k.shape(), stride, padding, dilation, groups);
    Tensor dy = random(3, plan.outShape());
    Tensor x64 = x.cast(DType.FLOAT64);
    Tensor k64 = k.cast(DType.FLOAT64);
    Tensor dy64 = dy.cast(DType.FLOAT64);
    for (int again = 0; again < 4; again++) { // the second time with what was prepared
      Tensor in = again % 2 == 0 ? x : channelsLast(x);
      Tensor cotangent = again == 1 || again == 2 ? channelsLast(dy) : dy;
      compare(
          Convolution.forward(x64, k64, stride, padding, dilation, groups),
          NativeConvolution.run(plan, Pass.RESULTS, in, k, plan.outShape()),
          plan.inner());
      compare(
          Convolution.inImages(x.shape(), k64, dy64, stride, padding, dilation, groups),
          NativeConvolution.run(plan, Pass.IN_IMAGES, cotangent, k, x.shape()),
          plan.inner() * plan.outs());
      compare(
          Convolution.inKernel(x64, k.shape(), dy64, stride, padding, dilation, groups),
          NativeConvolution.run(plan, Pass.IN_KERNEL, in, cotangent, k.shape()),
          batch * plan.area());
    }
  }

  private static Tensor channelsLast(Tensor x) {
    return ChannelsLast.images(x.permute(0, 2, 3, 1));
  }

  @Test
  void largeFloatsTakeTheLibraryWithTheSameResultEachTime() {
    Tensor x = random(1, 8, 16, 16, 16);
    Tensor k = random(2, 32, 16, 3, 3);
    Tensor y = x.conv2d(k, 1, 1);
    compare(x.cast(DType.FLOAT64).conv2d(k.cast(DType.FLOAT64), 1, 1), y, 144);
    Tensor[] others = new Tensor[16];
    IntStream.range(0, others.length).parallel().forEach(i -> others[i] = x.conv2d(k, 1, 1));
    for (Tensor other : others) {
      assertEquals(0, other.minus(y).abs().max().item());
    }
  }

  @Test
  void moreShapesThanAreRemembered() {
    Tensor x = random(1, 1, 1, 4, 700);
    Tensor k = random(2, 1, 1, 2, 2);
    float[] images = x.toFloatArray();
    for (int width = 2; width < 640; width++) {
      ConvolutionPlan plan = ConvolutionPlan.of(new int[] {1, 1, 4, width}, k.shape(), 1, 0, 1, 1);
      float[] part = Arrays.copyOf(images, 4 * width);
      Tensor y =
          NativeConvolution.run(
              plan, Pass.RESULTS, Tensor.of(part, 1, 1, 4, width), k, plan.outShape());
      float[] weights = k.toFloatArray();
      float first =
          part[0] * weights[0]
              + part[1] * weights[1]
              + part[width] * weights[2]
              + part[width + 1] * weights[3];
      assertEquals(first, y.toFloatArray()[0], 1e-6f);
    }
  }

  @Test
  void arraysOfTheWrongSizeAreRefused() {
    ConvolutionPlan plan =
        ConvolutionPlan.of(new int[] {1, 1, 4, 4}, new int[] {1, 1, 2, 2}, 1, 0, 1, 1);
    assertThrows(
        IllegalStateException.class,
        () ->
            NativeConvolution.run(plan, Pass.RESULTS, Tensor.ones(15), Tensor.ones(4), new int[9]));
  }
}

package dev.fluxion.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import dev.fluxion.tensor.DType;
import dev.fluxion.tensor.Tensor;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Activations and their derivatives, at zero too, are those of PyTorch. */
class ActivationsTest {
  private static final double[] POINTS = {-40, -3, -1, -0.5, 0, 0.25, 1, 3, 40};

  static Stream<Arguments> activations() {
    return Stream.of(
        of("identity", Activations::identity, x -> Activations.identity(x).sum()),
        of("relu", Activations::relu, x -> Activations.relu(x).sum()),
        of("leakyRelu", Activations::leakyRelu, x -> Activations.leakyRelu(x).sum()),
        of("elu", Activations::elu, x -> Activations.elu(x).sum()),
        of("selu", Activations::selu, x -> Activations.selu(x).sum()),
        of("sigmoid", Activations::sigmoid, x -> Activations.sigmoid(x).sum()),
        of("tanh", Activations::tanh, x -> Activations.tanh(x).sum()),
        of("softplus", Activations::softplus, x -> Activations.softplus(x).sum()),
        of("gelu", Activations::gelu, x -> Activations.gelu(x).sum()),
        of("swish", Activations::swish, x -> Activations.swish(x).sum()),
        of("geluErf", Activations::geluErf, x -> Activations.geluErf(x).sum()),
        of("relu6", Activations::relu6, x -> Activations.relu6(x).sum()),
        of("celu", x -> Activations.celu(x, 0.5), x -> Activations.celu(x, 0.5).sum()),
        of("hardSigmoid", Activations::hardSigmoid, x -> Activations.hardSigmoid(x).sum()),
        of("hardTanh", Activations::hardTanh, x -> Activations.hardTanh(x).sum()),
        of("hardSwish", Activations::hardSwish, x -> Activations.hardSwish(x).sum()),
        of("softSign", Activations::softSign, x -> Activations.softSign(x).sum()),
        of("logSigmoid", Activations::logSigmoid, x -> Activations.logSigmoid(x).sum()),
        of("logCosh", Activations::logCosh, x -> Activations.logCosh(x).sum()),
        of("tanhShrink", Activations::tanhShrink, x -> Activations.tanhShrink(x).sum()),
        of(
            "softShrink",
            x -> Activations.softShrink(x, 0.6),
            x -> Activations.softShrink(x, 0.6).sum()),
        of(
            "thresholdRelu",
            x -> Activations.thresholdRelu(x, 0.6),
            x -> Activations.thresholdRelu(x, 0.6).sum()),
        of("lisht", Activations::lisht, x -> Activations.lisht(x).sum()),
        of("mish", Activations::mish, x -> Activations.mish(x).sum()));
  }

  private static Arguments of(String name, Layer activation, Fn1<Tensor, Tensor> sum) {
    return Arguments.of(name, activation, sum);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("activations")
  void activation(String name, Layer activation, Fn1<Tensor, Tensor> sum) {
    Tensor x = Tensor.of(POINTS, 3, 3);
    References.assertReference(
        name,
        DoubleStream.concat(
                DoubleStream.of(activation.apply(x).toDoubleArray()),
                DoubleStream.of(Grad.gradient(sum, x).toDoubleArray()))
            .toArray());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("activations")
  void isALayer(String name, Layer activation, Fn1<Tensor, Tensor> sum) {
    Chain chain = Chain.chain(activation);
    Tensor x = Tensor.of(POINTS, 3, 3);
    assertArrayEquals(
        Grad.gradient(sum, x).toDoubleArray(),
        Grad.gradient(y -> chain.apply(y).sum(), x).toDoubleArray());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("activations")
  void floatsFarFromZeroDoNotOverflow(String name, Layer activation, Fn1<Tensor, Tensor> sum) {
    float[] points = new float[96]; // as many as vectors are worth
    for (int i = 0; i < points.length; i++) {
      points[i] = (i % 2 == 0 ? 1 : -1) * 90f * (1 + i);
    }
    Tensor x = Tensor.of(points, points.length);
    Tensor exact = x.cast(DType.FLOAT64);
    assertArrayEquals(
        activation.apply(exact).toDoubleArray(), activation.apply(x).toDoubleArray(), 1e-3);
    assertArrayEquals(
        Grad.gradient(sum, exact).toDoubleArray(), Grad.gradient(sum, x).toDoubleArray(), 1e-5);
    for (double slope : Grad.gradient(sum, exact).toDoubleArray()) {
      assertTrue(slope >= -1.1 && slope <= 1.1, name + " has the slope " + slope);
    }
  }
}

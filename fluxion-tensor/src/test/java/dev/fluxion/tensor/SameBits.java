package dev.fluxion.tensor;

import dev.fluxion.grad.Scalar1;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Prints what functions of elements give: a program, for runs with other options of the JVM. */
final class SameBits {
  private static final List<Binary> BACKWARD =
      List.of(
          Functions.SIN_BACK,
          Functions.COS_BACK,
          Functions.RELU_BACK,
          Functions.SOFTPLUS_BACK,
          Functions.ERF_BACK,
          Functions.GELU_BACK);

  private SameBits() {}

  static Map<String, UnaryOperator<Tensor>> functions() {
    Map<String, UnaryOperator<Tensor>> all = new LinkedHashMap<>();
    all.put("exp", Tensor::exp);
    all.put("expm1", Tensor::expm1);
    all.put("log", Tensor::log);
    all.put("log1p", Tensor::log1p);
    all.put("sin", Tensor::sin);
    all.put("cos", Tensor::cos);
    all.put("tan", Tensor::tan);
    all.put("tanh", Tensor::tanh);
    all.put("sigmoid", Tensor::sigmoid);
    all.put("softplus", Tensor::softplus);
    all.put("erf", Tensor::erf);
    all.put("gelu", Tensor::gelu);
    for (Binary f : BACKWARD) {
      all.put(f.name() + " backward", x -> Elementwise.zip(f, x, x));
      all.put(f.name() + " backward, of one", x -> Elementwise.zip(f, x, 0.7));
    }
    all.put("map", x -> Tensor.map(SameBits::several, x));
    Scalar1 branches = v -> v > 1 ? Math.log(v) : v < -1 ? Math.sqrt(-v) / 3 : v * 0.1 + 1;
    all.put("map with branches", x -> Tensor.map(branches, x));
    all.put("map of a power", x -> Tensor.map(v -> Math.pow(v * v, 0.3) + Math.atan(v), x));
    return all;
  }

  static double several(double v) {
    return Math.exp(-v * v) * Math.tanh(v) + Math.sin(v) * Math.log1p(v * v) - Math.cos(v / 3);
  }

  static Tensor inputs(DType type, int count) {
    double[] special = {
      0, -0.0, 1e6, -1e9, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-40
    };
    double[] data = ValuesTest.stream(3, count);
    for (int i = 0; i < count; i++) {
      data[i] = i % 11 == 5 ? special[i / 11 % special.length] : data[i] * (i % 3 == 0 ? 40 : 3);
    }
    return Tensor.of(data, count).cast(type);
  }

  /** Numbers as text that tells all but the bits of a NaN. */
  static String text(Tensor x) {
    return Arrays.toString(x.toDoubleArray());
  }

  static String all(DType type) {
    Tensor x = inputs(type, 75);
    StringBuilder text = new StringBuilder();
    functions()
        .forEach((name, f) -> text.append(name).append(' ').append(text(f.apply(x))).append('\n'));
    return text.toString();
  }

  public static void main(String[] arguments) {
    System.out.print(all(DType.valueOf(arguments[0])));
  }
}

package dev.fluxion.tensor;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A program that prints hashes of results large enough to be computed on all cores. */
final class SharedWork {
  private SharedWork() {}

  private static Map<String, UnaryOperator<Tensor>> operations() {
    int[] all = {0, 1};
    int[] rows = {0};
    Map<String, UnaryOperator<Tensor>> of = new LinkedHashMap<>();
    of.put("sum", Tensor::sum);
    of.put("sum of rows", x -> x.sum(rows, false));
    of.put("sum of columns", x -> x.sum(1));
    of.put("sum in float32", x -> x.cast(DType.FLOAT32).sum(rows, false));
    of.put("mean", Tensor::mean);
    of.put("variance", x -> x.variance(all, false, 1));
    of.put("norm", x -> x.norm(3, rows, false));
    of.put("logSumExp", x -> x.logSumExp(all, false));
    of.put("softmax", Tensor::softmax);
    of.put("logSoftmax", Tensor::logSoftmax);
    of.put("layer norm", x -> Normalization.layer(x, 1, 1e-5));
    of.put("batch norm", x -> Normalization.batch(x.reshape(10, 6, 15, 100), 1e-5));
    of.put("product", x -> x.matmul(x.transpose()));
    of.put("product of one row", x -> x.slice(0, 0, 1).matmul(x.transpose()));
    of.put("wide product", x -> x.slice(0, 0, 40).transpose().matmul(x.slice(0, 0, 40)));
    of.put("products", x -> x.reshape(30, 40, 75).matmul(x.reshape(30, 75, 40)));
    of.put("convolution", SharedWork::convolved);
    of.put("slope of kernels", SharedWork::inKernels);
    of.put("slope of images", SharedWork::inImages);
    of.put("pool", x -> images(x).meanPool2d(3, 2, 1));
    return of;
  }

  private static Tensor kernels(Tensor x) {
    return x.slice(1, 0, 75).slice(0, 0, 8).reshape(8, 3, 5, 5);
  }

  private static Tensor images(Tensor x) {
    return x.reshape(10, 3, 50, 60);
  }

  private static Tensor convolved(Tensor x) {
    return images(x).conv2d(kernels(x), 2, 1);
  }

  private static Tensor inKernels(Tensor x) {
    int[] kernels = {8, 3, 5, 5};
    return Convolution.inKernel(images(x), kernels, convolved(x), 2, 1, 1, 1);
  }

  private static Tensor inImages(Tensor x) {
    return Convolution.inImages(images(x).shape(), kernels(x), convolved(x), 2, 1, 1, 1);
  }

  static String all() {
    StringBuilder text = new StringBuilder();
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      Tensor x = ValuesTest.random(type, 5, 1, 0.1, 150, 600);
      operations()
          .forEach(
              (name, f) -> {
                long hash = Arrays.hashCode(f.apply(x).toDoubleArray());
                text.append(name).append(" of ").append(type).append(' ').append(hash).append('\n');
              });
    }
    return text.toString();
  }

  public static void main(String[] arguments) {
    System.out.print(all());
  }
}

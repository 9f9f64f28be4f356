package dev.fluxion.tensor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Cases of complex numbers and Fourier transforms; real parts are followed by imaginary ones. */
final class FourierCases {
  private final Map<String, Supplier<Tensor>> all = new LinkedHashMap<>();
  private final DType type;

  FourierCases(DType type) {
    this.type = type;
  }

  private Tensor t(long seed, int... shape) {
    return ValuesTest.random(type, seed, 2, 0, shape);
  }

  private ComplexTensor z(long seed, int... shape) {
    return new ComplexTensor(t(seed, shape), t(seed + 1, shape));
  }

  private void add(String name, Supplier<ComplexTensor> value) {
    all.put(name, () -> pair(value.get()));
  }

  static Tensor pair(ComplexTensor z) {
    return Tensor.stack(z.real(), z.imaginary());
  }

  Map<String, Supplier<Tensor>> all() {
    numbers();
    transforms();
    return all;
  }

  private void numbers() {
    ComplexTensor x = z(100, 3, 4);
    ComplexTensor y = z(102, 4);
    add("complex plus", () -> x.plus(y));
    add("complex minus", () -> x.minus(y));
    add("complex times", () -> x.times(y));
    add("complex div", () -> x.div(y));
    add("complex reciprocal", x::reciprocal);
    add("complex square", x::square);
    all.put("complex abs", x::abs);
    all.put("complex angle", x::angle);
    add("complex exp", x::exp);
    add("complex log", x::log);
    add("complex sqrt", x::sqrt);
    add("complex pow", () -> x.pow(y));
    add("complex pow number", () -> x.pow(0.5));
    add("complex sin", x::sin);
    add("complex cos", x::cos);
    add("complex sinh", x::sinh);
    add("complex cosh", x::cosh);
    add("complex sum", () -> x.sum(new int[] {0}, false));
    add("complex mean", x::mean);
    add("complex matmul", () -> x.matmul(x.adjoint()));
  }

  private void transforms() {
    Tensor real = t(110, 2, 3, 8);
    ComplexTensor x = z(111, 2, 5, 6);
    for (int size : new int[] {1, 2, 7, 16, 17, 24, 60, 74}) {
      add("fft " + size, () -> Fourier.fft(z(120, 2, size)));
      add("ifft " + size, () -> Fourier.ifft(z(120, 2, size)));
    }
    add("fft over 0", () -> Fourier.fft(x, 0));
    add("ifft over 1", () -> Fourier.ifft(x, 1));
    add("fft real", () -> Fourier.fft(real));
    add("fft2", () -> Fourier.fft2(x));
    add("ifft2", () -> Fourier.ifft2(x));
    add("fftn", () -> Fourier.fftn(x, 0, 1, 2));
    add("ifftn", () -> Fourier.ifftn(x, 0, 2));
    add("rfft", () -> Fourier.rfft(real));
    add("rfft over 1", () -> Fourier.rfft(real, 1));
    all.put("irfft", () -> Fourier.irfft(x));
    all.put("irfft odd", () -> Fourier.irfft(x, 9, 1));
    add("rfft2", () -> Fourier.rfft2(real));
    all.put("irfft2", () -> Fourier.irfft2(x));
    add("rfftn", () -> Fourier.rfftn(real, 0, 2, 1));
    all.put("irfftn", () -> Fourier.irfftn(x, 11, 0, 2));
    all.put("fftFreq", () -> Fourier.fftFreq(5, 0.5).cast(type));
    all.put("rfftFreq", () -> Fourier.rfftFreq(6, 0.5).cast(type));
    all.put("fftShift", () -> Fourier.fftShift(real, 1, 2));
    all.put("ifftShift", () -> Fourier.ifftShift(real, 1, 2));
  }
}

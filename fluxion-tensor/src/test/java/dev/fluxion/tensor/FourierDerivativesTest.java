package dev.fluxion.tensor;

import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Derivatives of complex numbers and of Fourier transforms. */
@Execution(ExecutionMode.CONCURRENT)
class FourierDerivativesTest extends HigherDerivatives {
  private static ComplexTensor complex(Tensor pair) {
    return new ComplexTensor(pair.at(0), pair.at(1));
  }

  private static Tensor pair(ComplexTensor z) {
    return Tensor.stack(z.real(), z.imaginary());
  }

  @TestFactory
  List<DynamicTest> agreeWithDifferences() {
    numbers();
    transforms();
    return tests;
  }

  private void numbers() {
    Tensor x = signed(1, 2, 2, 3);
    ComplexTensor w = complex(signed(2, 2, 3));
    ComplexTensor rows = complex(signed(3, 2, 3, 2));
    check("times", x, a -> pair(complex(a).times(w)));
    check("div", x, a -> pair(complex(a).div(w)));
    check("divisor", x, a -> pair(w.div(complex(a))));
    check("reciprocal", x, a -> pair(complex(a).reciprocal()));
    check("square", x, a -> pair(complex(a).square()));
    check("abs", x, a -> complex(a).abs());
    check("angle", x, a -> complex(a).angle());
    check("exp", x, a -> pair(complex(a).exp()));
    check("log", x, a -> pair(complex(a).log()));
    check("sqrt", x, a -> pair(complex(a).sqrt()));
    check("pow", x, a -> pair(complex(a).pow(w)));
    check("pow number", x, a -> pair(complex(a).pow(2.5)));
    check("sin", x, a -> pair(complex(a).sin()));
    check("cosh", x, a -> pair(complex(a).cosh()));
    check("tanh", x, a -> pair(complex(a).tanh()));
    check(
        "interleaved",
        x,
        a -> ComplexTensor.ofInterleaved(complex(a).interleaved()).square().interleaved());
    check("matmul", x, a -> pair(complex(a).matmul(rows).conj()));
    check("adjoint", x, a -> pair(complex(a).adjoint().square()));
  }

  private void transforms() {
    Tensor real = signed(4, 2, 5);
    Tensor x = signed(5, 2, 3, 4);
    check("fft", x, a -> pair(Fourier.fft(complex(a).square())));
    check("fft over 0", x, a -> pair(Fourier.fft(complex(a), 0)));
    check("ifft", x, a -> pair(Fourier.ifft(complex(a))));
    check("fft2", x, a -> pair(Fourier.fft2(complex(a))));
    check("ifftn", x, a -> pair(Fourier.ifftn(complex(a), 0, 1)));
    check("rfft", real, a -> pair(Fourier.rfft(a)));
    check("rfft2", real, a -> Fourier.rfft2(a.square()).abs());
    check("irfft", x, a -> Fourier.irfft(complex(a)));
    check("irfft odd", x, a -> Fourier.irfft(complex(a), 5, 0));
  }
}

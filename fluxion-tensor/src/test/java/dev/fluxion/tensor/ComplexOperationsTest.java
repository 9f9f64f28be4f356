package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Products, powers, comparisons and choices of complex numbers, with the values of NumPy 2. */
class ComplexOperationsTest {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double STEP = 1e-6;

  /** [[1+2j, 3-4j, 5.5j], [-1, 0.25-0.5j, 7]]. */
  private static final ComplexTensor Z =
      complex(1, 2, 3, -4, 0, 5.5, -1, 0, 0.25, -0.5, 7, 0).reshape(2, 3);

  private static ComplexTensor complex(double... parts) {
    return ComplexTensor.ofInterleaved(Tensor.of(parts, parts.length / 2, 2));
  }

  private static double[] parts(ComplexTensor z) {
    return z.interleaved().toDoubleArray();
  }

  private static void close(ComplexTensor actual, double... expected) {
    assertArrayEquals(expected, parts(actual), 1e-12);
  }

  /** Gradients in both modes against differences, of a sum in which each part weighs otherwise. */
  private static void checkDerivatives(Fn1<ComplexTensor, ComplexTensor> f, ComplexTensor z) {
    Fn1<ComplexTensor, Tensor> loss = x -> PullbackTest.weighed(f.apply(x).interleaved());
    double[] at = parts(z);
    double[] expected = new double[at.length];
    double[] tangents = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      double[] moved = at.clone();
      moved[i] += STEP;
      double up = loss.apply(complex(moved).reshape(z.shape())).item();
      moved[i] -= 2 * STEP;
      double down = loss.apply(complex(moved).reshape(z.shape())).item();
      expected[i] = (up - down) / (2 * STEP);
      double[] unit = new double[at.length];
      unit[i] = 1;
      tangents[i] = Grad.jvp(loss, z, complex(unit).reshape(z.shape())).tangent().item();
    }
    assertArrayEquals(expected, parts(Grad.gradient(loss, z)), 1e-6);
    assertArrayEquals(expected, tangents, 1e-6);
  }

  @Test
  void products() {
    close(Z.prod(), -192.5, -144.375);
    close(Z.prod(0, false), -1, -2, -1.25, -2.5, 0, 38.5);
    close(Z.prod(-1, true), -11, 60.5, -1.75, 3.5);
    assertArrayEquals(new int[] {2, 1}, Z.prod(-1, true).shape());
    close(Z.slice(1, 0, 0).prod(1, false), 1, 0, 1, 0);
    checkDerivatives(z -> z.prod(1, false), Z.div(4));
    checkDerivatives(ComplexTensor::prod, complex(0, 0, 1, -2, 0, 0.5, 0, 0, 2, 1));
    checkDerivatives(ComplexTensor::prod, complex(0, 0, 1, -2, 0.5, 0.5));
  }

  @Test
  void wholePowers() {
    ComplexTensor z = complex(0, 0, 1, 2, -0.5, 0.25, 0, 1);
    close(z.pow(0), 1, 0, 1, 0, 1, 0, 1, 0);
    close(z.pow(1), parts(z));
    close(z.pow(2), 0, 0, -3, 4, 0.1875, -0.25, -1, 0);
    close(z.pow(3), 0, 0, -11, -2, -0.03125, 0.171875, 0, -1);
    close(z.pow(-1), NAN, NAN, 0.2, -0.4, -1.6, -0.8, 0, -1);
    close(z.pow(-2), NAN, NAN, -0.12, -0.16, 1.92, 2.56, -1, 0);
    for (int n = 0; n < 6; n++) {
      int exponent = n;
      checkDerivatives(x -> x.pow(exponent), z);
    }
    checkDerivatives(x -> x.pow(-3), z.slice(0, 1, 4));
  }

  @Test
  void realPowers() {
    ComplexTensor z = complex(0, 0, 1, 2, -0.5, 0.25, 0, 1);
    close(z.pow(0.0), 1, 0, 1, 0, 1, 0, 1, 0);
    close(z.pow(2.0), 0, 0, -3, 4, 0.1875, -0.25, -1, 0);
    close(z.pow(-1.0), NAN, NAN, 0.2, -0.4, -1.6, -0.8, 0, -1);
    for (double exponent : new double[] {0, 1, 2, 2.5, 3}) {
      close(z.slice(0, 0, 1).pow(exponent), exponent == 0 ? 1 : 0, 0);
      checkDerivatives(x -> x.pow(exponent), z);
    }
    ComplexTensor root = Grad.gradient(x -> x.pow(0.5).real().sum(), z);
    assertTrue(Double.isNaN(parts(root)[0]), "the slope of a root at 0 is without bound");
    close(root.slice(0, 1, 4), parts(z.slice(0, 1, 4).pow(-0.5).times(0.5).conj()));
    double slope = Grad.gradient(n -> z.pow(n).real().sum().item(), 2.0);
    ComplexTensor others = z.slice(0, 1, 4);
    assertEquals(others.pow(2).times(others.log()).real().sum().item(), slope, 1e-12);
  }

  @Test
  void complexPowers() {
    ComplexTensor zero = complex(0, 0);
    ComplexTensor exponents = complex(0, 0, 1, 0, 2, 0, 0.5, 0, -1, 0, 1, 1, 0, 1);
    close(zero.pow(exponents), 1, 0, 0, 0, 0, 0, 0, 0, NAN, NAN, NAN, NAN, NAN, NAN);
    ComplexTensor z = complex(0, 0, 0, 0, 1, 2, -0.5, 0.25);
    ComplexTensor w = complex(1, 0, 3, 0, 0.5, -1, 2, 0);
    checkDerivatives(x -> x.pow(w), z);
    checkDerivatives(x -> z.slice(0, 2, 4).pow(x), w.slice(0, 2, 4));
    ComplexTensor root = Grad.gradient(x -> x.pow(complex(0.5, 0)).real().sum(), zero);
    assertTrue(Double.isNaN(parts(root)[0]), "the slope of a root at 0 is without bound");
  }

  @Test
  void comparisons() {
    ComplexTensor a = complex(1, 1, NAN, 0, INFINITY, 0, INFINITY, 1, 1, 1.00001, 1e-9, 0, 0, -0.0);
    ComplexTensor b = complex(1, 1, NAN, 0, INFINITY, 0, INFINITY, 2, 1, 1, 0, 0, 0, 0);
    boolean[] equal = {true, false, true, false, false, false, true};
    boolean[] close = {true, false, true, false, true, true, true};
    assertArrayEquals(equal, a.equalTo(b).toBooleanArray());
    assertArrayEquals(close, a.isClose(b, 1e-5, 1e-8).toBooleanArray());
  }

  @Test
  void choices() {
    Tensor mask = Tensor.of(new boolean[] {true, false, true}, 3);
    ComplexTensor other = complex(9, 8, 7, 6, 5, 4);
    close(ComplexTensor.where(mask, Z, other), 1, 2, 7, 6, 0, 5.5, -1, 0, 7, 6, 7, 0);
    checkDerivatives(z -> ComplexTensor.where(mask, z.square(), z.neg()), Z);
  }

  @Test
  void slicesWithSteps() {
    close(Z.slice(1, 2, -1, -1), 0, 5.5, 3, -4, 1, 2, 7, 0, 0.25, -0.5, -1, 0);
    close(Z.slice(1, 0, 3, 2), 1, 2, 0, 5.5, -1, 0, 7, 0);
    close(Z.slice(0, 1, -1, -1).slice(1, 2, 0, -1), 7, 0, 0.25, -0.5, 0, 5.5, 3, -4);
    checkDerivatives(z -> z.square().slice(1, 2, 0, -1), Z);
  }

  @Test
  void stacks() {
    ComplexTensor stacked = ComplexTensor.stack(Z, Z.conj());
    assertArrayEquals(new int[] {2, 2, 3}, stacked.shape());
    assertArrayEquals(parts(Z.conj()), parts(stacked.at(1)));
    assertEquals(12, Arrays.stream(parts(stacked.at(0).minus(Z))).filter(x -> x == 0).count());
    checkDerivatives(z -> ComplexTensor.stack(z, z.square(), Z), Z);
  }
}

package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import javax.geometry.Point;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.ODEStateAndDerivative;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince853Integrator;
import org.junit.jupiter.api.Test;

/** Gradients through libraries as they come from Maven Central, against closed forms. */
class LibrariesTest {
  private static final double[] ENTRIES = {2, 0.3, -1, 0.5, 3, 0.2, 1, -0.4, 1.5};
  private static final double[] RIGHT = {1, 2, 3};

  private static double[][] rows(double[] entries) {
    double[][] rows = new double[3][3];
    for (int i = 0; i < 9; i++) {
      rows[i / 3][i % 3] = entries[i];
    }
    return rows;
  }

  private static void assertClose(double[] expected, double[] actual, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], tolerance * Math.max(1, Math.abs(expected[i])), "" + i);
    }
  }

  /** The gradient of log |det A| is the transposed inverse. */
  private static double[] transposedInverse() {
    RealMatrix inverse = MatrixUtils.inverse(MatrixUtils.createRealMatrix(rows(ENTRIES)));
    double[] result = new double[9];
    for (int i = 0; i < 9; i++) {
      result[i] = inverse.getEntry(i % 3, i / 3);
    }
    return result;
  }

  static double logDeterminant(double[] entries) {
    LUDecomposition lu = new LUDecomposition(MatrixUtils.createRealMatrix(rows(entries)));
    return Math.log(Math.abs(lu.getDeterminant()));
  }

  static double turned(double x) {
    Point point = new Point(x, 2);
    point.turn(0.5);
    point.x *= x;
    return point.x * point.y;
  }

  @Test
  void aPackageNamedLikeThePlatforms() {
    double step = 1e-5;
    double expected = (turned(0.7 + step) - turned(0.7 - step)) / (2 * step);
    assertEquals(expected, Grad.gradient(LibrariesTest::turned, 0.7), 1e-8);
    assertEquals(expected, Grad.derivative(LibrariesTest::turned, 0.7), 1e-8);
  }

  @Test
  void logDeterminantByLu() {
    assertClose(transposedInverse(), Grad.gradient(LibrariesTest::logDeterminant, ENTRIES), 1e-12);
  }

  static double logDeterminantOfEjml(double[] entries) {
    DMatrixRMaj matrix = new DMatrixRMaj(3, 3);
    for (int i = 0; i < 9; i++) {
      matrix.set(i / 3, i % 3, entries[i]);
    }
    return Math.log(Math.abs(CommonOps_DDRM.det(matrix)));
  }

  @Test
  void logDeterminantByEjml() {
    assertClose(
        transposedInverse(), Grad.gradient(LibrariesTest::logDeterminantOfEjml, ENTRIES), 1e-12);
  }

  /** Of A Aᵀ + I, by Cholesky's decomposition. */
  static double logDeterminantOfProduct(double[] entries) {
    RealMatrix a = MatrixUtils.createRealMatrix(rows(entries));
    RealMatrix product = a.multiply(a.transpose()).add(MatrixUtils.createRealIdentityMatrix(3));
    return Math.log(new CholeskyDecomposition(product).getDeterminant());
  }

  @Test
  void logDeterminantByCholesky() {
    RealMatrix a = MatrixUtils.createRealMatrix(rows(ENTRIES));
    RealMatrix product = a.multiply(a.transpose()).add(MatrixUtils.createRealIdentityMatrix(3));
    RealMatrix closed = MatrixUtils.inverse(product).multiply(a).scalarMultiply(2);
    double[] expected = new double[9];
    for (int i = 0; i < 9; i++) {
      expected[i] = closed.getEntry(i / 3, i % 3);
    }
    assertClose(expected, Grad.gradient(LibrariesTest::logDeterminantOfProduct, ENTRIES), 1e-12);
  }

  static double solved(double[] entries) {
    RealVector x =
        new QRDecomposition(MatrixUtils.createRealMatrix(rows(entries)))
            .getSolver()
            .solve(new ArrayRealVector(RIGHT));
    return x.getEntry(0) + 2 * x.getEntry(1) + 3 * x.getEntry(2);
  }

  /** For c · A⁻¹ b the gradient is -A⁻ᵀ c (A⁻¹ b)ᵀ. */
  @Test
  void solutionByQr() {
    RealMatrix inverse = MatrixUtils.inverse(MatrixUtils.createRealMatrix(rows(ENTRIES)));
    double[] x = inverse.operate(RIGHT);
    double[] y = inverse.transpose().operate(new double[] {1, 2, 3});
    double[] expected = new double[9];
    for (int i = 0; i < 9; i++) {
      expected[i] = -y[i / 3] * x[i % 3];
    }
    assertClose(expected, Grad.gradient(LibrariesTest::solved, ENTRIES), 1e-12);
  }

  private record Oscillator(double stiffness, double damping)
      implements OrdinaryDifferentialEquation {
    @Override
    public int getDimension() {
      return 2;
    }

    @Override
    public double[] computeDerivatives(double t, double[] y) {
      return new double[] {y[1], -stiffness * y[0] - damping * y[1]};
    }
  }

  /** Where an oscillator of some stiffness, damping, place and speed is after two seconds. */
  static double place(double[] p) {
    DormandPrince853Integrator integrator = new DormandPrince853Integrator(1e-8, 1, 1e-12, 1e-12);
    ODEStateAndDerivative end =
        integrator.integrate(
            new Oscillator(p[0], p[1]), new ODEState(0, new double[] {p[2], p[3]}), 2);
    return end.getPrimaryState()[0];
  }

  /** The same by the formula. */
  static double closedForm(double[] p) {
    double decay = p[1] / 2;
    double frequency = Math.sqrt(p[0] - decay * decay);
    return Math.exp(-decay * 2)
        * (p[2] * Math.cos(2 * frequency)
            + (p[3] + decay * p[2]) / frequency * Math.sin(2 * frequency));
  }

  @Test
  void trajectoryByDormandAndPrince() {
    double[] at = {1.3, 0.2, 1, 0.5};
    assertEquals(closedForm(at), place(at), 1e-11);
    assertClose(
        Grad.gradient(LibrariesTest::closedForm, at),
        Grad.gradient(LibrariesTest::place, at),
        1e-8);
  }
}

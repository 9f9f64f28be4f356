// DEPS org.hipparchus:hipparchus-optim:4.0.1
import module fluxion;
import module java.base;

import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresBuilder;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.util.Pair;

/** Volume adsorbed over pressure: the problem Misra1a of NIST's reference data for regression. */
static final double[] PRESSURE = {
  77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0
};

static final double[] VOLUME = {
  10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78
};

static double[] model(double[] b) {
  double[] volume = new double[PRESSURE.length];
  for (int i = 0; i < volume.length; i++) {
    volume[i] = b[0] * (1 - Math.exp(-b[1] * PRESSURE[i]));
  }
  return volume;
}

void main() {
  var problem =
      new LeastSquaresBuilder()
          .start(new double[] {500, 0.0001})
          .target(VOLUME)
          .model(
              b ->
                  new Pair<>(
                      MatrixUtils.createRealVector(model(b.toArray())),
                      MatrixUtils.createRealMatrix(Grad.jacobian(p -> model(p), b.toArray()))))
          .maxEvaluations(1000)
          .maxIterations(1000)
          .build();
  var optimizer =
      new LevenbergMarquardtOptimizer()
          .withCostRelativeTolerance(1e-15)
          .withParameterRelativeTolerance(1e-15);
  var fit = optimizer.optimize(problem);
  IO.println("b1 %.10e  certified 2.3894212918e+02".formatted(fit.getPoint().getEntry(0)));
  IO.println("b2 %.10e  certified 5.5015643181e-04".formatted(fit.getPoint().getEntry(1)));
  IO.println("%d evaluations".formatted(fit.getEvaluations()));
}

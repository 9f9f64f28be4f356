// DEPS org.ejml:ejml-ddense:0.44.0
// DEPS org.hipparchus:hipparchus-core:4.0.1
import module fluxion;
import module java.base;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.QRDecomposition;

/** By EJML's LU decomposition. */
static double logDeterminant(double[][] a) {
  return Math.log(Math.abs(CommonOps_DDRM.det(new DMatrixRMaj(a))));
}

/** What remains of b once a's columns explain it, by Hipparchus' QR decomposition. */
static double residual(double[][] a, double[] b) {
  var matrix = MatrixUtils.createRealMatrix(a);
  var vector = MatrixUtils.createRealVector(b);
  var solution = new QRDecomposition(matrix).getSolver().solve(vector);
  var miss = matrix.operate(solution).subtract(vector);
  return miss.dotProduct(miss);
}

void show(String name, double[][] ours, double[][] closedForm) {
  double worst = 0;
  for (int i = 0; i < ours.length; i++) {
    for (int k = 0; k < ours[i].length; k++) {
      worst = Math.max(worst, Math.abs(ours[i][k] - closedForm[i][k]));
    }
  }
  IO.println("%-16s %s, off by %.1e".formatted(name, Arrays.deepToString(ours), worst));
}

void main() {
  double[][] square = {{2, 0.3, -1}, {0.5, 3, 0.2}, {1, -0.4, 1.5}};
  var inverse = MatrixUtils.inverse(MatrixUtils.createRealMatrix(square));
  show(
      "log determinant",
      Grad.gradient(m -> logDeterminant(m), square),
      inverse.transpose().getData());

  double[][] tall = {{1, 0.5}, {1, 1.5}, {1, 2.5}, {1, 4}};
  double[] b = {1, 3, 2, 5};
  var a = MatrixUtils.createRealMatrix(tall);
  var x = new QRDecomposition(a).getSolver().solve(MatrixUtils.createRealVector(b));
  var miss = a.operate(x).subtract(MatrixUtils.createRealVector(b)); // orthogonal to the columns
  show(
      "least squares",
      Grad.gradient(m -> residual(m, b), tall),
      miss.outerProduct(x.mapMultiply(2)).getData());
}

package dev.fluxion.tensor;

import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Derivatives of arrangements, scans, special functions, Einstein's sums and linear algebra. */
@Execution(ExecutionMode.CONCURRENT)
class FurtherDerivativesTest extends HigherDerivatives {
  private static final int[] GROUPS = {1, 0, 1, 3};
  private static final int[] PICKS = {3, 0, 1, 1, 2, 0};
  private static final int[] ENDS = {0, 2};
  private static final int[] LAST = {2};

  @TestFactory
  List<DynamicTest> agreeWithDifferences() {
    functions();
    specialFunctions();
    arrangements();
    reductions();
    sums();
    solves();
    factors();
    windows();
    networks();
    return tests;
  }

  private void functions() {
    Tensor x = signed(1, 3, 4);
    Tensor y = signed(2, 3, 4);
    Tensor small = x.times(0.5);
    Tensor big = x.plus(3);
    Tensor row = positive(3, 4);
    check("asin", small, a -> a.asin());
    check("acos", small, a -> a.acos());
    check("atanh", small, a -> a.atanh());
    check("sinh", x, a -> a.sinh());
    check("cosh", x, a -> a.cosh());
    check("asinh", x, a -> a.asinh());
    check("acosh", big, a -> a.acosh());
    check("exp2", x, a -> a.exp2());
    check("log2", big, a -> a.log2());
    check("log10", big, a -> a.log10());
    check("reciprocal", big, a -> a.reciprocal());
    check("atan2", x, a -> a.atan2(y).plus(row.atan2(a)));
    check("hypot", x, a -> a.hypot(y).plus(row.hypot(a)));
    check("remainder", x, a -> a.square().remainder(row).plus(row.remainder(a.square().plus(2))));
    check("logAddExp", x, a -> a.logAddExp(y).plus(row.logAddExp(a)));
    check("xlogy", big, a -> a.xlogy(big.plus(1)).plus(x.xlogy(a)));
    check("lerp", x, a -> a.lerp(y, 0.3));
    check("orElse", x, a -> a.square().orElse(2));
    check("masks", x, a -> a.times(a.greater(0).or(a.less(-1)).xor(a.isFinite())).plus(a.trunc()));
  }

  private void specialFunctions() {
    Tensor x = signed(4, 3, 4);
    Tensor small = x.times(0.4);
    Tensor big = positive(5, 3, 4).plus(1);
    check("logGamma", big, a -> SpecialFunctions.logGamma(a));
    check("digamma", big, a -> SpecialFunctions.digamma(a));
    check("polygamma", big, a -> SpecialFunctions.polygamma(2, a));
    check("erfc", x, a -> SpecialFunctions.erfc(a));
    check("erfcx", x, a -> SpecialFunctions.erfcx(a));
    check("erfinv", small, a -> SpecialFunctions.erfinv(a));
    check("logBeta", big, a -> SpecialFunctions.logBeta(a, big));
    check("logit", big.times(0.3).minus(0.2), a -> SpecialFunctions.logit(a));
    check("entropy", big, a -> SpecialFunctions.entropy(a));
    check("normalCdf", x, a -> SpecialFunctions.normalCdf(a));
    check("logNormalCdf", x.times(2), a -> SpecialFunctions.logNormalCdf(a));
    check("normalQuantile", small.plus(0.5), a -> SpecialFunctions.normalQuantile(a.times(0.5)));
    check("sinc", x, a -> SpecialFunctions.sinc(a));
  }

  private void arrangements() {
    Tensor x = signed(6, 3, 4);
    Tensor cube = signed(7, 2, 3, 4);
    check("slice with step", cube, a -> a.square().slice(2, 3, 0, -2));
    check("flip", cube, a -> a.square().flip(0, 2));
    check("roll", cube, a -> a.square().roll(2, 2));
    check("repeat", x, a -> a.square().repeat(2, 0));
    check("tile", x, a -> a.square().tile(2, 1, 3));
    check("gatherAlong", x, a -> a.square().gatherAlong(1, PICKS, 2));
    check("select", x, a -> a.square().select(x.greater(0.2)));
    check("pad", cube, a -> a.square().pad(0.5, 2, 1, 2));
    check("pad reflect", cube, a -> a.square().pad(Padding.REFLECT, 2, 2, 3));
    check("pad replicate", cube, a -> a.square().pad(Padding.REPLICATE, 2, 2, 3));
    check("diagonal", cube, a -> a.square().diagonal(1));
    check("diagonalMatrix", x, a -> a.square().diagonalMatrix());
    check("trace", cube, a -> a.square().slice(2, 0, 3).trace());
    check("triangles", cube, a -> a.lowerTriangle(1).times(a.upperTriangle(-1)));
    check("scatterSum", x, a -> a.square().scatterSum(1, GROUPS, 4));
    check("scatterProd", x, a -> a.scatterProd(1, GROUPS, 4));
    check("scatterMean", x, a -> a.square().scatterMean(1, GROUPS, 4));
    check("scatterMax", x, a -> a.square().scatterMax(1, GROUPS, 4).slice(1, 0, 2));
    check("cumsum", cube, a -> a.square().cumsum(1));
    check("cumprod", cube, a -> a.cumprod(2));
    check("cummax", cube, a -> a.square().cummax(2));
    check("sort", cube, a -> a.square().sort(1));
    check("topK", cube, a -> a.square().topK(2, 2));
    check("unique", cube, a -> a.square().unique());
    check("quantile", cube, a -> a.square().quantile(0.3, 2));
  }

  private void reductions() {
    Tensor x = signed(8, 2, 3, 4);
    Tensor zeros = x.times(x.greater(-0.5));
    check("prod", signed(9, 5), a -> a.prod());
    check("prod with zeros", zeros, a -> a.prod(1, false));
    check("standardDeviation", x, a -> a.standardDeviation(ENDS, true, 1));
    check("norm", x, a -> a.norm());
    check("norm 3", x, a -> a.norm(3, ENDS, false));
    check("norm 1", x, a -> a.square().norm(1, LAST, true));
    check("norm infinite", x, a -> a.norm(Double.POSITIVE_INFINITY, LAST, true));
    check("logSumExp", x, a -> a.logSumExp(ENDS, false));
  }

  private void sums() {
    Tensor a = signed(10, 2, 3, 4);
    Tensor b = signed(11, 4, 5);
    check("einsum in first", a, x -> Tensor.einsum("bij,jk->kb", x, b));
    check("einsum in second", b, x -> Tensor.einsum("bij,jk->kb", a, x));
    check("einsum of both", signed(12, 3, 3), x -> Tensor.einsum("ij,jk->ik", x, x));
    check("einsum diagonal", signed(13, 2, 3, 3), x -> Tensor.einsum("bii->bi", x.square()));
    check("einsum ellipsis", b, x -> Tensor.einsum("...ij,jk->k", a, x.square()));
  }

  private static Tensor regular(int seed) {
    return signed(seed, 2, 3, 3).plus(Tensor.eye(3).times(3).cast(DType.FLOAT64));
  }

  private static Tensor positiveDefinite(Tensor a) {
    Tensor eye = Tensor.eye(a.size(-1)).cast(DType.FLOAT64);
    return a.matmul(a.transpose(-1, -2)).plus(eye);
  }

  private void solves() {
    Tensor square = regular(14);
    Tensor right = signed(15, 2, 3, 2);
    Tensor tall = signed(16, 5, 3);
    check("solve in matrix", square, a -> LinearAlgebra.solve(a, right));
    check("solve in right", right, b -> LinearAlgebra.solve(square, b.square()));
    check("solveTriangular", square, a -> LinearAlgebra.solveTriangular(a, right, true));
    check("solveTriangular upper", square, a -> LinearAlgebra.solveTriangular(a, right, false));
    check("solveTriangular right", right, b -> LinearAlgebra.solveTriangular(square, b, false));
    check("inverse", square, a -> LinearAlgebra.inverse(a));
    check("leastSquares", tall, a -> LinearAlgebra.leastSquares(a, signed(17, 5, 2)));
    check("pseudoinverse", tall, a -> LinearAlgebra.pseudoinverse(a));
    check("determinant", square, a -> LinearAlgebra.determinant(a));
    check("logDeterminant", square, a -> LinearAlgebra.logDeterminant(a));
    check("power", square, a -> LinearAlgebra.power(a, -2));
  }

  private void factors() {
    Tensor square = regular(18);
    Tensor tall = signed(19, 5, 3);
    Tensor wide = signed(20, 3, 5);
    check("cholesky", square, a -> LinearAlgebra.cholesky(positiveDefinite(a)));
    check("lu l", square, a -> LinearAlgebra.lu(a).l());
    check("lu u", square, a -> LinearAlgebra.lu(a).u());
    check("qr q", tall, a -> LinearAlgebra.qr(a).q());
    check("qr r", tall, a -> LinearAlgebra.qr(a).r());
    check("qr wide", wide, a -> LinearAlgebra.qr(a).r());
    check("svd s", tall, a -> LinearAlgebra.svd(a).s());
    check("svd u", tall, a -> LinearAlgebra.svd(a).u());
    check("svd v", tall, a -> LinearAlgebra.svd(a).v());
    check("svd wide u", wide, a -> LinearAlgebra.svd(a).u());
    check("svd wide v", wide, a -> LinearAlgebra.svd(a).v());
    check("eigh values", square, a -> LinearAlgebra.eigh(positiveDefinite(a)).values());
    check("eigh vectors", square, a -> LinearAlgebra.eigh(positiveDefinite(a)).vectors());
  }

  private void windows() {
    Tensor sequence = signed(21, 2, 4, 7);
    Tensor volume = signed(22, 1, 2, 3, 3, 4);
    Tensor images = signed(23, 2, 4, 4, 5);
    Tensor kernel = signed(24, 3, 4, 3);
    Tensor cube = signed(25, 2, 2, 2, 2, 2);
    check("conv1d", sequence, a -> a.conv1d(kernel, 2, 1, 1, 1));
    check("conv1d in kernel", kernel, k -> sequence.conv1d(k, 1, 0, 2, 1));
    check("conv3d", volume, a -> a.conv3d(cube, 1, 1, 1, 1));
    check("conv3d in kernel", cube, k -> volume.conv3d(k, 1, 0, 1, 1));
    check("convTranspose1d", signed(26, 2, 3, 5), a -> a.convTranspose1d(kernel, 2, 1, 1));
    check("convTranspose3d", cube, k -> volume.convTranspose3d(k, 2, 1, 0));
    check("maxPool1d", sequence, a -> a.maxPool1d(3, 2, 1));
    check("meanPool3d", volume, a -> a.square().meanPool3d(2, 1, 0));
    check("lpPool2d", images, a -> a.square().lpPool2d(3, 2, 2));
    check("adaptiveMeanPool", images, a -> a.square().adaptiveMeanPool(3, 2));
    check("adaptiveMaxPool", images, a -> a.adaptiveMaxPool(3, 2));
    check("resize cubic", images, a -> a.square().resize(Interpolation.CUBIC, false, 6, 3));
    check("resize nearest", images, a -> a.square().resize(Interpolation.NEAREST, false, 6, 3));
    Tensor grid = signed(27, 2, 2, 3, 2).times(0.5);
    check("gridSample in images", images, a -> a.square().gridSample(grid, false));
    check("gridSample in grid", grid, g -> images.gridSample(g, true));
    check("unfold", images, a -> a.square().unfold(3, 2, 1));
    check("fold", signed(28, 1, 8, 9), a -> a.square().fold(4, 4, 2, 2, 1));
  }

  private void networks() {
    Tensor q = signed(30, 2, 3, 4);
    Tensor images = signed(31, 2, 4, 3, 2);
    Tensor hidden = signed(32, 2, 3, 3).greater(0);
    check("attention", q, a -> Attention.scaledDotProduct(a, a.square(), a));
    check("attention masked", q, a -> Attention.scaledDotProduct(a, a.square(), a, hidden));
    check("layer norm", images, a -> Normalization.layer(a, 2, 1e-3));
    check("batch norm", images, a -> Normalization.batch(a, 1e-3));
    check("norm over the middle", images, a -> Normalization.over(a, new int[] {1}, 1e-3));
    check("norm in epsilon", q.square().plus(0.5), e -> standardized(images, e));
    check("group norm", images, a -> Normalization.group(a, 2, 1e-3));
    check("ctc", signed(33, 7, 5), a -> Ctc.loss(a, new int[] {1, 3, 3, 2}, 0));
    check("bags", signed(34, 6, 3), a -> a.square().gatherBags(PICKS, new int[] {0, 2}));
  }

  /** A normalization whose epsilon depends on a tensor. */
  private static Tensor standardized(Tensor images, Tensor epsilon) {
    return Normalization.batch(images, epsilon.mean().item());
  }
}

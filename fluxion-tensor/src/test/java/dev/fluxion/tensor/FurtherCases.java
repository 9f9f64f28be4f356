package dev.fluxion.tensor;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Cases of arrangements, scans, special functions, Einstein's sums and linear algebra. */
final class FurtherCases {
  private final Map<String, Supplier<Tensor>> all = new LinkedHashMap<>();
  private final DType type;

  FurtherCases(DType type) {
    this.type = type;
  }

  private Tensor t(long seed, int... shape) {
    return ValuesTest.random(type, seed, 2, 0, shape);
  }

  private Tensor special() {
    double inf = Double.POSITIVE_INFINITY;
    return Tensor.of(new double[] {Double.NaN, inf, -inf, 0, 1, -1, 88, -104}, 8).cast(type);
  }

  private void add(String name, Supplier<Tensor> value) {
    all.put(name, value);
  }

  private void both(String name, Tensor x, UnaryOperator<Tensor> f) {
    add(name, () -> f.apply(x));
    add(name + " special", () -> f.apply(special()));
  }

  private Tensor numbers(int[] numbers, int... shape) {
    return Tensor.of(Arrays.stream(numbers).asDoubleStream().toArray(), shape).cast(type);
  }

  Map<String, Supplier<Tensor>> all() {
    functions();
    specialFunctions();
    arrangements();
    scans();
    reductions();
    sums();
    algebra();
    windows();
    networks();
    return all;
  }

  private void functions() {
    Tensor x = t(1, 3, 4);
    Tensor y = t(2, 3, 4);
    Tensor small = ValuesTest.random(type, 30, 0.9, 0, 3, 4);
    Tensor big = ValuesTest.random(type, 31, 3, 4.5, 3, 4);
    both("asin", small, Tensor::asin);
    both("acos", small, Tensor::acos);
    both("atanh", small, Tensor::atanh);
    both("sinh", x, Tensor::sinh);
    both("cosh", x, Tensor::cosh);
    both("asinh", x, Tensor::asinh);
    both("exp2", x, Tensor::exp2);
    both("reciprocal", x, Tensor::reciprocal);
    both("trunc", x, Tensor::trunc);
    both("acosh", big, Tensor::acosh);
    both("log2", big, Tensor::log2);
    both("log10", big, Tensor::log10);
    add("atan2", () -> x.atan2(y));
    add("hypot", () -> x.hypot(y));
    add("remainder", () -> x.remainder(y));
    add("logAddExp", () -> x.logAddExp(y));
    add("logAddExp special", () -> special().logAddExp(special().flip(0)));
    add("xlogy", () -> x.xlogy(big));
    add("lerp", () -> x.lerp(y, 0.3));
    add("notEqualTo", () -> special().notEqualTo(Tensor.ones().cast(type)));
    add("isNaN", () -> special().isNaN());
    add("isFinite", () -> special().isFinite());
    add("and", () -> x.greater(0).and(y.greater(0)));
    add("or", () -> x.greater(0).or(y.greater(0)));
    add("xor", () -> x.greater(0).xor(y.greater(0)));
    add("not", () -> special().not());
    add("orElse", () -> special().orElse(2));
  }

  private void specialFunctions() {
    Tensor x = t(1, 3, 4);
    Tensor small = ValuesTest.random(type, 30, 0.9, 0, 3, 4);
    Tensor big = ValuesTest.random(type, 31, 3, 4.5, 3, 4);
    add("logGamma", () -> SpecialFunctions.logGamma(big));
    add("logGamma negative", () -> SpecialFunctions.logGamma(x));
    add("digamma", () -> SpecialFunctions.digamma(big));
    add("trigamma", () -> SpecialFunctions.polygamma(1, big));
    add("polygamma 3", () -> SpecialFunctions.polygamma(3, big));
    add("erfc", () -> SpecialFunctions.erfc(x));
    add("erfcx", () -> SpecialFunctions.erfcx(x));
    add("erfinv", () -> SpecialFunctions.erfinv(small));
    add("logit", () -> SpecialFunctions.logit(small.square()));
    add("entropy", () -> SpecialFunctions.entropy(big));
    add("normalCdf", () -> SpecialFunctions.normalCdf(x));
    add("logNormalCdf", () -> SpecialFunctions.logNormalCdf(x.times(5)));
    add("normalQuantile", () -> SpecialFunctions.normalQuantile(small.square()));
    add("sinc", () -> SpecialFunctions.sinc(x));
    add("logBeta", () -> SpecialFunctions.logBeta(big, Tensor.full(type, 2.5)));
  }

  private void arrangements() {
    Tensor x = t(1, 3, 4);
    Tensor cube = t(8, 2, 3, 4);
    add("slice with step", () -> cube.slice(2, 0, 4, 2));
    add("slice backwards", () -> cube.slice(2, 3, 0, -2));
    add("flip", () -> cube.flip(0, 2));
    add("roll", () -> cube.roll(2, 2));
    add("roll back", () -> cube.roll(-1, 1));
    add("repeat", () -> x.repeat(2, 0));
    add("tile", () -> x.tile(2, 1, 3));
    add("gather along axis", () -> cube.gather(1, new int[] {2, 0, 2, 1}));
    add("gatherAlong", () -> x.gatherAlong(1, new int[] {3, 0, 1, 1, 2, 0}, 2));
    add("select", () -> x.select(x.greater(0.2)));
    add("pad", () -> cube.pad(0.5, 2, 1, 2));
    add("pad outer", () -> cube.pad(0, 0, 1, 2));
    add("pad reflect", () -> cube.pad(Padding.REFLECT, 2, 2, 3));
    add("pad replicate", () -> cube.pad(Padding.REPLICATE, 2, 2, 3));
    add("pad circular", () -> cube.pad(Padding.CIRCULAR, 2, 2, 3));
    add("pad symmetric", () -> cube.pad(Padding.SYMMETRIC, 2, 2, 3));
    add("diagonal", cube::diagonal);
    add("diagonal above", () -> cube.diagonal(1));
    add("diagonal below", () -> cube.diagonal(-2));
    add("diagonalMatrix", x::diagonalMatrix);
    add("trace", () -> cube.slice(2, 0, 3).trace());
    add("lowerTriangle", () -> cube.lowerTriangle(1));
    add("upperTriangle", () -> cube.upperTriangle(1));
    int[] groups = {1, 0, 1, 3};
    add("scatterSum", () -> x.scatterSum(1, groups, 4));
    add("scatterProd", () -> x.scatterProd(1, groups, 4));
    add("scatterMean", () -> x.scatterMean(1, groups, 4));
    add("scatterMax", () -> x.scatterMax(1, groups, 4));
    add("scatterMin", () -> x.scatterMin(1, groups, 4));
  }

  private void scans() {
    Tensor x = t(1, 3, 4);
    Tensor cube = t(8, 2, 3, 4);
    add("cumsum", () -> cube.cumsum(1));
    add("cumprod", () -> cube.cumprod(1));
    add("cummax", () -> cube.cummax(2));
    add("cummin", () -> cube.cummin(0));
    add("sort", () -> cube.sort(1));
    add("sort special", () -> special().sort(0));
    add("argsort", () -> numbers(x.argsort(0), 3, 4));
    add("topK", () -> cube.topK(2, 2));
    add("unique", () -> cube.round().unique());
    add("argmax over 0", () -> numbers(x.argmax(0), 4));
    add("argmin over 1", () -> numbers(x.argmin(1), 3));
    add("quantile", () -> cube.quantile(0.3, 2));
    add("median", () -> cube.quantile(0.5, 1));
  }

  private void reductions() {
    Tensor x = t(1, 3, 4);
    Tensor cube = t(8, 2, 3, 4);
    int[] ends = {0, 2};
    int[] last = {2};
    double inf = Double.POSITIVE_INFINITY;
    add("prod", x::prod);
    add("prod over 1", () -> cube.prod(1, false));
    add("variance of a sample", () -> cube.variance(ends, false, 1));
    add("standardDeviation", () -> cube.standardDeviation(new int[] {1}, true, 1));
    add("norm", cube::norm);
    for (double p : new double[] {1, 2, 3, 0}) {
      add("norm " + (int) p, () -> cube.norm(p, ends, false));
    }
    add("norm inf", () -> cube.norm(inf, ends, false));
    add("norm -inf", () -> cube.norm(-inf, ends, false));
    add("logSumExp over 02", () -> cube.times(100).logSumExp(ends, false));
    Tensor infinite = Tensor.full(type, -inf, 2, 3);
    add("logSumExp over infinite", () -> infinite.logSumExp(new int[] {0}, false));
    add("any", () -> cube.greater(1.5).any(last, false));
    add("all", () -> cube.greater(-1.5).all(last, true));
    add("arange", () -> Tensor.arange(-1, 2.1, 0.5).cast(type));
    add("linspace", () -> Tensor.linspace(-1, 2, 7).cast(type));
  }

  private void sums() {
    Tensor x = t(1, 3, 4);
    Tensor a = t(33, 2, 3, 4);
    Tensor b = t(34, 4, 5);
    add("einsum product", () -> Tensor.einsum("bij,jk->bik", a, b));
    add("einsum turned", () -> Tensor.einsum("bij,jk->kb", a, b));
    add("einsum batch", () -> Tensor.einsum("bij,bkj->bik", a, t(35, 2, 5, 4)));
    add("einsum outer", () -> Tensor.einsum("i,j->ij", t(5, 4), t(36, 3)));
    add("einsum inner", () -> Tensor.einsum("i,i", t(5, 4), t(37, 4)));
    add("einsum diagonal", () -> Tensor.einsum("bii->bi", t(38, 2, 3, 3)));
    add("einsum trace", () -> Tensor.einsum("ii", t(39, 3, 3)));
    add("einsum three", () -> Tensor.einsum("ij, jk, kl -> il", x, b, t(40, 5, 2)));
    add("einsum implied", () -> Tensor.einsum("ba,cb", x, t(41, 2, 3)));
    add("einsum ellipsis", () -> Tensor.einsum("...ij,...j->...i", a, t(42, 2, 4)));
    add("einsum sums", () -> Tensor.einsum("bij->j", a));
  }

  private void algebra() {
    Tensor square = t(50, 2, 3, 3).plus(Tensor.eye(3).times(2).cast(type));
    Tensor right = t(51, 2, 3, 2);
    Tensor tall = t(52, 5, 3);
    Tensor eye = Tensor.eye(3).cast(type);
    Tensor positive = square.matmul(square.transpose(-1, -2)).plus(eye);
    Tensor symmetric = square.plus(square.transpose(-1, -2));
    add("solve", () -> LinearAlgebra.solve(square, right));
    add("solve vector", () -> LinearAlgebra.solve(square.at(0), t(53, 3)));
    add("solve stretched", () -> LinearAlgebra.solve(square.slice(0, 0, 1), right));
    add("solveTriangular lower", () -> LinearAlgebra.solveTriangular(square, right, true));
    add("solveTriangular upper", () -> LinearAlgebra.solveTriangular(square, right, false));
    add("leastSquares", () -> LinearAlgebra.leastSquares(tall, t(54, 5, 2)));
    add("inverse", () -> LinearAlgebra.inverse(square));
    add("pseudoinverse", () -> LinearAlgebra.pseudoinverse(tall));
    add("pseudoinverse wide", () -> LinearAlgebra.pseudoinverse(tall.transpose()));
    add("determinant", () -> LinearAlgebra.determinant(square));
    add("logDeterminant", () -> LinearAlgebra.logDeterminant(square));
    add("cholesky", () -> LinearAlgebra.cholesky(positive));
    add("lu p", () -> LinearAlgebra.lu(square).p());
    add("lu l", () -> LinearAlgebra.lu(square).l());
    add("lu u", () -> LinearAlgebra.lu(square).u());
    add("qr q", () -> LinearAlgebra.qr(tall).q());
    add("qr r", () -> LinearAlgebra.qr(tall).r());
    add("qr wide r", () -> LinearAlgebra.qr(tall.transpose()).r());
    add("svd values", () -> LinearAlgebra.svd(tall).s());
    add("eigh values", () -> LinearAlgebra.eigh(symmetric).values());
    add("power", () -> LinearAlgebra.power(square, 5));
    add("power negative", () -> LinearAlgebra.power(square, -2));
  }

  private void windows() {
    Tensor sequence = t(60, 2, 4, 9);
    Tensor volume = t(61, 1, 2, 5, 4, 6);
    Tensor images = t(62, 2, 4, 6, 5);
    add("conv1d", () -> sequence.conv1d(t(63, 3, 4, 3), 2, 1, 1, 1));
    add("conv1d groups", () -> sequence.conv1d(t(64, 4, 2, 2), 1, 2, 3, 2));
    add("conv3d", () -> volume.conv3d(t(65, 3, 2, 3, 2, 3), 1, 1, 1, 1).slice(4, 0, 2));
    add("conv3d stride", () -> volume.conv3d(t(66, 2, 1, 2, 2, 2), 2, 0, 2, 2));
    add("convTranspose1d", () -> sequence.convTranspose1d(t(67, 4, 2, 3), 2, 1, 1));
    add("convTranspose1d cut", () -> sequence.convTranspose1d(t(68, 4, 2, 1), 2, 1, 0));
    add("convTranspose3d", () -> volume.convTranspose3d(t(69, 2, 1, 2, 2, 2), 2, 1, 0));
    add("maxPool1d", () -> sequence.maxPool1d(3, 2, 1));
    add("meanPool1d", () -> sequence.meanPool1d(3, 2, 1));
    add("maxPool3d", () -> volume.maxPool3d(2, 2, 1));
    add("meanPool3d", () -> volume.meanPool3d(2, 1, 0).slice(4, 0, 2));
    add("lpPool2d", () -> images.lpPool2d(3, 2, 2));
    add("adaptiveMeanPool", () -> images.adaptiveMeanPool(4, 2));
    add("adaptiveMaxPool", () -> images.adaptiveMaxPool(4, 2));
    add("resize nearest", () -> images.resize(Interpolation.NEAREST, false, 9, 3));
    add("resize linear", () -> images.resize(Interpolation.LINEAR, false, 9, 3));
    add("resize linear aligned", () -> images.resize(Interpolation.LINEAR, true, 4, 7));
    add("resize cubic", () -> images.resize(Interpolation.CUBIC, false, 9, 3));
    add("resize cubic aligned", () -> images.resize(Interpolation.CUBIC, true, 4, 7));
    add("resize sequence", () -> sequence.resize(Interpolation.LINEAR, false, 5));
    add("resize volume", () -> volume.resize(Interpolation.LINEAR, false, 3, 5, 3));
    add("pixelShuffle", () -> images.pixelShuffle(2));
    Tensor grid = ValuesTest.random(type, 70, 1.3, 0, 2, 3, 4, 2);
    add("gridSample", () -> images.gridSample(grid, false));
    add("gridSample border", () -> images.gridSample(grid, true));
    add("unfold", () -> images.unfold(3, 2, 1).slice(1, 0, 12));
    add("fold", () -> t(71, 1, 8, 20).fold(5, 6, 2, 1, 0));
    add("fold padded", () -> t(72, 1, 8, 9).fold(4, 4, 2, 2, 1));
    add("insert", () -> images.insert(-1).squeeze(4));
  }

  private void networks() {
    Tensor q = t(80, 2, 3, 4);
    Tensor k = t(81, 2, 5, 4);
    Tensor v = t(82, 2, 5, 6);
    Tensor mask = t(83, 2, 3, 5).greater(0);
    add("attention", () -> Attention.scaledDotProduct(q, k, v));
    add("attention masked", () -> Attention.scaledDotProduct(q, k, v, mask));
    Tensor square = t(84, 2, 3, 4);
    add(
        "attention causal",
        () -> Attention.scaledDotProduct(square, square, square, Attention.causalMask(3)));
    add("heads", () -> Attention.join(Attention.split(q, 2).times(Tensor.ones().cast(type))));
    Tensor images = t(85, 2, 4, 3, 2);
    add("layer norm", () -> Normalization.layer(images, 2, 1e-5));
    add("batch norm", () -> Normalization.batch(images, 1e-5));
    add("instance norm", () -> Normalization.instance(images, 1e-5));
    add("group norm", () -> Normalization.group(images, 2, 1e-5));
    Tensor logits = t(86, 7, 5);
    add("ctc", () -> Ctc.loss(logits, new int[] {1, 3, 3, 2}, 0));
    add("ctc of nothing", () -> Ctc.loss(logits, new int[] {}, 4));
    Tensor words = t(87, 6, 3);
    int[] indices = {1, 5, 1, 0, 2};
    add("bags", () -> words.gatherBags(indices, new int[] {0, 2}));
    add("bag means", () -> words.gatherBagMeans(indices, new int[] {0, 3}));
  }
}

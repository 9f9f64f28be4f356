package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.tensor.DType;
import dev.fluxion.tensor.Interpolation;
import dev.fluxion.tensor.Padding;
import dev.fluxion.tensor.ShapeException;
import dev.fluxion.tensor.Tensor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** What each operation says of shapes, types, axes and indices that it cannot take. */
class NamedErrorsTest {
  private static final Tensor X = Tensor.zeros(3, 4);
  private static final Tensor ROW = Tensor.zeros(3);
  private static final Tensor WIDE = Tensor.zeros(DType.FLOAT64, 3, 4);
  private static final Tensor WHOLE = Tensor.zeros(DType.INT32, 3, 4);
  private static final Tensor TRUTH = Tensor.zeros(DType.BOOL, 3, 4);
  private static final Tensor IMAGES = Tensor.zeros(2, 3, 8, 8);
  private static final Tensor EMPTY = Tensor.zeros(0, 4);
  private static final Tensor INDICES = Tensor.of(new int[] {0, 4}, 2);
  private static final int[] AXIS = {2};

  /** Operations that take any argument of their types, or that no call can be wrong with. */
  private static final Set<String> NEVER =
      Set.of(
          "abs",
          "ones",
          "zeros",
          "full",
          "arange",
          "eye",
          "uniform",
          "normal",
          "truncatedNormal",
          "permutation",
          "shape",
          "rank",
          "dtype",
          "toFloatArray",
          "toDoubleArray",
          "toLongArray",
          "toIntArray",
          "toBooleanArray",
          "toByteBuffer",
          "zero",
          "sign",
          "floor",
          "ceil",
          "round",
          "square",
          "relu",
          "trunc",
          "isNaN",
          "isFinite",
          "not",
          "prod",
          "unique",
          "expand",
          "copyTo",
          "toString",
          "linspace",
          "of",
          "equals",
          "hashCode",
          "orElse",
          "tile",
          "neg");

  private final Map<String, Executable> errors = new TreeMap<>();

  /** Each text that the message has to contain; the first is what it starts with. */
  private void error(String texts, Executable code) {
    errors.put(texts, code);
  }

  private Map<String, Executable> errors() {
    pairs();
    functions();
    axes();
    shapes();
    indices();
    windows();
    return errors;
  }

  private void pairs() {
    error("plus of |(3, 4)|(3)", () -> X.plus(ROW));
    error("minus of |(3, 4)|(3)", () -> X.minus(ROW));
    error("times of |(3, 4)|(3)", () -> X.times(ROW));
    error("div of |(3, 4)|(3)", () -> X.div(ROW));
    error("pow of |(3, 4)|(3)", () -> X.pow(ROW));
    error("maximum of |(3, 4)|(3)", () -> X.maximum(ROW));
    error("minimum of |(3, 4)|(3)", () -> X.minimum(ROW));
    error("atan2 of |(3, 4)|(3)", () -> X.atan2(ROW));
    error("hypot of |(3, 4)|(3)", () -> X.hypot(ROW));
    error("remainder of |(3, 4)|(3)", () -> X.remainder(ROW));
    error("logAddExp of |(3, 4)|(3)", () -> X.logAddExp(ROW));
    error("xlogy of |(3, 4)|(3)", () -> X.xlogy(ROW));
    error("lerp of |(3, 4)|(3)", () -> X.lerp(ROW, 0.5));
    error("greater of |(3, 4)|(3)", () -> X.greater(ROW));
    error("greaterOrEqual of |(3, 4)|(3)", () -> X.greaterOrEqual(ROW));
    error("less of |(3, 4)|(3)", () -> X.less(ROW));
    error("lessOrEqual of |(3, 4)|(3)", () -> X.lessOrEqual(ROW));
    error("equalTo of |(3, 4)|(3)", () -> X.equalTo(ROW));
    error("notEqualTo of |(3, 4)|(3)", () -> X.notEqualTo(ROW));
    error("and of |(3, 4)|(3)", () -> X.and(ROW));
    error("or of |(3, 4)|(3)", () -> X.or(ROW));
    error("xor of |(3, 4)|(3)", () -> X.xor(ROW));
    error("where of |(3, 4)|(3)", () -> Tensor.where(TRUTH, X, ROW));
    error("map of |(3, 4)|(3)", () -> Tensor.map((a, b) -> a + b, X, ROW));
    error("plus of |(3, 4) of FLOAT32|(3, 4) of FLOAT64", () -> X.plus(WIDE));
    error("hypot of |(3, 4) of FLOAT32|(3, 4) of FLOAT64", () -> X.hypot(WIDE));
    error("where of |(3, 4) of FLOAT32|(3, 4) of FLOAT64", () -> Tensor.where(TRUTH, X, WIDE));
    error("minus of |(3, 4) of BOOL", () -> TRUTH.minus(TRUTH));
    error("pow of |(3, 4) of INT32", () -> WHOLE.pow(WHOLE));
    error("plus of |(3, 4) of INT32| 0.5", () -> WHOLE.plus(0.5));
    error("remainder of |(3, 4)|INT32| 0", () -> WHOLE.remainder(WHOLE));
    error("fill of |INT32| 0.5", () -> WHOLE.fill(0.5));
    error("clamp of |INT32| 0.5", () -> WHOLE.clamp(0.5, 2));
    error("cast to INT8| 300", () -> X.plus(300).cast(DType.INT8));
    error("matmul of |(3, 4)|(3)", () -> X.matmul(ROW));
    error("einsum |(3, 4)|(3)", () -> Tensor.einsum("ij,j->i", X, ROW));
    error("assign of |(3)|(3, 4)", () -> X.assign(ROW));
    error("update of |(3, 4)|(3)", () -> X.update((a, b) -> a + b, ROW));
    error("update of |(3, 4) of FLOAT32|(3, 4) of FLOAT64", () -> X.update((a, b) -> a, WIDE));
    error("update of |(1, 4)|(3, 4)", () -> X.slice(0, 0, 1).update((a, b) -> a + b, X));
  }

  private void functions() {
    error("sqrt of (3, 4) of INT32", () -> WHOLE.sqrt());
    error("rsqrt of (3, 4) of INT32", () -> WHOLE.rsqrt());
    error("exp of (3, 4) of INT32", () -> WHOLE.exp());
    error("expm1 of (3, 4) of INT32", () -> WHOLE.expm1());
    error("exp2 of (3, 4) of INT32", () -> WHOLE.exp2());
    error("log of (3, 4) of INT32", () -> WHOLE.log());
    error("log1p of (3, 4) of INT32", () -> WHOLE.log1p());
    error("log2 of (3, 4) of INT32", () -> WHOLE.log2());
    error("log10 of (3, 4) of INT32", () -> WHOLE.log10());
    error("sin of (3, 4) of INT32", () -> WHOLE.sin());
    error("cos of (3, 4) of INT32", () -> WHOLE.cos());
    error("tan of (3, 4) of INT32", () -> WHOLE.tan());
    error("asin of (3, 4) of INT32", () -> WHOLE.asin());
    error("acos of (3, 4) of INT32", () -> WHOLE.acos());
    error("atan of (3, 4) of INT32", () -> WHOLE.atan());
    error("sinh of (3, 4) of INT32", () -> WHOLE.sinh());
    error("cosh of (3, 4) of INT32", () -> WHOLE.cosh());
    error("tanh of (3, 4) of INT32", () -> WHOLE.tanh());
    error("asinh of (3, 4) of INT32", () -> WHOLE.asinh());
    error("acosh of (3, 4) of INT32", () -> WHOLE.acosh());
    error("atanh of (3, 4) of INT32", () -> WHOLE.atanh());
    error("sigmoid of (3, 4) of INT32", () -> WHOLE.sigmoid());
    error("softplus of (3, 4) of INT32", () -> WHOLE.softplus());
    error("erf of (3, 4) of INT32", () -> WHOLE.erf());
    error("gelu of (3, 4) of INT32", () -> WHOLE.gelu());
    error("reciprocal of (3, 4) of INT32", () -> WHOLE.reciprocal());
    error("softmax of (3, 4) of INT32", () -> WHOLE.softmax());
    error("logSoftmax of (3, 4) of INT32", () -> WHOLE.logSoftmax());
    error("logSumExp of (3, 4) of INT32", () -> WHOLE.logSumExp());
    error("norm of (3, 4) of INT32", () -> WHOLE.norm());
    error("quantile of (3, 4) of INT32", () -> WHOLE.quantile(0.5, 0));
  }

  private void axes() {
    error("size of shape (3, 4)", () -> X.size(2));
    error("sum of shape (3, 4)", () -> X.sum(AXIS, false));
    error("mean of shape (3, 4)", () -> X.mean(AXIS, false));
    error("variance of shape (3, 4)", () -> X.variance(AXIS, false));
    error("standardDeviation of shape (3, 4)", () -> X.standardDeviation(AXIS, false, 1));
    error("max of shape (3, 4)", () -> X.max(AXIS, false));
    error("min of shape (3, 4)", () -> X.min(AXIS, false));
    error("min of shape (0, 4)", () -> EMPTY.min(new int[] {0}, false));
    error("norm of shape (3, 4)", () -> X.norm(2, AXIS, false));
    error("logSumExp of shape (3, 4)", () -> X.logSumExp(AXIS, false));
    error("any of shape (3, 4)", () -> X.any(AXIS, false));
    error("all of shape (3, 4)", () -> X.all(AXIS, false));
    error("prod of shape (3, 4)", () -> X.prod(2, false));
    error("quantile of shape (3, 4)", () -> X.quantile(0.5, 2));
    error("quantile of shape (0, 4)", () -> EMPTY.quantile(0.5, 0));
    error("argmax of shape (3, 4)", () -> X.argmax(2));
    error("argmin of shape (3, 4)", () -> X.argmin(2));
    error("argmin of shape (0, 4)", () -> EMPTY.argmin(0));
    error("cumsum of shape (3, 4)", () -> X.cumsum(2));
    error("cumprod of shape (3, 4)", () -> X.cumprod(2));
    error("cummax of shape (3, 4)", () -> X.cummax(2));
    error("cummin of shape (3, 4)", () -> X.cummin(2));
    error("sort of shape (3, 4)", () -> X.sort(2));
    error("argsort of shape (3, 4)", () -> X.argsort(2));
    error("topK of |(3, 4)", () -> X.topK(5, 1));
    error("argTopK of |(3, 4)", () -> X.argTopK(5, 1));
    error("flip of shape (3, 4)", () -> X.flip(2));
    error("roll of shape (3, 4)", () -> X.roll(1, 2));
    error("repeat of shape (3, 4)", () -> X.repeat(2, 2));
    error("split of shape (3, 4)", () -> X.split(1, 3));
    error("concat of (3, 4) and (3)", () -> X.concat(ROW, 0));
    error("stack of (3, 4) and (3)", () -> Tensor.stack(X, ROW));
    error("squeeze of |(3, 4)", () -> X.squeeze(1));
    error("insert of |(3, 4)", () -> X.insert(4));
  }

  private void shapes() {
    error("reshape of (3, 4)", () -> X.reshape(5));
    error("reshape of (3, 4) to (-2, 6)", () -> X.reshape(-2, 6));
    error("flatten of shape ()", () -> Tensor.zeros().flatten());
    error("transpose of shape (3)", () -> ROW.transpose());
    error("transpose of shape (3, 4): there is", () -> X.transpose(0, 2));
    error("permute of shape (3, 4)", () -> X.permute(0, 1, 2));
    error("broadcastTo of |(3, 4)|(3)", () -> X.broadcastTo(new int[] {3}));
    error("sumTo of |(3, 4)|(3)", () -> X.sumTo(new int[] {3}));
    error("sumTo of |(3, 4)|(1, 3, 4)", () -> X.sumTo(new int[] {1, 3, 4}));
    error("diagonal of shape (3)", () -> ROW.diagonal());
    error("trace of shape (3)", () -> ROW.trace());
    error("diagonalMatrix of shape ()", () -> Tensor.zeros().diagonalMatrix());
    error("lowerTriangle of shape (3)", () -> ROW.lowerTriangle(0));
    error("upperTriangle of shape (3)", () -> ROW.upperTriangle(0));
    error("item of shape (3, 4)", () -> X.item());
    error("pad of |(3, 4)", () -> X.pad(Padding.REFLECT, 0, 4, 0));
    error("pad of |(3, 4)|-1", () -> X.pad(0.0, 0, -1, 0));
    error("slice from |(3, 4)", () -> X.slice(0, 2, 5));
    error("at with index 3|(3, 4)", () -> X.at(3));
  }

  private void indices() {
    error("gather with index 4|(3, 4)", () -> X.gather(INDICES));
    error("gather with index -1|(3, 4)", () -> X.gather(1, new int[] {-1}));
    error("gather with indices (3, 4) of FLOAT32", () -> X.gather(X));
    error("gatherAlong with index 4|(3, 4)", () -> X.gatherAlong(1, WHOLE.plus(4)));
    error("gatherAlong of |(3, 4)|(2)", () -> X.gatherAlong(1, INDICES));
    error("gatherBags with index 4|(3, 4)", () -> X.gatherBags(new int[] {4}, new int[1]));
    error("gatherBagMeans with index 4|(3, 4)", () -> X.gatherBagMeans(new int[] {4}, new int[1]));
    error("scatterSum of shape (3, 4)", () -> X.scatterSum(0, INDICES, 5));
    error("scatterMean of shape (3, 4)", () -> X.scatterMean(0, new int[2], 5));
    error("scatterProd of shape (3, 4)", () -> X.scatterProd(0, new int[2], 5));
    error("scatterMax of shape (3, 4)", () -> X.scatterMax(0, new int[2], 5));
    error("scatterMin of shape (3, 4)", () -> X.scatterMin(0, new int[2], 5));
    error("scatterMin with index 7", () -> X.scatterMin(0, new int[] {0, 7, 1}, 5));
    error("pick of |(3, 4)", () -> X.pick(INDICES));
    error("oneHot with index 4", () -> Tensor.oneHot(INDICES, 3));
    error("select of shape (3, 4)|(3)", () -> X.select(ROW));
  }

  private void windows() {
    Tensor kernel = Tensor.zeros(4, 2, 3, 3);
    error("conv1d of |(3, 4)|(3)", () -> X.conv1d(ROW, 1, 0, 1, 1));
    error("conv2d of |(2, 3, 8, 8)|(4, 2, 3, 3)", () -> IMAGES.conv2d(kernel));
    error("conv3d of |(3, 4)|(3)", () -> X.conv3d(ROW, 1, 0, 1, 1));
    error("convTranspose1d of |(3, 4)|(3)", () -> X.convTranspose1d(ROW, 1, 0, 0));
    error("convTranspose2d of |(3, 4)|(3)", () -> X.convTranspose2d(ROW, 1, 0));
    error("convTranspose3d of |(3, 4)|(3)", () -> X.convTranspose3d(ROW, 1, 0, 0));
    error("maxPool1d of |()", () -> Tensor.zeros().maxPool1d(2, 2, 0));
    error("maxPool2d of |(3, 4)", () -> X.maxPool2d(2));
    error("maxPool3d of |(3, 4)", () -> X.maxPool3d(2, 2, 0));
    error("meanPool1d of |()", () -> Tensor.zeros().meanPool1d(2, 2, 0));
    error("meanPool2d of |(3, 4)", () -> X.meanPool2d(2));
    error("meanPool3d of |(3, 4)", () -> X.meanPool3d(2, 2, 0));
    error("lpPool2d of |(3)", () -> ROW.lpPool2d(2, 2, 2));
    error("adaptiveMeanPool of |(3, 4)", () -> X.adaptiveMeanPool(2, 2, 2));
    error("adaptiveMaxPool of |(3, 4)", () -> X.adaptiveMaxPool(2, 2, 2));
    error("resize of |(3, 4)", () -> X.resize(Interpolation.LINEAR, false, 2, 2, 2));
    error("pixelShuffle of |(3, 4)", () -> X.pixelShuffle(2));
    error("gridSample of |(3, 4)|(3)", () -> X.gridSample(ROW, false));
    error("unfold of |(3, 4)", () -> X.unfold(2, 1, 0));
    error("fold of |(3, 4)", () -> X.fold(4, 4, 2, 1, 0));
  }

  @TestFactory
  List<DynamicTest> nameTheOperationTheShapesAndTheLine() {
    List<DynamicTest> tests = new ArrayList<>();
    errors()
        .forEach(
            (texts, code) -> tests.add(DynamicTest.dynamicTest(texts, () -> check(texts, code))));
    return tests;
  }

  private static void check(String texts, Executable code) {
    String message = assertThrows(ShapeException.class, code).getMessage();
    String[] parts = texts.split("\\|", -1);
    assertTrue(message.startsWith(parts[0].strip()), message);
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
    assertTrue(message.contains(", at NamedErrorsTest.java:"), message);
  }

  @Test
  void everyOperationIsHere() {
    Set<String> named = new TreeSet<>(NEVER);
    errors().keySet().forEach(texts -> named.add(texts.split(" ", 2)[0]));
    Set<String> missing = new TreeSet<>();
    Arrays.stream(Tensor.class.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .map(Method::getName)
        .filter(name -> !named.contains(name))
        .forEach(missing::add);
    assertEquals(Set.of(), missing);
  }
}

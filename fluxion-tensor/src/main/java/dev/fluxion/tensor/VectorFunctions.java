package dev.fluxion.tensor;

import static jdk.incubator.vector.VectorOperators.COS;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.EXP;
import static jdk.incubator.vector.VectorOperators.EXPM1;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LOG;
import static jdk.incubator.vector.VectorOperators.LOG1P;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.SIN;
import static jdk.incubator.vector.VectorOperators.TAN;
import static jdk.incubator.vector.VectorOperators.TANH;

import java.util.Map;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * The functions that C2 makes no vector instructions of by itself, on vectors. The class is loaded
 * only when the module {@code jdk.incubator.vector} is there.
 */
final class VectorFunctions {
  static final int WIDTH = FloatVector.SPECIES_PREFERRED.vectorBitSize();

  private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

  /** A function of a vector, or of two; without one for doubles the scalar function is used. */
  record OneVector(OfFloat floats, @Nullable OfDouble doubles, Unary scalar) {}

  /** A function of two vectors. */
  record TwoVectors(OfFloats floats, @Nullable OfDoubles doubles, Binary scalar) {}

  interface OfFloat {
    FloatVector apply(FloatVector x);
  }

  interface OfDouble {
    DoubleVector apply(DoubleVector x);
  }

  interface OfFloats {
    FloatVector apply(FloatVector x, FloatVector y);
  }

  interface OfDoubles {
    DoubleVector apply(DoubleVector x, DoubleVector y);
  }

  private static final Map<Unary, OneVector> UNARY =
      Map.ofEntries(
          one(Functions.EXP, x -> x.lanewise(EXP), x -> x.lanewise(EXP)),
          one(Functions.EXPM1, x -> x.lanewise(EXPM1), x -> x.lanewise(EXPM1)),
          one(Functions.LOG, x -> x.lanewise(LOG), x -> x.lanewise(LOG)),
          one(Functions.LOG1P, x -> x.lanewise(LOG1P), x -> x.lanewise(LOG1P)),
          one(Functions.SIN, x -> x.lanewise(SIN), x -> x.lanewise(SIN)),
          one(Functions.COS, x -> x.lanewise(COS), x -> x.lanewise(COS)),
          one(Functions.TAN, x -> x.lanewise(TAN), x -> x.lanewise(TAN)),
          one(Functions.TANH, x -> x.lanewise(TANH), x -> x.lanewise(TANH)),
          one(Functions.SIGMOID, x -> sigmoid(x), x -> sigmoid(x)),
          one(Functions.SOFTPLUS, x -> softplus(x), x -> softplus(x)),
          one(Functions.ERF, x -> erf(x), null),
          one(Functions.GELU, x -> gelu(x), null));

  private static final Map<Binary, TwoVectors> BINARY =
      Map.ofEntries(
          two(
              Functions.GREATER,
              (x, y) -> mask(x, x.compare(GT, y)),
              (x, y) -> mask(x, x.compare(GT, y))),
          two(
              Functions.GREATER_EQUAL,
              (x, y) -> mask(x, x.compare(GE, y)),
              (x, y) -> mask(x, x.compare(GE, y))),
          two(
              Functions.LESS,
              (x, y) -> mask(x, x.compare(LT, y)),
              (x, y) -> mask(x, x.compare(LT, y))),
          two(
              Functions.LESS_EQUAL,
              (x, y) -> mask(x, x.compare(LE, y)),
              (x, y) -> mask(x, x.compare(LE, y))),
          two(
              Functions.EQUAL,
              (x, y) -> mask(x, x.compare(EQ, y)),
              (x, y) -> mask(x, x.compare(EQ, y))),
          two(
              Functions.RELU_BACK,
              (y, d) -> d.blend(0, y.compare(LE, 0)),
              (y, d) -> d.blend(0, y.compare(LE, 0))),
          two(
              Functions.SIN_BACK,
              (x, d) -> d.mul(x.lanewise(COS)),
              (x, d) -> d.mul(x.lanewise(COS))),
          two(
              Functions.COS_BACK,
              (x, d) -> d.mul(x.lanewise(SIN)).neg(),
              (x, d) -> d.mul(x.lanewise(SIN)).neg()),
          two(Functions.SOFTPLUS_BACK, (x, d) -> d.mul(sigmoid(x)), (x, d) -> d.mul(sigmoid(x))),
          two(
              Functions.ERF_BACK,
              (x, d) -> d.mul(erfSlope(x)),
              (x, d) -> d.mul(x.mul(x).neg().lanewise(EXP).mul(TWO_OVER_ROOT_PI))),
          two(Functions.GELU_BACK, (x, d) -> d.mul(geluSlope(x)), null));

  private VectorFunctions() {}

  private static Map.Entry<Unary, OneVector> one(
      Unary scalar, OfFloat floats, @Nullable OfDouble doubles) {
    return Map.entry(scalar, new OneVector(floats, doubles, scalar));
  }

  private static Map.Entry<Binary, TwoVectors> two(
      Binary scalar, OfFloats floats, @Nullable OfDoubles doubles) {
    return Map.entry(scalar, new TwoVectors(floats, doubles, scalar));
  }

  static boolean has(Unary f) {
    return UNARY.containsKey(f);
  }

  static boolean has(Binary f) {
    return BINARY.containsKey(f);
  }

  static Unary.Loops loops(Unary f) {
    return Template.copy(VectorUnaryLoops.class, UNARY.get(f), Unary.Loops.class);
  }

  static Binary.Loops loops(Binary f) {
    return Template.copy(VectorBinaryLoops.class, BINARY.get(f), Binary.Loops.class);
  }

  private static FloatVector mask(FloatVector x, VectorMask<Float> mask) {
    return FloatVector.zero(x.species()).blend(1, mask);
  }

  private static DoubleVector mask(DoubleVector x, VectorMask<Double> mask) {
    return DoubleVector.zero(x.species()).blend(1, mask);
  }

  private static FloatVector sigmoid(FloatVector x) {
    FloatVector one = FloatVector.broadcast(x.species(), 1);
    return one.div(x.neg().lanewise(EXP).add(1));
  }

  private static DoubleVector sigmoid(DoubleVector x) {
    DoubleVector one = DoubleVector.broadcast(x.species(), 1);
    return one.div(x.neg().lanewise(EXP).add(1));
  }

  private static FloatVector softplus(FloatVector x) {
    return x.max(0).add(x.abs().neg().lanewise(EXP).lanewise(LOG1P));
  }

  private static DoubleVector softplus(DoubleVector x) {
    return x.max(0).add(x.abs().neg().lanewise(EXP).lanewise(LOG1P));
  }

  private static FloatVector erfSlope(FloatVector x) {
    return x.mul(x).neg().lanewise(EXP).mul((float) TWO_OVER_ROOT_PI);
  }

  /**
   * The error function in float32: Taylor's series below 0.5 in size, elsewhere the approximation
   * 7.1.26 of Abramowitz and Stegun, whose error is at most 1.5e-7.
   */
  private static FloatVector erf(FloatVector x) {
    FloatVector square = x.mul(x);
    FloatVector near =
        square
            .mul(1f / 1320 * -1)
            .add(1f / 216)
            .mul(square)
            .sub(1f / 42)
            .mul(square)
            .add(0.1f)
            .mul(square)
            .sub(1f / 3)
            .mul(square)
            .add(1)
            .mul(x)
            .mul((float) TWO_OVER_ROOT_PI);
    FloatVector size = x.abs();
    FloatVector far = erfcPositive(size).neg().add(1);
    FloatVector signed = far.blend(far.neg(), x.compare(LT, 0));
    return near.blend(signed, size.compare(GT, 0.5f)).blend(x, x.test(VectorOperators.IS_NAN));
  }

  private static FloatVector erfcPositive(FloatVector x) {
    FloatVector one = FloatVector.broadcast(x.species(), 1);
    FloatVector t = one.div(x.mul(0.3275911f).add(1));
    return t.mul((float) 1.061405429)
        .sub((float) 1.453152027)
        .mul(t)
        .add((float) 1.421413741)
        .mul(t)
        .sub((float) 0.284496736)
        .mul(t)
        .add((float) 0.254829592)
        .mul(t)
        .mul(x.mul(x).neg().lanewise(EXP));
  }

  private static FloatVector gelu(FloatVector x) {
    return erf(x.mul((float) Math.sqrt(0.5))).add(1).mul(x).mul(0.5f);
  }

  private static FloatVector geluSlope(FloatVector x) {
    FloatVector share = erf(x.mul((float) Math.sqrt(0.5))).add(1).mul(0.5f);
    FloatVector density =
        x.mul(x).mul(-0.5f).lanewise(EXP).mul((float) (1 / Math.sqrt(2 * Math.PI)));
    return density.mul(x).add(share);
  }
}

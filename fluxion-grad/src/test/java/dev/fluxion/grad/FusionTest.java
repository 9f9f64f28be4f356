package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls that stand one after the other are one operation, as far as nothing comes between. */
class FusionTest {
  /** A number that is a vector. */
  @FusedBy(Recorder.class)
  static final class Real implements VectorSpace<Real> {
    private double value;

    Real(double value) {
      this.value = value;
    }

    double value() {
      return value;
    }

    void set(double other) {
      value = other;
    }

    @Override
    @Primitive(RealRules.class)
    public Real plus(Real other) {
      return new Real(value + other.value);
    }

    @Override
    @Primitive(RealRules.class)
    public Real zero() {
      return new Real(0);
    }

    @Override
    @Primitive(RealRules.class)
    public double item() {
      return value;
    }

    @Primitive(RealRules.class)
    Real times(Real other) {
      return new Real(value * other.value);
    }

    @Primitive(RealRules.class)
    Real scaled(double factor) {
      return new Real(value * factor);
    }
  }

  /** The rules of {@link Real}. */
  static final class RealRules {
    private RealRules() {}

    @Pullback(of = "item")
    static Real item(Real x, double y, double dy) {
      return new Real(dy);
    }

    @Pullback(of = "plus")
    @Pushforward(of = "plus")
    static Real plusLeft(Real a, Real b, Real y, Real dy) {
      return dy;
    }

    @Pullback(of = "plus", argument = 1)
    @Pushforward(of = "plus", argument = 1)
    static Real plusRight(Real a, Real b, Real y, Real dy) {
      return dy;
    }

    @Pullback(of = "times")
    @Pushforward(of = "times")
    static Real timesLeft(Real a, Real b, Real y, Real dy) {
      return dy.times(b);
    }

    @Pullback(of = "times", argument = 1)
    @Pushforward(of = "times", argument = 1)
    static Real timesRight(Real a, Real b, Real y, Real dy) {
      return dy.times(a);
    }

    @Pullback(of = "scaled")
    @Pushforward(of = "scaled")
    static Real scaled(Real a, double factor, Real y, Real dy) {
      return dy.scaled(factor);
    }
  }

  /** Fuses calls of {@link Real}'s own methods, and notes which. */
  static final class Recorder implements Fuser {
    private static final Set<String> METHODS = Set.of("plus", "times", "scaled");

    @Override
    public boolean takes(Callee callee) {
      return callee.function() == null && METHODS.contains(callee.method().name());
    }

    @Override
    public @Nullable Operation fuse(
        List<Part> parts, int inputs, List<Integer> results, Set<Integer> kept) {
      FUSED.add(
          String.join(" ", parts.stream().map(part -> part.callee().method().name()).toList())
              + (kept.isEmpty() ? "" : ", keeps " + kept));
      return new Operation() {
        @Override
        public boolean pays(@Nullable Object input) {
          return input instanceof Real;
        }

        @Override
        public int room() {
          return inputs + results.size();
        }

        @Override
        public boolean run(@Nullable Object[] values) {
          record(parts, results, values);
          return true;
        }
      };
    }

    private static void record(List<Part> parts, List<Integer> results, @Nullable Object[] values) {
      List<Real> made = new ArrayList<>();
      for (Part part : parts) {
        Object[] given =
            part.arguments().stream().map(argument -> value(argument, values, made)).toArray();
        Real a = (Real) given[0];
        made.add(
            switch (part.callee().method().name()) {
              case "plus" -> a.plus((Real) given[1]);
              case "times" -> a.times((Real) given[1]);
              default -> a.scaled((double) given[1]);
            });
      }
      for (int i = 0; i < results.size(); i++) {
        values[values.length - results.size() + i] = made.get(results.get(i));
      }
    }

    private static @Nullable Object value(
        Argument argument, @Nullable Object[] values, List<Real> made) {
      return switch (argument) {
        case Argument.Input(int index) -> values[index];
        case Argument.Result(int part) -> made.get(part);
        case Argument.Constant(Object value) -> value;
      };
    }
  }

  private static final List<String> FUSED = new ArrayList<>();
  private static final List<Double> SEEN = new ArrayList<>();

  @BeforeEach
  void forget() {
    FUSED.clear();
    SEEN.clear();
  }

  private static double gradient(Fn1<Real, Real> f) {
    return Grad.gradient(f, new Real(3)).value();
  }

  static void see(double value) {
    SEEN.add(value);
  }

  @Test
  void callsOnOneAnotherAreOne() {
    assertEquals(
        12 * 27 + 2, gradient(x -> x.times(x).times(x).times(x).scaled(3).plus(x.scaled(2))));
    assertTrue(
        FUSED.contains("times times times scaled scaled plus, keeps [0, 1]"), FUSED::toString);
  }

  @Test
  void numbersAreInputs() {
    double[] factor = {2};
    assertEquals(24, gradient(x -> x.times(x).scaled(factor[0]).scaled(2)));
    assertTrue(FUSED.contains("times scaled scaled"), FUSED::toString);
  }

  @Test
  void whatAnotherCallReadsIsThere() {
    double derivative =
        gradient(
            x -> {
              Real square = x.times(x).scaled(2);
              see(square.item());
              return square.scaled(5).times(x);
            });
    assertEquals(30 * 9, derivative);
    assertEquals(List.of(18.0), SEEN);
    assertEquals(
        List.of("times scaled", "scaled times"),
        FUSED.stream().map(text -> text.replaceAll(",.*", "")).toList());
  }

  @Test
  void nothingWaitsForWhatIsSeen() {
    gradient(
        x -> {
          Real square = x.times(x);
          see(0);
          return square.scaled(5);
        });
    assertEquals(List.of(), FUSED);
  }

  static Real twoWays(Real x) {
    Real a = x.times(x).scaled(2);
    Real b = a.item() > 0 ? a.scaled(3).plus(x) : x;
    return b.scaled(2).plus(a);
  }

  @Test
  void blocksAreOnTheirOwn() {
    assertEquals(12 * 6 + 2 + 12, gradient(FusionTest::twoWays));
    assertEquals(
        List.of("scaled plus", "scaled plus", "times scaled"),
        FUSED.stream().map(text -> text.replaceAll(",.*", "")).sorted().toList());
  }

  static Real caught(Real x) {
    try {
      return x.times(x).scaled(2).plus(x);
    } catch (IllegalStateException e) {
      return x;
    }
  }

  @Test
  void whereAnExceptionIsCaughtCallsStayThemselves() {
    assertEquals(13, gradient(FusionTest::caught));
    assertEquals(List.of(), FUSED);
  }

  @Test
  void tangentsAreWhatTheyWere() {
    ValueAndTangent<Real> both =
        Grad.jvp((Real x) -> x.times(x).scaled(2).plus(x), new Real(3), new Real(1));
    assertEquals(21, both.value().value());
    assertEquals(13, both.tangent().value());
  }

  @Test
  void compiledFunctionsAreFused() {
    Fn1<Real, Real> f = Fluxion.compiled((Real x) -> x.times(x).scaled(2).plus(x));
    assertEquals(21, f.apply(new Real(3)).value());
    assertEquals(List.of("times scaled plus"), FUSED);
    assertEquals(36, f.apply(new Real(4)).value());
    assertEquals(List.of("times scaled plus"), FUSED, "it was made once");
  }

  @Test
  void compiledFunctionsAreDifferentiatedAsWhatTheyWere() {
    Fn1<Real, Real> f = Fluxion.compiled((Real x) -> x.times(x).scaled(2).plus(x));
    assertEquals(13, gradient(f));
    assertEquals(26, gradient(x -> f.apply(x).scaled(2)));
    assertEquals(13, Grad.jvp(f, new Real(3), new Real(1)).tangent().value());
  }

  /** Too long to become part of its callers. */
  static Real lengthy(Real x) {
    Real y = x.times(x).scaled(2);
    for (int i = 0; i < 3; i++) {
      double[] seen = {y.item(), y.item() + 1, y.item() + 2, y.item() + 3, y.item() + 4};
      see(seen[0] + seen[1] + seen[2] + seen[3] + seen[4]);
      y = y.scaled(0.5).plus(x);
    }
    return y;
  }

  static Real recursive(Real x, int depth) {
    return depth == 0 ? x : recursive(x.times(x).scaled(0.5), depth - 1).plus(x);
  }

  @Test
  void whatCompiledFunctionsCallIsFusedToo() {
    Real x = new Real(3);
    Real expected = lengthy(x);
    List<Double> seen = List.copyOf(SEEN);
    SEEN.clear();
    assertEquals(expected.value(), Fluxion.compiled((Real a) -> lengthy(a)).apply(x).value());
    assertEquals(seen, SEEN);
    assertEquals(
        List.of("times scaled", "scaled plus"), FUSED.stream().sorted().toList().reversed());
    Fn1<Real, Real> f = Fluxion.compiled((Real a) -> recursive(a, 5));
    assertEquals(recursive(x, 5).value(), f.apply(x).value());
  }

  /** A layer, say. */
  interface Unit {
    Real of(Real x);
  }

  /** A layer with a number. */
  record Scaling(double factor) implements Unit {
    @Override
    public Real of(Real x) {
      return x.times(x).scaled(factor);
    }
  }

  /** A layer that chooses another method by its class. */
  abstract static class Base implements Unit {
    @Override
    public Real of(Real x) {
      return inner(x).scaled(2).scaled(0.25);
    }

    abstract Real inner(Real x);
  }

  private static final class Inner extends Base {
    @Override
    Real inner(Real x) {
      return x.plus(x).scaled(3);
    }
  }

  @Test
  void methodsThatAClassChoosesAreFusedToo() {
    double captured = 7;
    List<Unit> units =
        List.of(
            new Scaling(0.5),
            (Unit & Serializable) x -> x.scaled(captured).plus(x),
            new Inner(),
            (Unit & Serializable) x -> x,
            new Unit() {
              @Override
              public Real of(Real x) {
                return x.plus(x).times(x);
              }
            });
    Fn1<Real, Real> all =
        x -> {
          Real y = x;
          for (Unit unit : units) {
            y = unit.of(y);
          }
          return y;
        };
    Fn1<Real, Real> compiled = Fluxion.compiled(all);
    Real x = new Real(3);
    for (int i = 0; i < 2; i++) {
      assertEquals(all.apply(x).value(), compiled.apply(x).value());
    }
    assertEquals(
        List.of("plus scaled", "plus times", "scaled plus", "scaled scaled", "times scaled"),
        FUSED.stream().sorted().toList());
    assertEquals(gradient(all), gradient(compiled));
    Unit[] none = new Unit[1];
    Fn1<Real, Real> ofNull = Fluxion.compiled((Real a) -> none[0].of(a).scaled(2));
    assertThrows(NullPointerException.class, () -> ofNull.apply(x));
    none[0] =
        a -> {
          throw new IllegalStateException("as it is");
        };
    assertThrows(IllegalStateException.class, () -> ofNull.apply(x));
    none[0] = new Scaling(3);
    assertEquals(54, ofNull.apply(x).value());
  }

  @Test
  void compiledFunctionsOfSeveralArguments() {
    Fn2<Real, Real, Real> two = Fluxion.compiled((Real x, Real y) -> x.times(y).scaled(2));
    assertEquals(30, two.apply(new Real(3), new Real(5)).value());
    Fn3<Real, Real, Real, Real> three =
        Fluxion.compiled((Real x, Real y, Real z) -> x.times(y).plus(z));
    assertEquals(17, three.apply(new Real(3), new Real(5), new Real(2)).value());
  }

  @Test
  void compiledFunctionsAreNotInTraining() {
    Fn1<Real, Real> f =
        Fluxion.compiled(
            (Real x) -> Grad.isTraining() ? x.scaled(7).scaled(1) : x.times(x).scaled(2));
    assertEquals(18, f.apply(new Real(3)).value());
    assertEquals(7, gradient(f));
  }

  @Test
  void exceptionsOfCompiledFunctionsAreTheirOwn() {
    Fn1<Real, Real> f =
        Fluxion.compiled(
            (Real x) -> {
              if (x.item() > 2) {
                throw new IllegalArgumentException("too large");
              }
              return x.times(x).scaled(2);
            });
    assertEquals(2, f.apply(new Real(1)).value());
    assertThrows(IllegalArgumentException.class, () -> f.apply(new Real(3)));
  }

  @Test
  void nothingWaitsForAChange() {
    Real factor = new Real(5);
    Fn1<Real, Real> f =
        Fluxion.compiled(
            (Real x) -> {
              Real y = x.times(factor).scaled(2);
              factor.set(7);
              return y.scaled(3).plus(factor);
            });
    assertEquals(5 * 2 * 3 * 2 + 7, f.apply(new Real(2)).value());
    assertEquals(List.of("times scaled", "scaled plus"), FUSED);
  }

  /** Runs other code, and has it change an object. */
  static Real changed(Real x, Fn1<Real, Real> change) {
    Real y = x.times(x).scaled(2);
    Real z = change.apply(x);
    return y.scaled(3).plus(z);
  }

  @Test
  void nothingWaitsForCodeThatIsChosenAtRunTime() {
    Real other = new Real(1);
    Fn1<Real, Real> change =
        x -> {
          see(other.item());
          return x.scaled(2);
        };
    assertEquals(12 * 3 + 2, gradient(x -> changed(x, change)));
    List<String> groups = FUSED.stream().map(text -> text.replaceAll(",.*", "")).sorted().toList();
    assertEquals(List.of("scaled plus", "times scaled"), groups);
  }
}

package dev.fluxion.grad.language;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/** Lambdas, method references, and boxed numbers. */
@SuppressWarnings({
  "all",
  "fallthrough",
  "finally",
  "lossy-conversions",
  "try"
}) // as users write it
final class Functions {
  private Functions() {}

  private final double factor = 2;

  record Cell(double value) {
    double times(double y) {
      return value * y;
    }
  }

  static double lambdas(double x) {
    DoubleUnaryOperator square = y -> y * y;
    DoubleBinaryOperator scaled =
        (a, b) -> {
          double sum = a + b;
          return sum * x;
        };
    Runnable nothing = () -> {};
    nothing.run();
    return scaled.applyAsDouble(square.applyAsDouble(x), x);
  }

  static double nestedLambdas(double x) {
    DoubleFunction<DoubleFunction<DoubleUnaryOperator>> curried = a -> b -> c -> a * b + c * x;
    return curried.apply(x).apply(x * x).applyAsDouble(Math.sin(x));
  }

  static <A, B, C> Function<A, C> compose(Function<A, B> f, Function<? super B, ? extends C> g) {
    return a -> g.apply(f.apply(a));
  }

  static double genericLambdas(double x) {
    Function<Double, Double> twice = y -> y * 2;
    Function<Double, Cell> boxed = compose(twice, Cell::new);
    UnaryOperator<Double> same = UnaryOperator.identity();
    return compose(boxed, Cell::value).apply(x) * twice.andThen(same).compose(twice).apply(x);
  }

  static double staticReference(double x) {
    DoubleUnaryOperator sine = Math::sin;
    BinaryOperator<Double> product = Functions::product;
    return sine.applyAsDouble(x) + product.apply(x, x);
  }

  private static double product(double a, double b) {
    return a * b;
  }

  static double boundReference(double x) {
    Cell cell = new Cell(x);
    DoubleUnaryOperator times = cell::times;
    Supplier<Double> value = cell::value;
    return times.applyAsDouble(3) * value.get();
  }

  static double unboundReference(double x) {
    ToDoubleFunction<Cell> value = Cell::value;
    BiFunction<Cell, Double, Double> times = Cell::times;
    return value.applyAsDouble(new Cell(x)) * times.apply(new Cell(x), x);
  }

  static double constructorReference(double x) {
    DoubleFunction<Cell> cells = Cell::new;
    Supplier<List<Double>> lists = ArrayList::new;
    List<Double> list = lists.get();
    list.add(cells.apply(x).value());
    return list.get(0) * x;
  }

  static double arrayReference(double x) {
    IntFunction<double[]> arrays = double[]::new;
    double[] array = arrays.apply(2);
    array[1] = x;
    Supplier<double[]> copy = array::clone;
    array[1] *= x;
    return copy.get()[1] * array[1];
  }

  double times(double y) {
    return factor * y;
  }

  DoubleUnaryOperator own() {
    return this::times;
  }

  static double thisReference(double x) {
    return new Functions().own().applyAsDouble(x) * x;
  }

  static class Base {
    double twist(double y) {
      return y * y;
    }
  }

  static class Derived extends Base {
    @Override
    double twist(double y) {
      DoubleUnaryOperator above = super::twist;
      return above.applyAsDouble(y) + Math.sin(y);
    }
  }

  static double superReference(double x) {
    return new Derived().twist(x);
  }

  static double callbacks(double x) {
    double[] seen = {1};
    Consumer<Double> consumer = y -> seen[0] *= y;
    List.of(x, 2.0, x * x).forEach(consumer.andThen(y -> seen[0] += y));
    return seen[0];
  }

  static double recursiveLambda(double x) {
    DoubleUnaryOperator[] self = new DoubleUnaryOperator[1];
    self[0] = y -> Math.abs(y) > 9 ? y : self[0].applyAsDouble(y * 2 + x);
    return self[0].applyAsDouble(x);
  }

  static double comparators(double x) {
    List<Cell> cells = new ArrayList<>(List.of(new Cell(3 * x), new Cell(1), new Cell(x * x)));
    cells.sort(Comparator.comparingDouble(Cell::value).reversed());
    return cells.get(0).value() * 2 + cells.get(1).value() * 3 + cells.get(2).value() * 5;
  }

  static double optionals(double x) {
    Optional<Double> some = Optional.of(x).filter(y -> y > 0).map(y -> y * y);
    return some.orElseGet(() -> -x * 3) + Optional.<Double>empty().orElse(x);
  }

  static double streams(double x) {
    return List.of(1.0, x, x * x).stream()
        .map(y -> y * x)
        .filter(y -> y < 100)
        .reduce(0.0, Double::sum);
  }

  static double boxedNumbers(double x) {
    Double boxed = x;
    Double sum = 0.0;
    Integer count = 127;
    Integer same = 127;
    Long big = 1L << 40;
    sum += boxed * 2;
    sum++;
    count += 1;
    Number number = boxed;
    Comparable<Double> comparable = boxed;
    Object chosen = x > 0 ? boxed : Double.valueOf(1 + x);
    return sum * boxed
        + number.doubleValue() * count
        + (same == 127 ? (Double) chosen : 0)
        + big.hashCode() * x
        + comparable.compareTo(0.0) * x
        + Double.max(x, boxed);
  }

  static double floats(double x) {
    double exact = x * 0.5f;
    long rounded = Math.round(2.5);
    float narrow = 1 / 3f;
    return exact * rounded + narrow * x + (double) (float) 0.1 * x * 1e-8f;
  }

  static double numericCasts(double x) {
    int whole = (int) (x * 7);
    byte low = (byte) whole;
    long wide = (long) x;
    char c = (char) 97.9;
    return x * whole + low * x * x + wide + c * x + (short) 70000 * x;
  }

  /** Not serializable, and with several functions in constants of one class. */
  interface Curve {
    double at(double x);
  }

  static final Curve SINE = Math::sin;
  static final Curve SQUARE = x -> x * x;
  static final Curve[] LINES = {x -> 3 * x, x -> 4 * x};

  static final class Both {
    final Curve first;
    final Curve second;

    Both(Curve second, Curve first) {
      this.first = first;
      this.second = second;
    }

    Both(Curve second) {
      this(second, x -> 5 * x);
    }
  }

  static final Both BOTH = new Both(x -> 7 * x, x -> x * x * x);
  static final Both HALF = new Both(x -> 9 * x);

  enum Scale {
    LINEAR(x -> x + 1, x -> x - 1),
    LOGARITHMIC(Math::log1p, Math::expm1);

    private final Curve to;
    final DoubleUnaryOperator from;

    Scale(Curve to, DoubleUnaryOperator from) {
      this.to = to;
      this.from = from;
    }

    Curve to() {
      return to;
    }
  }

  static double constants(double x) {
    double y = SINE.at(x) * SQUARE.at(x) + LINES[0].at(x) * LINES[1].at(x);
    y += BOTH.first.at(x) * BOTH.second.at(x) + HALF.first.at(x) * HALF.second.at(x);
    for (Scale scale : Scale.values()) {
      y *= scale.to().at(x * x) + scale.from.applyAsDouble(x / 3);
    }
    return y;
  }

  record Arrow(double x, double y) {
    double dot(Arrow other) {
      return x * other.x + y * other.y;
    }

    Arrow plus(Arrow other) {
      return new Arrow(x + other.x, y + other.y);
    }
  }

  enum Axis {
    FIRST(new Arrow(1, 0)),
    SECOND(new Arrow(0, 2)),
    NONE(null);

    private final Arrow arrow;

    Axis(Arrow arrow) {
      this.arrow = arrow;
    }

    Arrow arrow() {
      return arrow;
    }

    Arrow or(Arrow other, boolean isOther) {
      return isOther ? other : arrow;
    }
  }

  static double objectsInConstants(double x) {
    Arrow arrow = new Arrow(x, x * x);
    double y = 0;
    for (Axis axis : Axis.values()) {
      if (axis.arrow() != null) {
        Arrow sum = axis.or(arrow, x > 0).plus(axis.arrow());
        y += sum.dot(arrow) * axis.arrow.dot(sum);
      }
    }
    return y;
  }
}

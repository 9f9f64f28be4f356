package dev.fluxion.grad.language;

import java.util.List;

/** Types, and patterns that tell them. */
@SuppressWarnings({
  "all",
  "fallthrough",
  "finally",
  "lossy-conversions",
  "try"
}) // as users write it
final class Patterns {
  private Patterns() {}

  sealed interface Shape permits Circle, Box, Group {}

  record Circle(double radius) implements Shape {}

  record Box(double width, double height) implements Shape {
    Box {
      if (width == height) {
        height *= 1;
      }
    }

    Box(double side) {
      this(side, side);
    }

    double diagonal() {
      return Math.hypot(width, height());
    }

    static Box around(Circle circle) {
      return new Box(2 * circle.radius);
    }

    Box scaled(double by) {
      return new Box(width * by, height * by);
    }
  }

  record Group(Shape first, Shape second) implements Shape {}

  record Pair<A, B>(A first, B second) {}

  static double area(Shape shape) {
    return switch (shape) {
      case Circle(double radius) when radius > 1 -> 3 * radius * radius;
      case Circle circle -> Math.PI * circle.radius() * circle.radius();
      case Box(double width, var height) -> width * height;
      case Group(Circle(double a), Circle(double b)) -> a * b;
      case Group(Group(_, Box(var width, _)), Shape other) -> width + area(other);
      case Group(Shape first, Shape second) when area(first) > 1 -> area(first) - area(second);
      case Group(Shape first, Shape second) -> area(first) + area(second);
    };
  }

  static double recordPatterns(double x) {
    Shape circle = new Circle(Math.abs(x) + 0.1);
    Shape box = new Box(x, 3);
    Shape group = new Group(new Group(circle, new Box(x * x)), box);
    return area(circle)
        + area(group)
        + area(new Group(circle, new Circle(x)))
        + area(new Group(box, circle))
        + area(new Group(circle, box));
  }

  static double recordMethods(double x) {
    Box box = Box.around(new Circle(x)).scaled(1 + x * x);
    return box.diagonal() + box.width() * (box.equals(new Box(x)) ? 2 : 3);
  }

  static double typePatterns(double x) {
    Object[] things = {x, 2, 3L, "four", 5.5f, null, new double[] {x, x}, List.of(x), 'c'};
    double sum = 0;
    for (Object thing : things) {
      sum +=
          switch (thing) {
            case null -> x;
            case Double d when d > 0 -> d * d;
            case Double d -> -d;
            case Integer i -> i * x;
            case Long l -> l * x * x;
            case String s when s.isEmpty() -> 1e9;
            case String s -> s.length() * x;
            case Number n -> n.doubleValue() * Math.sin(x);
            case double[] a -> a[0] * a[1] * x;
            case List<?> list -> list.size() * x;
            default -> thing.hashCode() * x / 1000;
          };
    }
    return sum;
  }

  static double instanceOf(double x) {
    Object number = x > 0 ? (Object) x : (Object) new Circle(x);
    if (number instanceof Double d && d > 0.5) {
      return d * d;
    }
    if (!(number instanceof Circle(double radius))) {
      return (Double) number;
    }
    return radius * radius * radius;
  }

  static double genericRecords(double x) {
    Pair<Double, Pair<Box, Double>> pair = new Pair<>(x, new Pair<>(new Box(x, 2), x * x));
    if (pair instanceof Pair<Double, Pair<Box, Double>>(var a, Pair<Box, Double>(var box, var b))) {
      return a * b + box.width() * box.height() + pair.second().first().diagonal();
    }
    return 0;
  }

  enum Operator {
    PLUS("+") {
      @Override
      double apply(double a, double b) {
        return a + b;
      }
    },
    TIMES("*") {
      @Override
      double apply(double a, double b) {
        return a * b;
      }
    };

    final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    abstract double apply(double a, double b);
  }

  static double enumMethods(double x) {
    double y = x;
    for (Operator operator : Operator.values()) {
      y = operator.apply(y, x * operator.symbol.length() * (1 + operator.ordinal()));
    }
    return Operator.valueOf("TIMES").apply(y, x);
  }

  static double localTypes(double x) {
    record Point(double a, double b) {
      double dot(Point other) {
        return a * other.a + b * other.b;
      }
    }
    enum Side {
      LEFT,
      RIGHT
    }
    interface Weight {
      double of(Side side);
    }
    class Local {
      final double captured = x * 2;

      double times(double y) {
        return captured * y + x;
      }
    }
    Weight weight = side -> side == Side.LEFT ? x : x * x;
    Point point = new Point(weight.of(Side.LEFT), weight.of(Side.RIGHT));
    return point.dot(new Point(x, 1)) + new Local().times(point.a());
  }
}

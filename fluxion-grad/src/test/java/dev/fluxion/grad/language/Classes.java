package dev.fluxion.grad.language;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.util.function.DoubleSupplier;

/** Classes, their state, and how they are made. */
@SuppressWarnings({
  "all",
  "fallthrough",
  "finally",
  "lossy-conversions",
  "try"
}) // as users write it
final class Classes {
  private Classes() {}

  static class Account {
    static int opened;
    double balance;
    double[] history = new double[4];
    int entries;

    {
      opened++;
      balance = 1;
    }

    Account(double start) {
      balance += start;
    }

    {
      history[entries++] = balance;
    }

    Account deposit(double amount) {
      balance += amount;
      history[entries++] = balance;
      return this;
    }

    class Interest {
      final double rate;

      Interest(double rate) {
        this.rate = rate;
      }

      class Monthly {
        double pay() {
          balance *= 1 + rate / 12;
          return Account.this.balance * rate;
        }
      }
    }
  }

  interface Curve {
    double at(double x);
  }

  static class Parabola implements Curve {
    final double a;

    Parabola(double a) {
      this.a = a;
    }

    public double at(double x) {
      return a * x * x;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Parabola parabola && parabola.a == a;
    }

    @Override
    public int hashCode() {
      return 3;
    }

    @Override
    public String toString() {
      return "ax2";
    }
  }

  /** Methods of Object by way of an interface. */
  static double objectMethods(double x) {
    Curve curve = new Parabola(x);
    Curve other = new Parabola(2 * x);
    double factor = curve.getClass() == other.getClass() && !curve.equals(other) ? 2 : 5;
    return curve.at(x) * factor + other.at(1) * (curve.hashCode() + curve.toString().length());
  }

  /** The class of an object is asked for, and what it is cast to is known when the code runs. */
  static <C extends Curve> double cast(Class<C> type, Object object, double x) {
    return type.isInstance(object) ? type.cast(object).at(x) : 1;
  }

  static double classObjects(double x) {
    Object[] objects = {new Parabola(x), "text", x, null};
    double sum = 0;
    for (int i = 0; i < Array.getLength(objects); i++) {
      sum += (i + 1) * cast(Parabola.class, objects[i], x);
    }
    try {
      return Parabola.class.cast(objects[2]).a;
    } catch (ClassCastException e) {
      return sum * e.getMessage().length();
    }
  }

  static class Postfix {
    private final Reader text;
    private final double x;

    Postfix(String text, double x) {
      this.text = new BufferedReader(new StringReader(text));
      this.x = x;
    }

    double value() {
      double[] stack = new double[4];
      int top = 0;
      try {
        for (int read = text.read(); read >= 0; read = text.read()) {
          switch (read) {
            case 'x' -> stack[top++] = x;
            case '+' -> stack[--top - 1] += stack[top];
            case '*' -> stack[--top - 1] *= stack[top];
            default -> stack[top++] = read - '0';
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return stack[0];
    }
  }

  static double textReader(double x) {
    return new Postfix("xx*3x*+2*", x).value();
  }

  static double instanceInitialisers(double x) {
    Account account = new Account(x).deposit(x * x);
    return account.balance * account.history[0] + account.history[1];
  }

  static double innerClasses(double x) {
    Account account = new Account(x);
    Account.Interest interest = account.new Interest(x * 0.5);
    double paid = interest.new Monthly().pay();
    return paid + interest.new Monthly().pay() * account.balance;
  }

  static double anonymousClasses(double x) {
    double[] log = {0};
    DoubleSupplier supplier =
        new DoubleSupplier() {
          double calls = x;

          @Override
          public double getAsDouble() {
            log[0] += x;
            calls *= x;
            return calls;
          }
        };
    return supplier.getAsDouble() * supplier.getAsDouble() + log[0];
  }

  interface Norm {
    double HALF = 0.5;

    double measure(double x);

    default double twice(double x) {
      return combine(measure(x), measure(x * HALF));
    }

    private double combine(double a, double b) {
      return scale(a) + b * measure(1);
    }

    private static double scale(double a) {
      return a * 3;
    }

    static Norm square() {
      return x -> x * x;
    }
  }

  interface Shifted extends Norm {
    @Override
    default double twice(double x) {
      return Norm.super.twice(x + 1) - x;
    }
  }

  static double interfaceMethods(double x) {
    Shifted shifted = y -> Math.sin(y) * x;
    return Norm.square().twice(x) + shifted.twice(x);
  }

  abstract static class Model {
    final double parameter;

    Model(double parameter) {
      this.parameter = initial(parameter);
    }

    double initial(double given) {
      return given;
    }

    abstract double loss(double y);

    final double total() {
      return loss(1) + loss(parameter);
    }
  }

  static class Quadratic extends Model {
    Quadratic(double parameter) {
      super(parameter * 2);
    }

    @Override
    double initial(double given) {
      return super.initial(given) + 1;
    }

    @Override
    double loss(double y) {
      return parameter * y * y;
    }
  }

  static final class Cubic extends Quadratic {
    Cubic(double parameter) {
      super(parameter);
    }

    @Override
    double loss(double y) {
      return super.loss(y) * y;
    }
  }

  static double inheritance(double x) {
    Model[] models = {new Quadratic(x), new Cubic(x)};
    double sum = 0;
    for (Model model : models) {
      sum += model.total();
    }
    return sum;
  }

  abstract static class Generic<T extends Number> {
    abstract T next(T previous);

    double run(T start) {
      T at = start;
      for (int i = 0; i < 3; i++) {
        at = next(at);
      }
      return at.doubleValue();
    }
  }

  static double bridges(double x) {
    Generic<Double> generic =
        new Generic<>() {
          @Override
          Double next(Double previous) {
            return previous * x + 1;
          }
        };
    return generic.run(x);
  }

  static double sum(double... numbers) {
    double sum = 0;
    for (double number : numbers) {
      sum += number;
    }
    return sum;
  }

  static double sum(String name, Object... numbers) {
    double sum = name.length();
    for (Object number : numbers) {
      sum += number instanceof Double d ? d * d : 1;
    }
    return sum;
  }

  static double varargs(double x) {
    return sum() + sum(x) + sum(x, x * x, 3) + sum("name", x, 1, x) + sum(new double[] {x, 1});
  }

  private static double overloaded(long x) {
    return x;
  }

  private static double overloaded(double x) {
    return x * x;
  }

  private static double overloaded(Object x) {
    return (Double) x * 3;
  }

  static double overloads(double x) {
    return overloaded(x) + overloaded(Double.valueOf(x)) + overloaded(7) * x;
  }

  static class Vector {
    final double x;
    final double y;

    Vector(double x, double y) {
      this.x = x;
      this.y = y;
    }
  }

  /** Java 25 lets code stand before the call of the other constructor. */
  static class Unit extends Vector {
    final double length;

    Unit(double x, double y) {
      double norm = Math.sqrt(x * x + y * y);
      if (norm == 0) {
        throw new IllegalArgumentException("no direction");
      }
      length = norm;
      super(x / norm, y / norm);
    }

    Unit(double angle) {
      double cosine = Math.cos(angle);
      this(cosine, Math.sin(angle) * cosine);
    }
  }

  static double flexibleConstructors(double x) {
    Unit unit = new Unit(x, 2);
    Unit turned = new Unit(x / 3);
    return unit.x * unit.y * unit.length + turned.x * turned.length;
  }

  static final class Node {
    double value;
    Node left;
    Node right;

    Node(double value) {
      this.value = value;
    }

    Node insert(double other) {
      if (other < value) {
        left = left == null ? new Node(other) : left.insert(other);
      } else {
        right = right == null ? new Node(other) : right.insert(other);
      }
      return this;
    }

    double fold(double weight) {
      double below = left == null ? 0 : left.fold(weight * 2);
      return below + value * weight + (right == null ? 0 : right.fold(weight + 1));
    }
  }

  static double linkedStructures(double x) {
    return new Node(x).insert(x * x).insert(3).insert(-x).fold(x);
  }

  static double evenly(double x, int n) {
    return n == 0 ? x : oddly(x * x / 2, n - 1);
  }

  static double oddly(double x, int n) {
    return n == 0 ? 1 : evenly(x + 1, n - 1) * x;
  }

  static double mutualRecursion(double x) {
    return evenly(x / 3, 4) + oddly(x / 3, 3);
  }

  static class Sheet implements Cloneable {
    double total;
    double[] cells;
    Sheet below;

    Sheet(double total, double... cells) {
      this.total = total;
      this.cells = cells;
      below = this;
    }

    @Override
    public Sheet clone() {
      try {
        return (Sheet) super.clone();
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }
  }

  static final class Rated extends Sheet {
    final double rate;
    private Double boxed;

    Rated(double total, double rate) {
      super(total, rate, total);
      this.rate = rate;
      boxed = total * rate;
    }

    @Override
    public Rated clone() {
      Rated copy = (Rated) super.clone();
      copy.total *= 2;
      copy.cells = cells.clone();
      return copy;
    }
  }

  static double clones(double x) {
    Sheet sheet = new Sheet(x, x * x, 3);
    Sheet shallow = sheet.clone();
    shallow.total *= shallow.total;
    shallow.cells[1] *= x; // of both
    Rated rated = new Rated(x, x / 2);
    Rated deep = rated.clone();
    deep.cells[0] *= x;
    deep.boxed = deep.boxed + 1;
    return sheet.total * shallow.total
        + sheet.cells[0] * sheet.cells[1]
        + shallow.below.total
        + rated.cells[0] * deep.cells[0]
        + rated.total * deep.total
        + rated.rate * deep.rate
        + rated.boxed * deep.boxed;
  }

  static final class Bare {
    double x = 2;

    Bare copy() {
      try {
        return (Bare) super.clone();
      } catch (CloneNotSupportedException e) {
        x *= x;
        return this;
      }
    }
  }

  static double clonesRefused(double x) {
    Bare bare = new Bare();
    bare.x = x;
    return bare.copy().x;
  }
}

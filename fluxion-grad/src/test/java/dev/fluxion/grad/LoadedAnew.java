package dev.fluxion.grad;

import java.util.ArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A program that takes derivatives of all kinds, for a class loader of its own: each is 6. */
public final class LoadedAnew implements Supplier<double[]> {
  /** The program. */
  public LoadedAnew() {}

  /** A shape. */
  public interface Shape {
    /** Its area. */
    double area(double x);
  }

  /** A square. */
  public static final class Square implements Shape {
    /** A square. */
    public Square() {}

    @Override
    public double area(double x) {
      return x * x;
    }
  }

  /** A list of the program's own. */
  public static final class OwnList extends ArrayList<Double> {
    private static final long serialVersionUID = 1;

    /** An empty list. */
    public OwnList() {}
  }

  /** A record. */
  public record Pair(double first, double second) {
    double product() {
      return first * second;
    }
  }

  static double square(double x) {
    return x * x;
  }

  static double ruled(double x) {
    return x;
  }

  static double virtual(Shape shape, double x) {
    return shape.area(x);
  }

  static double replaced(double x) {
    OwnList list = new OwnList();
    list.add(x);
    UnaryOperator<Double> square = y -> y * y;
    list.replaceAll(square);
    return list.get(0);
  }

  static double tried(double x) {
    try {
      return square(x);
    } catch (IllegalStateException e) {
      return 0;
    }
  }

  @Override
  public double[] get() {
    Shape shape = new Square();
    Grad.rule(LoadedAnew::ruled, x -> 2 * x);
    return new double[] {
      Grad.gradient((double x) -> square(x), 3),
      Grad.derivative(x -> square(x), 3),
      Grad.gradient((double x) -> ruled(x), 3),
      Grad.gradient((double x) -> virtual(shape, x), 3),
      Grad.derivative(x -> virtual(shape, x), 3),
      Grad.gradient((double x) -> replaced(x), 3),
      Grad.derivative(x -> replaced(x), 3),
      Grad.gradient((double x) -> tried(x), 3),
      Grad.gradient(p -> p.product(), new Pair(6, 3)).second(),
      3 * Grad.hessian(a -> square(a[0]), new double[] {3})[0][0],
      3 * Grad.derivative(y -> Grad.gradient((double x) -> square(x), y), 3),
      Grad.pullback((double[] a) -> new double[] {square(a[0])}, new double[] {3})
          .gradient(new double[] {1})[0],
      Fluxion.explain(x -> square(x), 3.0).toString().isEmpty() ? 0 : 6
    };
  }
}

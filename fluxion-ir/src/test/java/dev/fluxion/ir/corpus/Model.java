package dev.fluxion.ir.corpus;

import org.jspecify.annotations.Nullable;

/** Classes that the generated programs use. */
public final class Model {
  private Model() {}

  /** A mutable object with a field of every type. */
  public static class Node {
    public int i;
    public long l;
    public float f;
    public double d;
    public boolean z;
    public byte b;
    public short s;
    public char c;
    public double[] data = {1, -0.0, Double.NaN, 4};
    public @Nullable Node next;

    public Node(int i, double d) {
      this.i = i;
      this.d = d;
    }

    /** Changes the object. */
    public double shift(double by) {
      d = d * 0.5 + by;
      i++;
      return d;
    }
  }

  /** A node whose method does something else. */
  public static final class Leaf extends Node {
    public Leaf(int i, double d) {
      super(i - 1, -d);
    }

    @Override
    public double shift(double by) {
      return super.shift(by) - i;
    }
  }

  /** An immutable object. */
  public record Pair(int i, double d) implements Shape {
    @Override
    public double area(double scale) {
      return i * scale - d;
    }
  }

  /** A mutable object that stays where it is made. */
  public static final class Cell {
    public int i;
    public double d;
    public short s;

    public Cell(int i, double d) {
      this.i = i;
      this.d = i > 2 ? -d : d;
    }
  }

  /** Another one. */
  public record Square(float side) implements Shape {
    @Override
    public double area(double scale) {
      return side * side * scale;
    }

    @Override
    public int corners() {
      return 4;
    }
  }

  /** An interface with a default method. */
  public sealed interface Shape permits Pair, Square {
    double area(double scale);

    default int corners() {
      return area(1) > 0 ? 1 : 0;
    }

    static int doubled(int corners) {
      return 2 * corners;
    }
  }
}

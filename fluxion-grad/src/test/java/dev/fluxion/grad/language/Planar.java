package dev.fluxion.grad.language;

/** A point of the plane, from another package than the code that is differentiated. */
public record Planar(double x, double y) {
  /** A point that is one. */
  public Planar {
    if (x == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("infinite");
    }
  }

  /** The sum. */
  public Planar plus(Planar other) {
    return new Planar(x + other.x, y + other.y());
  }

  /** By what only this class may call. */
  public double norm() {
    return hypotenuse(this);
  }

  private static double hypotenuse(Planar p) {
    return Math.sqrt(p.x * p.x + p.y * p.y);
  }
}

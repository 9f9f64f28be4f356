package javax.geometry;

/** A class of a library whose package is named like one of the platform's. */
public class Point {
  public double x;
  public double y;

  public Point(double x, double y) {
    this.x = x;
    this.y = y;
  }

  public void turn(double angle) {
    double before = x;
    x = Math.cos(angle) * x - Math.sin(angle) * y;
    y = Math.sin(angle) * before + Math.cos(angle) * y;
  }
}

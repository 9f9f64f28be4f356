package dev.fluxion.grad.library;

/** What others see of a part. */
public class Whole extends Part {
  /** A whole with a number. */
  public Whole(double number) {
    this.number = number;
  }

  /** What holds a part. */
  public static class Holder {
    private final Part part;

    /** A holder of a part. */
    public Holder(Part part) {
      this.part = part;
    }

    /** The part's number. */
    public double number() {
      return part.number;
    }
  }
}

package pricing;

/** What the market says, by the year; the derivatives of a price in these are its Greeks. */
public record Market(double spot, double volatility, double rate, double dividend) {
  /** The growth of a price's logarithm in a time, but for chance. */
  double drift(double time) {
    return (rate - dividend - volatility * volatility / 2) * time;
  }

  double discount(double time) {
    return Math.exp(-rate * time);
  }
}

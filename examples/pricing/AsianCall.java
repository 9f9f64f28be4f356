package pricing;

/** A call on the geometric mean of the prices, one of the few means with a closed form. */
public record AsianCall(double strike) implements Payoff {
  @Override
  public double of(double[] path) {
    double logarithms = 0;
    for (double price : path) {
      logarithms += Math.log(price);
    }
    return Math.max(Math.exp(logarithms / path.length) - strike, 0);
  }
}

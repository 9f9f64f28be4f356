package pricing;

/** The right to buy for the strike. */
public record Call(double strike) implements Payoff {
  @Override
  public double of(double[] path) {
    return Math.max(path[path.length - 1] - strike, 0);
  }
}

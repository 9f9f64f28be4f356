package pricing;

/** A put on the binomial tree of Cox, Ross and Rubinstein (1979), worked backwards in one array. */
public record Lattice(double strike, int steps, boolean american) implements Pricer {
  @Override
  public double price(Market market, double maturity) {
    double dt = maturity / steps;
    double up = Math.exp(market.volatility() * Math.sqrt(dt));
    double growth = Math.exp((market.rate() - market.dividend()) * dt);
    double chance = (growth * up - 1) / (up * up - 1);
    double[] values = new double[steps + 1];
    for (int i = 0; i <= steps; i++) {
      values[i] = Math.max(exercised(market, up, 2 * i - steps), 0);
    }
    for (int step = steps - 1; step >= 0; step--) {
      for (int i = 0; i <= step; i++) {
        double held = chance * values[i + 1] + (1 - chance) * values[i];
        values[i] = market.discount(dt) * held;
        if (american) {
          values[i] = Math.max(values[i], exercised(market, up, 2 * i - step));
        }
      }
    }
    return values[0];
  }

  private double exercised(Market market, double up, int ups) {
    return strike - market.spot() * Math.pow(up, ups);
  }
}

package pricing;

/** The call on the geometric mean of equally spaced prices, after Kemna and Vorst (1990). */
public record KemnaVorst(double strike, int steps) implements Pricer {
  @Override
  public double price(Market market, double maturity) {
    // the logarithm of the mean is normal, as the sum of the logarithms is
    double mean = Math.log(market.spot()) + market.drift(maturity) * (steps + 1) / (2.0 * steps);
    double deviation =
        market.volatility()
            * Math.sqrt(maturity * (steps + 1) * (2 * steps + 1) / (6.0 * steps * steps));
    double d = (mean - Math.log(strike)) / deviation;
    double paid = Math.exp(mean + deviation * deviation / 2) * BlackScholes.normal(d + deviation);
    return market.discount(maturity) * (paid - strike * BlackScholes.normal(d));
  }
}

package pricing;

import org.hipparchus.special.Erf;

/** The closed forms of Black, Scholes and Merton (1973), with the Greeks of the textbooks. */
public record BlackScholes(double strike, boolean call) implements Pricer {
  @Override
  public double price(Market market, double maturity) {
    double sign = call ? 1 : -1;
    double deviation = market.volatility() * Math.sqrt(maturity);
    double d2 = (Math.log(market.spot() / strike) + market.drift(maturity)) / deviation;
    double paid = market.spot() * Math.exp(-market.dividend() * maturity);
    return sign
        * (paid * normal(sign * (d2 + deviation))
            - strike * market.discount(maturity) * normal(sign * d2));
  }

  static double normal(double x) {
    return Erf.erfc(-x / Math.sqrt(2)) / 2;
  }

  /** The derivatives of the price in the market and in time passed, as the textbooks print them. */
  public Greeks greeks(Market market, double maturity) {
    double sign = call ? 1 : -1;
    double deviation = market.volatility() * Math.sqrt(maturity);
    double d2 = (Math.log(market.spot() / strike) + market.drift(maturity)) / deviation;
    double d1 = d2 + deviation;
    double paid = market.spot() * Math.exp(-market.dividend() * maturity);
    double density = Math.exp(-d1 * d1 / 2) / Math.sqrt(2 * Math.PI);
    double bought = sign * paid * normal(sign * d1);
    double sold = sign * strike * market.discount(maturity) * normal(sign * d2);
    double vega = paid * density * Math.sqrt(maturity);
    double theta =
        market.dividend() * bought
            - market.rate() * sold
            - vega * market.volatility() / (2 * maturity);
    return new Greeks(
        new Market(bought / market.spot(), vega, sold * maturity, -bought * maturity), theta);
  }

  /** What the price gains as the market moves and as time passes. */
  public record Greeks(Market market, double theta) {}
}

package pricing;

/** A way to find the price of a contract. */
public interface Pricer {
  double price(Market market, double maturity);
}

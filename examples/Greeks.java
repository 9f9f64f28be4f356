// DEPS org.hipparchus:hipparchus-core:4.0.1
import module fluxion;

import pricing.*;

/** The price, and its derivatives in all that it depends on by one reverse sweep. */
static void show(String name, Pricer pricer, Market market) {
  var gradient = Grad.gradient((m, maturity) -> pricer.price(m, maturity), market, 1.0);
  print(name, pricer.price(market, 1), gradient.first(), -gradient.second());
}

static void print(String name, double price, Market greeks, double theta) {
  IO.println(
      "%-22s price %8.4f  delta %7.4f  vega %8.4f  rho %8.4f  dividend %8.4f  theta %7.4f"
          .formatted(
              name,
              price,
              greeks.spot(),
              greeks.volatility(),
              greeks.rate(),
              greeks.dividend(),
              theta));
}

static void showKnown(BlackScholes known, Market market) {
  var greeks = known.greeks(market, 1);
  print("  textbook", known.price(market, 1), greeks.market(), greeks.theta());
}

void main() {
  var market = new Market(100, 0.2, 0.05, 0.02);
  show("call by Monte Carlo", new MonteCarlo(new Call(105), 1, 200_000, 1), market);
  showKnown(new BlackScholes(105, true), market);
  show("put by lattice", new Lattice(105, 2000, false), market);
  showKnown(new BlackScholes(105, false), market);
  show("Asian by Monte Carlo", new MonteCarlo(new AsianCall(100), 12, 100_000, 1), market);
  show("  closed form", new KemnaVorst(100, 12), market);
  show("American put", new Lattice(105, 2000, true), market);
}

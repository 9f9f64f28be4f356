package pricing;

import java.util.SplittableRandom;

/** The mean of what is paid over simulated paths, each of them taken with its mirror image. */
public record MonteCarlo(Payoff payoff, int steps, int paths, long seed) implements Pricer {
  @Override
  public double price(Market market, double maturity) {
    SplittableRandom random = new SplittableRandom(seed);
    double drift = market.drift(maturity / steps);
    double deviation = market.volatility() * Math.sqrt(maturity / steps);
    double[] path = new double[steps];
    double[] mirrored = new double[steps];
    double paid = 0;
    for (int i = 0; i < paths; i++) {
      double up = Math.log(market.spot());
      double down = up;
      for (int k = 0; k < steps; k++) {
        double shock = deviation * random.nextGaussian();
        up += drift + shock;
        down += drift - shock;
        path[k] = Math.exp(up);
        mirrored[k] = Math.exp(down);
      }
      paid += (payoff.of(path) + payoff.of(mirrored)) / 2;
    }
    return market.discount(maturity) * paid / paths;
  }
}

package pricing;

/** What is paid in the end for the prices that were met on the way there. */
public interface Payoff {
  double of(double[] path);
}

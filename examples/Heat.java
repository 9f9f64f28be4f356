import module fluxion;
import module java.base;

/** The temperatures along a rod a moment later; its ends stay as cold as they are. */
static double[] step(double[] heat, double[] conductivity) {
  double[] next = heat.clone();
  for (int i = 1; i < heat.length - 1; i++) {
    next[i] += conductivity[i] * (heat[i + 1] - heat[i]);
    next[i] -= conductivity[i - 1] * (heat[i] - heat[i - 1]);
  }
  return next;
}

/** The temperatures after ten thousand steps, of which a few dozen are kept for a gradient. */
static double[] cooled(double[] heat, double[] conductivity) {
  return Fluxion.iterate(10_000, heat, now -> step(now, conductivity));
}

/** How far a rod of some conductivity is from what was measured. */
static double misfit(double[] conductivity, double[] heat, double[] measured) {
  double sum = 0;
  double[] end = cooled(heat, conductivity);
  for (int i = 0; i < end.length; i++) {
    sum += (end[i] - measured[i]) * (end[i] - measured[i]);
  }
  return sum;
}

void main() {
  double[] heat = new double[101];
  Arrays.fill(heat, 30, 71, 100);
  double[] cracked = new double[100];
  Arrays.fill(cracked, 0.25);
  cracked[62] = 0.005;
  double[] measured = cooled(heat, cracked);
  double[] guess = new double[100];
  Arrays.fill(guess, 0.25);
  double[] slope = Grad.gradient((double[] k) -> misfit(k, heat, measured), guess);
  for (int i : new int[] {10, 50, 62}) {
    double[] more = guess.clone();
    double[] less = guess.clone();
    more[i] += 1e-5;
    less[i] -= 1e-5;
    double difference = (misfit(more, heat, measured) - misfit(less, heat, measured)) / 2e-5;
    IO.println("at %2d %14.6f  by differences %14.6f".formatted(i, slope[i], difference));
  }
}

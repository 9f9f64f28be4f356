import module fluxion;

/** Points near a line, and how far they stray from it. */
record Points(double[] x, double[] y, double noise) {
  /** The logarithm of a line's posterior density, for a standard normal prior. */
  double logDensity(double[] line) {
    double sum = -(line[0] * line[0] + line[1] * line[1]) / 2;
    for (int i = 0; i < x.length; i++) {
      double miss = (y[i] - line[0] - line[1] * x[i]) / noise;
      sum -= miss * miss / 2;
    }
    return sum;
  }
}

/** Hamiltonian Monte Carlo after Neal (2011): leaps along the gradient, kept or not. */
static List<double[]> sample(
    Fn1<double[], Double> density, double[] start, int count, double leap, RandomGenerator random) {
  var samples = new ArrayList<double[]>();
  double[] at = start;
  for (int n = 0; n < count; n++) {
    double[] to = at.clone(), momentum = {random.nextGaussian(), random.nextGaussian()};
    double energy = density.apply(at) - kinetic(momentum);
    for (int step = 0; step < 10; step++) {
      push(momentum, Grad.gradient(density, to), leap / 2);
      push(to, momentum, leap);
      push(momentum, Grad.gradient(density, to), leap / 2);
    }
    boolean accepted =
        Math.log(random.nextDouble()) < density.apply(to) - kinetic(momentum) - energy;
    samples.add(at = accepted ? to : at);
  }
  return samples;
}

static double kinetic(double[] momentum) {
  return (momentum[0] * momentum[0] + momentum[1] * momentum[1]) / 2;
}

static void push(double[] what, double[] where, double by) {
  for (int i = 0; i < what.length; i++) {
    what[i] += by * where[i];
  }
}

void main() {
  var random = new SplittableRandom(1);
  double[] x = random.doubles(50, -1, 3).toArray();
  double[] y = Arrays.stream(x).map(a -> 0.5 - 0.8 * a + 0.7 * random.nextGaussian()).toArray();
  var points = new Points(x, y, 0.7);
  var samples = sample(points::logDensity, new double[2], 20_000, 0.08, random);
  double[][] h = Grad.hessian(points::logDensity, new double[2]);
  double[] g = Grad.gradient(points::logDensity, new double[2]);
  double det = h[0][0] * h[1][1] - h[0][1] * h[1][0];
  for (int i = 0; i < 2; i++) {
    int k = i;
    var statistics = samples.stream().skip(500).mapToDouble(s -> s[k]).toArray();
    double mean = Arrays.stream(statistics).average().orElseThrow();
    double deviation =
        Math.sqrt(
            Arrays.stream(statistics).map(s -> (s - mean) * (s - mean)).average().orElseThrow());
    // the posterior is normal: its mode is one step of Newton's away, its covariance is -h inverted
    double mode = -(h[1 - i][1 - i] * g[i] - h[0][1] * g[1 - i]) / det;
    IO.println(
        "%s: mean %.4f, closed form %.4f; deviation %.4f, closed form %.4f"
            .formatted(
                i == 0 ? "intercept" : "slope",
                mean,
                mode,
                deviation,
                Math.sqrt(-h[1 - i][1 - i] / det)));
  }
}

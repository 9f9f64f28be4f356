import module fluxion;

/** The distance flown with air drag, for an angle and a speed, until the ground is reached. */
static double range(double angle, double speed) {
  double x = 0, y = 0, vx = speed * Math.cos(angle), vy = speed * Math.sin(angle);
  double dt = 0.002, drag = 0.01;
  while (true) {
    double v = Math.sqrt(vx * vx + vy * vy);
    double nextY = y + vy * dt;
    if (nextY < 0) {
      return x + vx * dt * y / (y - nextY); // where the last step meets the ground
    }
    x += vx * dt;
    y = nextY;
    vx -= drag * v * vx * dt;
    vy -= (9.81 + drag * v * vy) * dt;
  }
}

static double loss(double[] aim, double target) {
  double miss = range(aim[0], aim[1]) - target;
  return miss * miss;
}

void main() {
  double target = 40;
  double[] aim = {0.6, 20};
  for (int step = 0; step < 100; step++) {
    double[] g = Grad.gradient(a -> loss(a, target), aim);
    aim[0] -= 2e-4 * g[0];
    aim[1] -= 0.02 * g[1];
  }
  IO.println("angle %.4f rad, speed %.4f m/s".formatted(aim[0], aim[1]));
  IO.println("lands at %.6f m of %.0f m".formatted(range(aim[0], aim[1]), target));
}

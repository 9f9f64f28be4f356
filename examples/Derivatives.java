import module fluxion;

/** A loop: x to the power n, whose derivative is n times x to the power n - 1. */
static double power(double x, int n) {
  double r = 1;
  for (int i = 0; i < n; i++) {
    r *= x;
  }
  return r;
}

/** Newton's iteration for the square root: the derivative is 1 / (2 sqrt(a)). */
static double root(double a) {
  double x = a;
  while (Math.abs(x * x - a) > 1e-14) {
    x = (x + a / x) / 2;
  }
  return x;
}

/** Recursion: 1 + x (1 + x (1 + …)), the geometric sum. */
static double geometric(double x, int n) {
  return n == 0 ? 1 : 1 + x * geometric(x, n - 1);
}

void show(String name, double gradient, double closedForm) {
  IO.println("%-10s %.12f  closed form %.12f".formatted(name, gradient, closedForm));
}

void main() {
  double x = 0.7;
  show("power", Grad.gradient(a -> power(a, 5), x), 5 * Math.pow(x, 4));
  show("root", Grad.gradient(a -> root(a), x), 1 / (2 * Math.sqrt(x)));
  show("geometric", Grad.gradient(a -> geometric(a, 3), x), 1 + 2 * x + 3 * x * x);
  show("branch", Grad.gradient(a -> a > 1 ? a * a : Math.sin(a), x), Math.cos(x));
}

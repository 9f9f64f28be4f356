// DEPS org.hipparchus:hipparchus-ode:4.0.1
import module fluxion;
import module java.base;

import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince853Integrator;

/** Prey and predators, after Lotka and Volterra; and what a change of them and the rates does. */
record Island(double birth, double hunt, double death, double growth) {
  void move(double[] state, double[] change) {
    change[0] = (birth - hunt * state[1]) * state[0];
    change[1] = (growth * state[0] - death) * state[1];
  }

  /** The same, with the derivatives of both in the six numbers they start with, by hand. */
  void moveAll(double[] s, double[] change) {
    move(s, change);
    for (int k = 0; k < 6; k++) {
      int i = 2 + 2 * k;
      change[i] = (birth - hunt * s[1]) * s[i] - hunt * s[0] * s[i + 1];
      change[i + 1] = growth * s[1] * s[i] + (growth * s[0] - death) * s[i + 1];
    }
    change[6] += s[0];
    change[8] -= s[0] * s[1];
    change[11] -= s[1];
    change[13] += s[0] * s[1];
  }
}

/** Where a state is led in ten years, by steps as long as the error allows. */
static double[] end(BiConsumer<double[], double[]> equations, double[] start) {
  var integrator = new DormandPrince853Integrator(1e-8, 1, 1e-11, 1e-11);
  var system =
      new OrdinaryDifferentialEquation() {
        @Override
        public int getDimension() {
          return start.length;
        }

        @Override
        public double[] computeDerivatives(double time, double[] state) {
          double[] change = new double[state.length];
          equations.accept(state, change);
          return change;
        }
      };
  return integrator.integrate(system, new ODEState(0, start), 10).getPrimaryState();
}

void main() {
  var island = new Island(1.1, 0.4, 0.4, 0.1);
  double[] start = {10, 5};
  var gradient = Grad.gradient((s, i) -> end(i::move, s)[0], start, island);
  double[] all = Arrays.copyOf(start, 14);
  all[2] = all[5] = 1;
  double[] byHand = end(island::moveAll, all);
  Island g = gradient.second();
  double[] ours = {
    gradient.first()[0], gradient.first()[1], g.birth(), g.hunt(), g.death(), g.growth()
  };
  for (int k = 0; k < 6; k++) {
    IO.println(
        "%-9s %14.9f  variational equations %14.9f"
            .formatted(
                List.of("prey", "predators", "birth", "hunt", "death", "growth").get(k),
                ours[k],
                byHand[2 + 2 * k]));
  }
}

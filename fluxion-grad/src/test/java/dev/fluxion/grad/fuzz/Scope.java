package dev.fluxion.grad.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The variables that a statement sees. */
final class Scope {
  /**
   * A variable.
   *
   * @param fixed whether it is never assigned again, so that lambdas may capture it
   */
  record Variable(Type type, String name, boolean fixed) {}

  private final List<Variable> variables;
  private final RandomGenerator random;

  Scope(RandomGenerator random) {
    this(random, List.of());
  }

  private Scope(RandomGenerator random, List<Variable> variables) {
    this.random = random;
    this.variables = new ArrayList<>(variables);
  }

  /** A scope inside this one. */
  Scope inner() {
    return new Scope(random, variables);
  }

  /** What the body of a lambda sees. */
  Scope captured() {
    return new Scope(random, variables.stream().filter(Variable::fixed).toList());
  }

  void declare(Type type, String name, boolean fixed) {
    variables.add(new Variable(type, name, fixed));
  }

  /** The name of some variable of a type, more often a late one, or null. */
  @Nullable String any(Type type) {
    return pick(variables.stream().filter(v -> v.type == type).toList());
  }

  /** The name of some variable of a type that may be assigned, or null. */
  @Nullable String assignable(Type type) {
    return pick(variables.stream().filter(v -> v.type == type && !v.fixed).toList());
  }

  private @Nullable String pick(List<Variable> among) {
    if (among.isEmpty()) {
      return null;
    }
    int size = among.size();
    return among.get(Math.max(random.nextInt(size), random.nextInt(size))).name;
  }

  List<Variable> all() {
    return List.copyOf(variables);
  }
}

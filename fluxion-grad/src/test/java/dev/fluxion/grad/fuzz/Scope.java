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
  record Variable(Kind kind, String name, boolean fixed) {}

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

  /** This scope with one more variable. */
  Scope declare(Kind kind, String name, boolean fixed) {
    variables.add(new Variable(kind, name, fixed));
    return this;
  }

  /** The name of some variable of a kind, more often a late one, or null. */
  @Nullable String any(Kind kind) {
    Variable found = pick(variables.stream().filter(v -> v.kind == kind).toList());
    return found == null ? null : found.name;
  }

  /** The name of some variable of a kind that may be assigned, or null. */
  @Nullable String assignable(Kind kind) {
    Variable found = pick(variables.stream().filter(v -> v.kind == kind && !v.fixed).toList());
    return found == null ? null : found.name;
  }

  /** Some variable. */
  @Nullable Variable any() {
    return pick(variables);
  }

  boolean isAssignable(String name) {
    return variables.stream().anyMatch(v -> v.name.equals(name) && !v.fixed);
  }

  private @Nullable Variable pick(List<Variable> among) {
    if (among.isEmpty()) {
      return null;
    }
    int size = among.size();
    return among.get(Math.max(random.nextInt(size), random.nextInt(size)));
  }

  List<Variable> all() {
    return List.copyOf(variables);
  }
}

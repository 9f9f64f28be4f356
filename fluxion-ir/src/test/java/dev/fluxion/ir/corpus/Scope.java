package dev.fluxion.ir.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a piece of a generated method can name: variables, and methods of its class. */
final class Scope {
  /** What may be done with a variable beside reading it. */
  enum Use {
    ASSIGN,
    CAPTURE,
    NEITHER
  }

  /** A variable. */
  record Variable(String name, Type type, Use use) {}

  /** A method. */
  record Method(String name, boolean isStatic, Type result, List<Type> parameters) {}

  final Random random;
  final List<Method> methods;
  final boolean isStatic;
  final List<Variable> variables = new ArrayList<>();
  final List<String> loops = new ArrayList<>();
  Type result = Type.INT;
  boolean inLambda;
  private int names;

  Scope(Random random, List<Method> methods, boolean isStatic) {
    this.random = random;
    this.methods = methods;
    this.isStatic = isStatic;
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  Type pick(Type[] types) {
    return types[random.nextInt(types.length)];
  }

  String name(String prefix) {
    return prefix + names++;
  }

  void declare(String name, Type type, Use use) {
    variables.add(new Variable(name, type, use));
  }

  /** A variable of a type in reach, or null. */
  @Nullable String variable(Type type, boolean toAssign) {
    List<String> found = new ArrayList<>();
    for (Variable variable : variables) {
      boolean fits =
          toAssign
              ? variable.use == Use.ASSIGN && !inLambda
              : variable.use == Use.CAPTURE || !inLambda;
      if (variable.type == type && fits) {
        found.add(variable.name);
      }
    }
    return found.isEmpty() ? null : found.get(below(found.size()));
  }
}

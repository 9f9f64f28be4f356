package dev.fluxion.ir.lift;

import dev.fluxion.ir.Value;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.instruction.LocalVariable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the source calls local variables, if the class file tells ({@code javac -g}). */
final class LocalNames {
  private record Scope(int start, int end, String name) {}

  private final List<CodeElement> elements;
  private final Map<Integer, List<Scope>> scopes = new HashMap<>();

  LocalNames(ControlFlow flow) {
    this.elements = flow.elements;
    for (CodeElement element : elements) {
      if (element instanceof LocalVariable variable) {
        scopes
            .computeIfAbsent(variable.slot(), _ -> new ArrayList<>())
            .add(
                new Scope(
                    flow.position(variable.startScope()),
                    flow.position(variable.endScope()),
                    variable.name().stringValue()));
      }
    }
  }

  /** The name of the variable in a slot before the element at an index; null if unknown. */
  @Nullable String at(int slot, int index) {
    List<Scope> known = scopes.get(slot);
    if (known == null) {
      return null;
    }
    int next = index;
    while (next < elements.size() && !(elements.get(next) instanceof Instruction)) {
      next++;
    }
    for (Scope scope : known) {
      if (scope.start <= next && next < scope.end) {
        return scope.name;
      }
    }
    return null;
  }

  /** Names what is stored into a slot by the element at an index: the scope starts behind it. */
  Value stored(Value value, int slot, int index) {
    return value.named(at(slot, index + 1));
  }
}

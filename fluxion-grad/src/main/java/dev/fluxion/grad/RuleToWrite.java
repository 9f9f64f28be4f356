package dev.fluxion.grad;

import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The line of code that gives a method a rule, for an error to say. */
final class RuleToWrite {
  private static final List<String> NUMBERS = List.of("x", "(a, b)", "(a, b, c)");
  private static final List<String> ANYTHING = List.of("(x, y, dy)", "(a, b, y, dy)");

  private RuleToWrite() {}

  /** What to do about a call that has no rule. */
  static String of(Op op, Types types) {
    if (!(op instanceof Op.Call call) || !mayHaveRule(call.method(), types)) {
      return "give the method around it one with Grad.rule";
    }
    MethodRef method = call.method();
    int count = method.argumentTypes().size();
    boolean isOfNumbers = method.argumentTypes().stream().allMatch(ClassDesc::isPrimitive);
    List<String> forms = isOfNumbers ? NUMBERS : ANYTHING;
    List<String> parts = new ArrayList<>();
    parts.add(method.owner().displayName().replace('$', '.') + "::" + method.name());
    parts.addAll(
        count <= forms.size()
            ? Collections.nCopies(count, forms.get(count - 1) + " -> …")
            : List.of("…"));
    return "give it one with Grad.rule(" + String.join(", ", parts) + ")";
  }

  /** Whether all that a rule would go through has a derivative of its own. */
  private static boolean mayHaveRule(MethodRef method, Types types) {
    return !method.argumentTypes().isEmpty()
        && !method.owner().packageName().equals("java.lang.invoke") // the same for all handles
        && isCovered(method.type().returnType(), types)
        && method.argumentTypes().stream().allMatch(type -> isCovered(type, types));
  }

  private static boolean isCovered(ClassDesc type, Types types) {
    String descriptor = type.descriptorString();
    return descriptor.equals("V")
        || descriptor.equals("[D")
        || descriptor.equals("[F")
        || !types.isShadowed(type);
  }
}

package dev.fluxion.ir.structure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out jumps to where control comes anyway, and then labels that nothing jumps to.
 *
 * <p>It takes statements as {@link Structuring} writes them: all end with a jump, and what follows
 * a conditional is what its empty side leads to.
 */
final class Tidy {
  private final Map<Structured.Jump, Structured.Jump> same = new HashMap<>();
  private final Set<Structured.Jump> kept = new HashSet<>();

  /** The jumps that lead to where a list of statements ends. */
  private record End(Structured.Jump jump, @Nullable End other) {
    static boolean contains(@Nullable End end, Structured.Jump jump) {
      for (End at = end; at != null; at = at.other) {
        if (at.jump.equals(jump)) {
          return true;
        }
      }
      return false;
    }
  }

  /** Statements, and whether control reaches their end. */
  private record Part(List<Structured> code, boolean completes) {}

  private Tidy() {}

  static List<Structured> apply(List<Structured> code) {
    return new Tidy().tidy(code, null).code;
  }

  private Part tidy(List<Structured> code, @Nullable End end) {
    List<Structured> out = new ArrayList<>();
    boolean completes = true;
    for (int i = 0; i < code.size(); i++) {
      boolean isLast = i == code.size() - 1;
      End after = isLast ? end : null;
      switch (code.get(i)) {
        case Structured.Jump jump -> {
          Structured.Jump target = jump;
          while (same.containsKey(target)) {
            target = same.get(target);
          }
          completes = End.contains(end, target);
          if (!completes) {
            kept.add(target);
            out.add(target);
          }
        }
        case Structured.If choice -> {
          boolean isThen = choice.otherwise().isEmpty();
          Part nested = tidy(isThen ? choice.then() : choice.otherwise(), end);
          if (!nested.completes) {
            out.add(choice(choice, isThen, nested.code, List.of()));
            continue;
          }
          Part rest = tidy(code.subList(i + 1, code.size()), end);
          if (!nested.code.isEmpty() || !rest.code.isEmpty()) {
            out.add(choice(choice, isThen, nested.code, rest.code));
          }
          return new Part(List.copyOf(out), true);
        }
        case Structured.Labelled labelled -> {
          if (i + 2 == code.size()
              && code.getLast() instanceof Structured.Jump jump
              && (jump instanceof Structured.Break || jump instanceof Structured.Continue)) {
            same.put(new Structured.Break(labelled.label()), jump); // may go there at once
            Part inside = tidy(labelled.body(), end);
            out.addAll(inside.code);
            return new Part(List.copyOf(out), inside.completes);
          }
          completes = add(labelled, isLast, end, out);
        }
        case Structured.Loop loop -> {
          out.add(tidy(loop));
          completes = kept.contains(new Structured.Break(loop.label()));
        }
        case Structured.Try attempt -> {
          Part body = tidy(attempt.body(), after);
          completes = body.completes;
          List<Structured.Catch> catches = new ArrayList<>();
          for (Structured.Catch handler : attempt.catches()) {
            Part part = tidy(handler.body(), after);
            completes |= part.completes;
            catches.add(new Structured.Catch(handler.types(), handler.exception(), part.code));
          }
          out.add(new Structured.Try(body.code, catches));
        }
        case Structured.Switch choice -> {
          Part otherwise = tidy(choice.otherwise(), after);
          completes = otherwise.completes;
          List<Structured.Case> cases = new ArrayList<>();
          for (Structured.Case one : choice.cases()) {
            Part part = tidy(one.body(), after);
            completes |= part.completes;
            cases.add(new Structured.Case(one.labels(), part.code));
          }
          out.add(new Structured.Switch(choice.key(), cases, otherwise.code, choice.location()));
        }
        case Structured.Operations operations -> out.add(operations);
        case Structured.Assignment assignment -> out.add(assignment);
      }
    }
    return new Part(List.copyOf(out), completes);
  }

  private static Structured choice(
      Structured.If choice, boolean isThen, List<Structured> nested, List<Structured> other) {
    return new Structured.If(
        choice.condition(), isThen ? nested : other, isThen ? other : nested, choice.location());
  }

  private Structured.Loop tidy(Structured.Loop loop) {
    Part body = tidy(loop.body(), new End(new Structured.Continue(loop.label()), null));
    return new Structured.Loop(loop.label(), body.code);
  }

  /** Adds a labelled statement, or what it holds; says whether control reaches its end. */
  private boolean add(
      Structured.Labelled labelled, boolean isLast, @Nullable End end, List<Structured> out) {
    Structured.Break left = new Structured.Break(labelled.label());
    if (labelled.body().size() == 1 && labelled.body().getFirst() instanceof Structured.Loop loop) {
      same.put(left, new Structured.Break(loop.label()));
      out.add(tidy(loop));
      return kept.contains(new Structured.Break(loop.label()));
    }
    Part body = tidy(labelled.body(), new End(left, isLast ? end : null));
    if (kept.contains(left)) {
      out.add(new Structured.Labelled(labelled.label(), body.code));
      return true;
    }
    out.addAll(body.code);
    return body.completes;
  }
}

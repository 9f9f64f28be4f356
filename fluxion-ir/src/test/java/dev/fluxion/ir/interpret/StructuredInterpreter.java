package dev.fluxion.ir.interpret;

import dev.fluxion.ir.Function;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.structure.Structured;
import dev.fluxion.ir.structure.Structuring;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Executes functions in their structured form, in one thread: monitors are not entered. Operations
 * do what the {@link Interpreter} says.
 */
public final class StructuredInterpreter {
  private static final Structured END = new Structured.Operations(List.of());

  private final Interpreter interpreter = new Interpreter();

  /** An interpreter that has linked nothing yet. */
  public StructuredInterpreter() {}

  /** Calls a function with boxed arguments, as the interpreter does. */
  public @Nullable Object call(Function function, @Nullable Object... arguments) throws Throwable {
    MethodTypeDesc type = function.type();
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      values.add(Numbers.fromJava(arguments[i], type.parameterType(i)));
    }
    var structured = Structuring.of(function.body());
    Interpreter.Frame frame = interpreter.frame(function);
    frame.define(structured.body().parameters(), values);
    Structured end = run(frame, structured.code());
    if (!(end instanceof Structured.Return returned)) {
      throw new IllegalStateException("the end of the method was reached by " + end);
    }
    Value result = returned.value();
    return Numbers.toJava(result == null ? null : frame.get(result), type.returnType());
  }

  /** The jump by which statements end, or the mark of their end. */
  private Structured run(Interpreter.Frame frame, List<Structured> code) throws Throwable {
    for (Structured part : code) {
      Structured end = run(frame, part);
      if (end != END) {
        return end;
      }
    }
    return END;
  }

  private Structured run(Interpreter.Frame frame, Structured part) throws Throwable {
    switch (part) {
      case Structured.Operations operations -> {
        for (Op op : operations.operations()) {
          if (op instanceof Op.Monitor monitor) {
            Objects.requireNonNull(frame.get(monitor.object()));
            continue;
          }
          Object result = interpreter.execute(frame, op);
          if (op.result() != null) {
            frame.values.put(op.result(), result);
          }
        }
        return END;
      }
      case Structured.Assignment assignment -> {
        frame.define(assignment.targets(), frame.get(assignment.sources()));
        return END;
      }
      case Structured.Labelled labelled -> {
        Structured end = run(frame, labelled.body());
        return end.equals(new Structured.Break(labelled.label())) ? END : end;
      }
      case Structured.Loop loop -> {
        Structured end;
        do {
          end = run(frame, loop.body());
        } while (end == END || end.equals(new Structured.Continue(loop.label())));
        return end.equals(new Structured.Break(loop.label())) ? END : end;
      }
      case Structured.If choice -> {
        return run(
            frame, frame.integer(choice.condition()) != 0 ? choice.then() : choice.otherwise());
      }
      case Structured.Switch choice -> {
        int key = frame.integer(choice.key());
        for (Structured.Case one : choice.cases()) {
          if (one.labels().contains(key)) {
            return run(frame, one.body());
          }
        }
        return run(frame, choice.otherwise());
      }
      case Structured.Try attempt -> {
        try {
          return run(frame, attempt.body());
        } catch (Throwable e) {
          for (Structured.Catch handler : attempt.catches()) {
            if (isCaught(frame, handler, e)) {
              frame.values.put(handler.exception(), e);
              return run(frame, handler.body());
            }
          }
          throw e;
        }
      }
      case Structured.Throw thrown ->
          throw Objects.requireNonNull((Throwable) frame.get(thrown.exception()));
      case Structured.Jump jump -> {
        return jump;
      }
    }
  }

  private static boolean isCaught(
      Interpreter.Frame frame, Structured.Catch handler, Throwable exception) {
    return handler.types().isEmpty()
        || handler.types().stream().anyMatch(type -> frame.host.type(type).isInstance(exception));
  }
}

package dev.fluxion.ir.corpus;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.emit.Compiler;
import dev.fluxion.ir.interpret.Interpreter;
import dev.fluxion.ir.interpret.StructuredInterpreter;
import dev.fluxion.ir.lift.Lifter;
import dev.fluxion.ir.pass.Inline;
import dev.fluxion.ir.pass.LoopInvariants;
import dev.fluxion.ir.pass.Outline;
import dev.fluxion.ir.pass.ScalarReplacement;
import dev.fluxion.ir.pass.Simplify;
import dev.fluxion.ir.pass.ValueNumbering;
import dev.fluxion.ir.text.Parser;
import dev.fluxion.ir.text.Printer;
import dev.fluxion.ir.verify.Verifier;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A generated class and the ways in which its methods can be executed. */
final class Subject {
  private static final int FUEL = 120;
  private static final int INLINED = 6;

  private final Class<?> type;
  private final @Nullable UnaryOperator<Body> pass;
  private final Map<String, Function> lifted = new HashMap<>();
  private final Map<String, Function> applied = new HashMap<>();

  /** Something that gives a method's result. */
  @FunctionalInterface
  private interface Way {
    @Nullable Object call(List<@Nullable Object> arguments) throws Throwable;
  }

  /**
   * A class of which all forms are compared, or only what one pass makes of its methods.
   *
   * @param pass the pass, or null for all forms
   */
  Subject(Class<?> type, @Nullable UnaryOperator<Body> pass) {
    this.type = type;
    this.pass = pass;
    for (Method method : type.getDeclaredMethods()) {
      if (!method.isSynthetic()) {
        MethodTypeDesc declared = declaredType(method);
        MethodTypeDesc all =
            Modifier.isStatic(method.getModifiers())
                ? declared
                : declared.insertParameterTypes(0, ClassDesc.ofDescriptor(type.descriptorString()));
        lifted.put(
            method.getName(),
            new Function(
                method.getName(), all, type, () -> Lifter.lift(type, method.getName(), declared)));
      }
    }
  }

  private static MethodTypeDesc declaredType(Method method) {
    return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
        .describeConstable()
        .orElseThrow();
  }

  /** The generated methods, by name. */
  List<String> methods() {
    List<String> names = new ArrayList<>(lifted.keySet());
    names.sort(null);
    return names;
  }

  /** What differs from the original when a method is executed so often, or null. */
  @Nullable String difference(String name, long seed, int calls) {
    Method method = method(name);
    Function plain = Objects.requireNonNull(lifted.get(name));
    String unstable = pass == null ? unstableText(plain) : null;
    if (unstable != null) {
      return unstable;
    }
    Map<String, Way> ways = pass == null ? ways(plain) : Map.of("passed", passed(plain, pass));
    for (int call = 0; call < calls; call++) {
      long argumentSeed = seed * 31 + call;
      String expected = outcome(original(method), method, argumentSeed);
      for (Map.Entry<String, Way> way : ways.entrySet()) {
        String actual = outcome(way.getValue(), method, argumentSeed);
        if (!actual.equals(expected)) {
          return way.getKey() + " " + name + " gives\n  " + actual + "\nand not\n  " + expected;
        }
      }
    }
    return null;
  }

  private static Way passed(Function function, UnaryOperator<Body> pass) {
    return emitted(derived(function, body -> pass.apply(Simplify.simplify(body))));
  }

  private Map<String, Way> ways(Function plain) {
    Map<String, Way> ways = new LinkedHashMap<>();
    ways.put("lifted", emitted(plain));
    ways.put("interpreted", interpreted(plain));
    ways.put("structured", structured(plain));
    ways.put("simplified and structured", structured(derived(plain, Simplify::simplify)));
    ways.put("applied", emitted(applied(plain)));
    ways.put("applied and interpreted", interpreted(applied(plain)));
    ways.put("simplified", emitted(derived(plain, Simplify::simplify)));
    ways.put(
        "simplified, parsed and interpreted",
        interpreted(derived(plain, body -> parse(Printer.print(Simplify.simplify(body))))));
    ways.put("numbered", interpreted(derived(plain, Subject::numbered)));
    ways.put("hoisted", interpreted(derived(plain, LoopInvariants::hoist)));
    ways.put("inlined", emitted(derived(plain, body -> Simplify.simplify(inlined(body)))));
    ways.put(
        "inlined, numbered and hoisted",
        emitted(
            derived(
                plain, body -> LoopInvariants.hoist(numbered(Simplify.simplify(inlined(body)))))));
    ways.put("without objects", emitted(derived(plain, this::withoutObjects)));
    ways.put(
        "without objects, interpreted",
        interpreted(derived(plain, body -> Simplify.simplify(withoutObjects(body)))));
    for (int limit : List.of(20, 100)) {
      Function pieces = derived(plain, body -> inPieces(body, limit));
      ways.put("in pieces of " + limit, emitted(pieces));
      ways.put("in pieces of " + limit + ", interpreted", interpreted(pieces));
    }
    return ways;
  }

  private Body inPieces(Body body, int limit) {
    Outline outline = Outline.apply(Simplify.simplify(body), type, _ -> 5, limit);
    outline.pieces().forEach(piece -> Verifier.verify(piece.body()));
    return outline.body();
  }

  /** Says which form of a method does not print as what its text is parsed to, or null. */
  private @Nullable String unstableText(Function plain) {
    for (Function function : List.of(plain, applied(plain), derived(plain, Simplify::simplify))) {
      String text = Printer.print(Verifier.verify(function.body()));
      String again = Printer.print(parse(text));
      if (!again.equals(text)) {
        return function.name() + " is printed as\n" + text + "\nand then as\n" + again;
      }
    }
    return null;
  }

  private Method method(String name) {
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals(name)) {
        method.setAccessible(true);
        return method;
      }
    }
    throw new IllegalArgumentException("no method " + name);
  }

  private static Way original(Method method) {
    boolean isStatic = Modifier.isStatic(method.getModifiers());
    return arguments -> {
      try {
        return isStatic
            ? method.invoke(null, arguments.toArray())
            : method.invoke(arguments.get(0), arguments.subList(1, arguments.size()).toArray());
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    };
  }

  private static Way emitted(Function function) {
    return arguments -> {
      MethodHandle handle;
      try {
        handle = function.handle(Compiler.INSTANCE);
      } catch (RuntimeException e) {
        throw new LinkageError(e + ", " + e.getCause(), e);
      }
      return handle.invokeWithArguments(arguments.toArray());
    };
  }

  private static Way interpreted(Function function) {
    return arguments -> new Interpreter().call(function, arguments.toArray());
  }

  private static Way structured(Function function) {
    return arguments -> new StructuredInterpreter().call(function, arguments.toArray());
  }

  private Body parse(String text) {
    return Parser.parse(text, (name, _) -> applied.get(name));
  }

  private static Function derived(Function function, UnaryOperator<Body> transform) {
    return new Function(
        function.name(), function.type(), function.host(), () -> transform.apply(function.body()));
  }

  /** The function that a call of a method of the same class calls, or null. */
  private @Nullable Function callee(Op op) {
    boolean own =
        op instanceof Op.Call call
            && call.method().dispatch() != MethodRef.Dispatch.SPECIAL
            && call.method().owner().descriptorString().equals(type.descriptorString());
    return own ? lifted.get(((Op.Call) op).method().name()) : null;
  }

  /** Calls of the class's methods become applications of functions, which are so changed too. */
  private Body withApplications(Body body) {
    return body.transform(
        (copy, op) -> {
          Function callee = callee(op);
          if (callee == null) {
            copy.keep(op);
            return;
          }
          Value result = copy.block().apply(applied(callee), op.operands());
          if (result != null && op.result() != null) {
            copy.map(op.result(), result);
          }
        });
  }

  private Function applied(Function function) {
    return applied.computeIfAbsent(function.name(), _ -> derived(function, this::withApplications));
  }

  /** The generated classes have no volatile fields. */
  private static Body numbered(Body body) {
    return ValueNumbering.apply(body, _ -> true);
  }

  private Body inlined(Body body) {
    int[] left = {INLINED};
    return Inline.apply(
        body,
        op -> {
          Function callee = callee(op);
          return callee == null || left[0]-- <= 0 ? null : callee.body();
        });
  }

  /** With the methods of records inlined, so that few of these are seen as objects. */
  private Body withoutObjects(Body body) {
    Body now = Simplify.simplify(body);
    for (int round = 0; round < 2; round++) {
      now =
          Simplify.simplify(
              Inline.apply(
                  now, op -> op instanceof Op.Call call ? memberOfRecord(call.method()) : null));
    }
    return ScalarReplacement.apply(now, this::constructor);
  }

  private @Nullable Body memberOfRecord(MethodRef method) {
    for (Class<?> member : type.getDeclaredClasses()) {
      if (member.isRecord() && isOf(method, member)) {
        return Lifter.lift(member, method.name(), method.type());
      }
    }
    return null;
  }

  /** The code of a constructor of a class whose initialisation does nothing. */
  private @Nullable Body constructor(MethodRef method) {
    return isOf(method, Model.Cell.class)
        ? Lifter.lift(Model.Cell.class, method.name(), method.type())
        : memberOfRecord(method);
  }

  private static boolean isOf(MethodRef method, Class<?> owner) {
    return method.owner().descriptorString().equals(owner.descriptorString());
  }

  private String outcome(Way way, Method method, long seed) {
    Random random = new Random(seed);
    List<@Nullable Object> arguments = new ArrayList<>();
    try {
      if (!Modifier.isStatic(method.getModifiers())) {
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        arguments.add(constructor.newInstance());
      }
      for (Class<?> parameter : method.getParameterTypes()) {
        arguments.add(Arguments.of(parameter, random, arguments));
      }
      set("fuel", FUEL);
      set("count", 1);
      set("total", 0.25);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    StringBuilder text = new StringBuilder();
    try {
      Digest.write(way.call(arguments), text);
    } catch (LinkageError e) {
      text.append(e);
    } catch (Throwable e) {
      text.append(e.getClass().getName());
    }
    for (Object argument : arguments) {
      text.append(' ');
      Digest.write(argument, text);
    }
    for (String field : new String[] {"fuel", "count", "total"}) {
      text.append(' ').append(field).append('=');
      Digest.write(get(field), text);
    }
    return text.toString();
  }

  private void set(String field, Object value) throws ReflectiveOperationException {
    Field found = type.getDeclaredField(field);
    found.setAccessible(true);
    found.set(null, value);
  }

  private @Nullable Object get(String field) {
    try {
      Field found = type.getDeclaredField(field);
      found.setAccessible(true);
      return found.get(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.fluxion.grad;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.DeclaredField;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Guesses which methods a call may choose by the receiver's class: those of objects in sight, or
 * that the code makes, and others when there are static fields in sight that they might use.
 */
final class Receivers {
  /** The classes of a source file's top-level class, or none if they have no static state. */
  private static final ClassValue<List<Class<?>>> STATEFUL =
      new ClassValue<>() {
        @Override
        protected List<Class<?>> computeValue(Class<?> host) {
          List<Class<?>> members = members(host);
          return members.stream().anyMatch(Receivers::hasState) ? members : List.of();
        }
      };

  private Receivers() {}

  private static List<Class<?>> members(Class<?> host) {
    try {
      return List.of(host.getNestMembers());
    } catch (LinkageError e) {
      return List.of();
    }
  }

  private static boolean hasState(Class<?> type) {
    for (DeclaredField field : DeclaredField.of(type)) {
      boolean isConstant = field.isFinal() && Carriers.isValue(field.type());
      if (field.isStatic()
          && !field.isSynthetic()
          && !isConstant
          && Carriers.mayCarry(field.type())) {
        return true;
      }
    }
    return false;
  }

  /** The code of a lambda, or null when there is none to look into. */
  static @Nullable Function function(Op.Lambda lambda, Types types) {
    MethodRef implementation = LambdaCalls.implementation(lambda);
    return implementation == null
        ? null
        : function(Methods.find(implementation, types, lambda.location()));
  }

  /** The methods in sight, or of objects that the code makes, that a call may choose. */
  static List<Function> functions(Op call, MethodRef method, Summaries summaries, Types types) {
    Class<?> owner = types.resolve(method.owner(), call.location());
    Sight sight = summaries.sight();
    if (sight == null
        || owner.isArray()
        || (Carriers.isPlatform(owner) && Callback.of(owner) == null)) {
      return List.of();
    }
    Set<Class<?>> classes = new LinkedHashSet<>(STATEFUL.get(types.host().getNestHost()));
    classes.addAll(STATEFUL.get(owner.getNestHost()));
    if (!classes.isEmpty()) {
      classes.add(owner);
    }
    classes.addAll(sight.classes());
    classes.addAll(summaries.created().receivers(call, owner));
    Set<Function> functions = new LinkedHashSet<>();
    for (Class<?> type : classes) {
      if (owner.isAssignableFrom(type)) {
        Function function = function(Methods.find(type, method.name(), method.type()));
        if (function != null) {
          functions.add(function);
        }
      }
    }
    return new ArrayList<>(functions);
  }

  private static @Nullable Function function(@Nullable Declared method) {
    return method == null
            || Carriers.isPlatform(method.owner())
            || Carriers.isValue(method.owner())
            || Methods.has(method, AccessFlag.ABSTRACT)
            || Methods.has(method, AccessFlag.NATIVE)
            || Rules.find(method) != null
        ? null
        : Methods.function(method);
  }
}

package dev.fluxion.grad.runtime;

import dev.fluxion.grad.GradientException;
import dev.fluxion.grad.Primitive;
import dev.fluxion.ir.lift.ClassFiles;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Collections that users write, in the hands of the platform's code: what that gets out of them is
 * known again or refused, but what it puts in, by their own methods, would be lost.
 */
public final class OwnCollections {
  /** Methods of the platform that change collections by these methods of theirs, or let others. */
  private static final Set<String> CHANGING =
      Set.of(
          "add",
          "addAll",
          "addFirst",
          "addLast",
          "asLifoQueue",
          "checkedCollection",
          "checkedList",
          "checkedMap",
          "checkedQueue",
          "checkedSet",
          "clear",
          "compute",
          "computeIfAbsent",
          "computeIfPresent",
          "copy",
          "fill",
          "listIterator",
          "merge",
          "newSetFromMap",
          "put",
          "putAll",
          "putIfAbsent",
          "remove",
          "removeAll",
          "removeFirst",
          "removeIf",
          "removeLast",
          "removeRange",
          "replace",
          "replaceAll",
          "retainAll",
          "reverse",
          "reversed",
          "rotate",
          "shuffle",
          "sort",
          "subList",
          "swap",
          "synchronizedCollection",
          "synchronizedList",
          "synchronizedMap",
          "synchronizedSet");

  private static final Set<String> CHANGED_BY =
      Set.of("add", "addFirst", "addLast", "put", "remove", "removeFirst", "removeLast", "set");

  private static final ClassValue<Boolean> KEEPS_ITSELF =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          boolean keeps = false;
          Class<?> at = type;
          while (at != null && !Carriers.isPlatform(at)) {
            ClassModel model = ClassFiles.of(at).orElse(null);
            keeps |= model != null && model.methods().stream().anyMatch(OwnCollections::keeps);
            at = at.getSuperclass();
          }
          return keeps && at != null && isSkeleton(at);
        }
      };

  private static final ClassValue<Boolean> IS_OWN =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          Class<?> at = type;
          while (at != null && !Carriers.isPlatform(at)) {
            at = at.getSuperclass();
          }
          return at != null && at != type && !Proxy.isProxyClass(type) && isSkeleton(at);
        }
      };

  private OwnCollections() {}

  /** Whether a collection, or what goes through one, is made by the user's code. */
  @Primitive(OwnCollections.class)
  public static boolean isOwn(@Nullable Object collection) {
    return collection != null && IS_OWN.get(collection.getClass());
  }

  /** A collection of the platform's with the elements of one that users wrote. */
  public static Collection<Object> elements(Collection<Object> all) {
    if (!isOwn(all) || all instanceof SortedSet) { // which has an order to hand on
      return all;
    }
    List<Object> elements = new ArrayList<>();
    for (Object one : all) {
      elements.add(one);
    }
    return elements;
  }

  /** The same of a map. */
  public static Map<Object, Object> elements(Map<Object, Object> all) {
    if (!isOwn(all) || all instanceof SortedMap) {
      return all;
    }
    Map<Object, Object> elements = new LinkedHashMap<>();
    for (Map.Entry<Object, Object> entry : all.entrySet()) {
      elements.put(entry.getKey(), entry.getValue());
    }
    refuseEqualKeys(all, elements.size());
    return elements;
  }

  @Primitive(OwnCollections.class)
  private static void refuseEqualKeys(Map<Object, Object> map, int count) {
    if (map.size() != count) {
      throw new GradientException(
          "cannot differentiate a copy of a "
              + map.getClass().getName()
              + ": it has keys that are equal; copy its entries in a loop");
    }
  }

  /** Refuses to clear a list that has its own way to do it, which others must not call. */
  @Primitive(OwnCollections.class)
  static void refuseToRemoveRange(Object list) {
    for (Class<?> at = list.getClass(); !Carriers.isPlatform(at); at = at.getSuperclass()) {
      for (Method method : at.getDeclaredMethods()) {
        if (method.getName().equals("removeRange")) {
          throw new GradientException(
              "cannot differentiate clear of a "
                  + list.getClass().getName()
                  + ", which has a removeRange of its own; override clear, too");
        }
      }
    }
  }

  /** Whether a method of the platform may change collections that it is given. */
  public static boolean mayChange(String method) {
    return CHANGING.contains(method);
  }

  /** Refuses to have a collection changed whose own methods keep what it holds. */
  @Primitive(OwnCollections.class)
  public static void check(@Nullable Object collection, String method) {
    if (collection != null && KEEPS_ITSELF.get(collection.getClass())) {
      throw new GradientException(
          "cannot differentiate what "
              + method
              + " does to a "
              + collection.getClass().getName()
              + ": the platform's code changes it by the class's own methods, which are not"
              + " followed there; call these in a loop");
    }
  }

  /** Whether a class of the platform leaves it to its heirs where elements are kept. */
  public static boolean isSkeleton(Class<?> type) {
    return type == Object.class || type.getSimpleName().startsWith("Abstract");
  }

  private static boolean keeps(MethodModel method) {
    return CHANGED_BY.contains(method.methodName().stringValue())
        && !method.flags().has(AccessFlag.STATIC)
        && method.code().stream().anyMatch(code -> code.elementStream().anyMatch(e -> keeps(e)));
  }

  /** Whether an instruction stores what may be a number, or calls the user's code, which might. */
  private static boolean keeps(CodeElement element) {
    return switch (element) {
      case FieldInstruction field ->
          (field.opcode() == Opcode.PUTFIELD || field.opcode() == Opcode.PUTSTATIC)
              && mayHoldNumber(TypeKind.from(field.typeSymbol()));
      case ArrayStoreInstruction store -> mayHoldNumber(store.typeKind());
      case InvokeInstruction call -> !call.owner().asInternalName().startsWith("java/");
      default -> false;
    };
  }

  private static boolean mayHoldNumber(TypeKind kind) {
    return kind == TypeKind.DOUBLE || kind == TypeKind.FLOAT || kind == TypeKind.REFERENCE;
  }
}

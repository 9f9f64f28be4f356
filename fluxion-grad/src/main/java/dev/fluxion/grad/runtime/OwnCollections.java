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
import java.util.Set;
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
          "clear",
          "compute",
          "computeIfAbsent",
          "computeIfPresent",
          "copy",
          "fill",
          "listIterator",
          "merge",
          "put",
          "putAll",
          "putIfAbsent",
          "remove",
          "removeAll",
          "removeFirst",
          "removeIf",
          "removeLast",
          "replace",
          "replaceAll",
          "retainAll",
          "reverse",
          "reversed",
          "rotate",
          "shuffle",
          "sort",
          "subList",
          "swap");

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

  private OwnCollections() {}

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
  private static boolean isSkeleton(Class<?> type) {
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

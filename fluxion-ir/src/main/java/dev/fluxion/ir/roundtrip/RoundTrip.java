package dev.fluxion.ir.roundtrip;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.emit.Members;
import dev.fluxion.ir.emit.Members.NamedParameter;
import dev.fluxion.ir.lift.LiftException;
import dev.fluxion.ir.lift.Lifter;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A class file whose methods have been lifted and emitted again, as ordinary methods that do the
 * same as before, exceptions and their order included.
 *
 * <p>Everything else is as it was: fields, attributes, annotations, signatures, parameters,
 * exceptions, access flags, line numbers, and the names of parameters that are never assigned to.
 * The rest of local variable tables and the type annotations inside of code, which speak of the old
 * code, are dropped. A method that cannot be lifted (subroutines of Java 5 and before: {@code jsr},
 * {@code ret}), that would grow beyond the 65535 bytes that a method may have, or whose new code
 * does not verify, is left as it was.
 *
 * @param classFile the class file
 * @param methods how many methods of the class have code
 * @param left those left as they were
 */
public record RoundTrip(byte[] classFile, int methods, List<LeftMethod> left) {
  private static final int FIRST_VERSION_WITH_FRAMES = 50;

  /**
   * A method that was left as it was.
   *
   * @param method the class, the name and the parameter types
   * @param reason why, for people
   */
  public record LeftMethod(String method, String reason) {}

  /** A round trip of a class that depends on nothing but the JDK, for all that is known. */
  public static RoundTrip of(byte[] classFile) {
    return of(
        classFile, ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader()));
  }

  /**
   * A round trip of a class.
   *
   * @param classFile the class file
   * @param hierarchy tells the superclasses of the classes that the class file names, without
   *     loading them; it may know none, for types come from the class file itself and only the
   *     check of the result needs the hierarchy
   * @throws IllegalArgumentException if the class file is malformed
   */
  public static RoundTrip of(byte[] classFile, ClassHierarchyResolver hierarchy) {
    return new Run(classFile, hierarchy).run();
  }

  /** The methods that are left as they were, found one failure at a time. */
  private static final class Run {
    private final byte[] original;
    private final ClassFile context;
    private final ClassModel model;
    private final Map<MethodModel, String> left = new LinkedHashMap<>();
    private final Map<MethodModel, Body> bodies = new LinkedHashMap<>();

    Run(byte[] original, ClassHierarchyResolver hierarchy) {
      this.original = original;
      this.context =
          ClassFile.of(StackMapsOption.DROP_STACK_MAPS, ClassHierarchyResolverOption.of(hierarchy));
      this.model = context.parse(original);
    }

    RoundTrip run() {
      int methods = 0;
      for (MethodModel method : model.methods()) {
        if (method.code().isPresent()) {
          methods++;
          lift(method);
        }
      }
      byte[] bytes = bodies.isEmpty() ? original : verified(write());
      List<LeftMethod> reasons = new ArrayList<>();
      left.forEach((method, reason) -> reasons.add(new LeftMethod(name(method), reason)));
      return new RoundTrip(bytes, methods, List.copyOf(reasons));
    }

    private void lift(MethodModel method) {
      try {
        bodies.put(method, Lifter.liftExactly(method));
      } catch (LiftException e) {
        leave(method, e.getMessage());
      } catch (RuntimeException | StackOverflowError e) {
        leave(method, "lifting it failed with " + e);
      }
    }

    private void leave(MethodModel method, String reason) {
      bodies.remove(method);
      left.put(method, reason);
    }

    /** Finds the methods whose code cannot be written, if so, and writes the others. */
    private byte[] write() {
      try {
        return write(bodies.keySet());
      } catch (RuntimeException | StackOverflowError e) {
        int before = left.size();
        for (MethodModel method : List.copyOf(bodies.keySet())) {
          try {
            write(Set.of(method));
          } catch (RuntimeException | StackOverflowError alone) {
            leave(method, "its code cannot be written: " + alone.getMessage());
          }
        }
        if (left.size() > before) {
          return write();
        }
        String reason = "the class's code cannot be written: " + e.getMessage();
        List.copyOf(bodies.keySet()).forEach(method -> leave(method, reason));
        return original;
      }
    }

    private byte[] write(Set<MethodModel> chosen) {
      return context.transformClass(
          model,
          (builder, element) -> {
            if (element instanceof MethodModel method && chosen.contains(method)) {
              write(builder, method);
            } else {
              builder.with(element);
            }
          });
    }

    private void write(ClassBuilder builder, MethodModel method) {
      builder.transformMethod(
          method,
          (methodBuilder, part) -> {
            if (part instanceof CodeModel old) {
              List<NamedParameter> names = ParameterNames.of(method, old);
              methodBuilder.withCode(code -> write(method, names, code));
            } else {
              methodBuilder.with(part);
            }
          });
    }

    private void write(MethodModel method, List<NamedParameter> names, CodeBuilder code) {
      Members.write(
          bodies.get(method),
          model.thisClass().asSymbol(),
          method.methodName().equalsString(ConstantDescs.INIT_NAME),
          model.majorVersion() >= FIRST_VERSION_WITH_FRAMES,
          names,
          code);
    }

    /** Leaves methods whose new code the verifier refuses where it accepted the old. */
    private byte[] verified(byte[] written) {
      byte[] bytes = written;
      while (model.majorVersion() >= FIRST_VERSION_WITH_FRAMES) {
        Map<String, String> refused = errors(bytes);
        if (!refused.isEmpty()) {
          errors(original).keySet().forEach(refused::remove);
        }
        boolean changed = false;
        for (MethodModel method : List.copyOf(bodies.keySet())) {
          String error = refused.get(signature(method));
          if (error != null) {
            leave(method, "its new code does not verify: " + error);
            changed = true;
          }
        }
        if (!changed) {
          break;
        }
        bytes = write();
      }
      return bytes;
    }

    private Map<String, String> errors(byte[] bytes) {
      Map<String, String> errors = new HashMap<>();
      for (VerifyError error : context.verify(bytes)) {
        for (MethodModel method : model.methods()) {
          String message = error.getMessage();
          if (message.contains("::" + signature(method) + " ")) {
            errors.putIfAbsent(signature(method), message);
          }
        }
      }
      return errors;
    }

    private static String signature(MethodModel method) {
      return method.methodName().stringValue() + method.methodType().stringValue();
    }

    private String name(MethodModel method) {
      return model.thisClass().asSymbol().displayName()
          + "."
          + method.methodName().stringValue()
          + method.methodTypeSymbol().displayDescriptor();
    }
  }
}

package dev.fluxion.ir.emit;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.access.Privileges;
import dev.fluxion.ir.verify.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ShortJumpsOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compiles functions into hidden classes, one each, nestmates of the class that hosts the function,
 * so that private members stay within reach.
 *
 * <p>With the system property {@code fluxion.dump} set to a directory, class files are written
 * there.
 *
 * <p>Throws {@link CodeSizeException} when the code is longer than a method can be.
 */
public final class Compiler implements Function.Linker {
  /** The one compiler. */
  public static final Compiler INSTANCE = new Compiler();

  // A jump made longer by the builder would need a frame behind it that the emitter does not know
  // of.
  private static final ClassFile CLASS_FILE =
      ClassFile.of(StackMapsOption.DROP_STACK_MAPS, ShortJumpsOption.FAIL_ON_SHORT_JUMPS);
  private static final @Nullable String DUMP = System.getProperty("fluxion.dump");

  private Compiler() {}

  @Override
  public MethodHandle link(Function function) {
    Body body = function.body();
    assert Verifier.isValid(body);
    MethodHandles.Lookup host = Privileges.lookup(function.host());
    ClassDesc self =
        ClassDesc.ofDescriptor(
            "L" + function.host().getName().replace('.', '/').replace("/0x", "_0x") + "$fluxion;");
    String name = methodName(function.name());
    List<Object> classData = new ArrayList<>();
    byte[] bytes;
    try {
      bytes = bytes(function, body, self, name, classData);
    } catch (IllegalArgumentException e) { // the length of the code, or of a jump
      throw new CodeSizeException(locationOf(body, function.name()), e);
    }
    try {
      if (DUMP != null) {
        Files.createDirectories(Path.of(DUMP));
        Files.write(
            Path.of(DUMP, name + "-" + System.identityHashCode(function) + ".class"), bytes);
      }
      MethodHandles.Lookup defined =
          host.defineHiddenClassWithClassData(
              bytes, classData, true, MethodHandles.Lookup.ClassOption.NESTMATE);
      MethodType type =
          MethodType.fromMethodDescriptorString(
              function.type().descriptorString(), function.host().getClassLoader());
      return defined.findStatic(defined.lookupClass(), name, type);
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalStateException("cannot define the code of " + function, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The class file of a function's code. */
  static byte[] bytes(
      Function function, Body body, ClassDesc self, String name, List<Object> classData) {
    String file = fileOf(body);
    return CLASS_FILE.build(
        self,
        builder -> {
          builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC);
          if (!file.isEmpty()) {
            builder.with(SourceFileAttribute.of(file));
          }
          builder.withMethodBody(
              name,
              function.type(),
              ClassFile.ACC_STATIC,
              code -> new Emitter(body, self, name, function, code, classData, file).emit());
        });
  }

  /** The file that most of the code, or at least its first line, comes from. */
  private static String fileOf(Body body) {
    return locationOf(body, "").file();
  }

  /** Where the first code of a method, or else of one inlined into it, comes from. */
  private static Location locationOf(Body body, String name) {
    Location first = Location.NONE;
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        Location at = op.location();
        if (at.line() > 0 && name.startsWith(at.method())) {
          return at;
        }
        first = first.line() == 0 ? at : first;
      }
    }
    return first;
  }

  private static String methodName(String name) {
    String simple = name.substring(name.lastIndexOf('.') + 1);
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < simple.length(); i++) {
      char c = simple.charAt(i);
      result.append(Character.isJavaIdentifierPart(c) ? c : '_');
    }
    return result.isEmpty() ? "code" : result.toString();
  }
}

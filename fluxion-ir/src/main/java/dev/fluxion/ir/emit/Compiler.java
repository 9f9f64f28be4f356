package dev.fluxion.ir.emit;

import static java.lang.constant.ConstantDescs.CD_Object;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.access.Privileges;
import dev.fluxion.ir.pass.Demotion;
import dev.fluxion.ir.pass.Outline;
import dev.fluxion.ir.verify.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ShortJumpsOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiles functions into hidden classes, one each, nestmates of the class that hosts the function,
 * so that private members stay within reach. A long function becomes several methods.
 *
 * <p>With the system property {@code fluxion.dump} set to a directory, class files are written
 * there.
 *
 * <p>Throws {@link CodeSizeException} when the code is longer than a method can be and cannot be
 * divided.
 */
public final class Compiler implements Function.Linker {
  /** The one compiler. */
  public static final Compiler INSTANCE = new Compiler();

  // A jump made longer by the builder would need a frame behind it that the emitter does not know
  // of.
  private static final ClassFile CLASS_FILE =
      ClassFile.of(StackMapsOption.DROP_STACK_MAPS, ShortJumpsOption.FAIL_ON_SHORT_JUMPS);

  /** HotSpot compiles no method that is longer. */
  private static final int HUGE = 8000;

  /** How long the pieces of longer ones should be. */
  private static final int PIECE = Integer.getInteger("fluxion.piece", 6000);

  private static final @Nullable String DUMP = System.getProperty("fluxion.dump");

  private Compiler() {}

  @Override
  public MethodHandle link(Function function) {
    MethodHandles.Lookup host = Privileges.lookup(function.host());
    String name = methodName(function.name());
    Code code = code(function);
    try {
      if (DUMP != null) {
        Files.createDirectories(Path.of(DUMP));
        Files.write(
            Path.of(DUMP, name + "-" + System.identityHashCode(function) + ".class"), code.bytes);
      }
      MethodHandles.Lookup defined =
          host.defineHiddenClassWithClassData(
              code.bytes, code.data, true, MethodHandles.Lookup.ClassOption.NESTMATE);
      MethodType type = methodType(function.type(), function.host());
      return defined.findStatic(defined.lookupClass(), name, type);
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalStateException("cannot define the code of " + function, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The type of the handle of a function; in place of classes that are absent it has objects. */
  public static MethodType methodType(MethodTypeDesc type, Class<?> host) {
    return MethodType.fromMethodDescriptorString(
        new Access(host).present(type).descriptorString(), host.getClassLoader());
  }

  private static Code code(Function function) {
    Body body = withPresentTypes(function.finished(), new Access(function.host()));
    assert Verifier.isValid(body);
    ClassDesc self =
        ClassDesc.ofDescriptor(
            "L" + function.host().getName().replace('.', '/').replace("/0x", "_0x") + "$fluxion;");
    return Code.of(function, Demotion.apply(body), self, methodName(function.name()));
  }

  /** A body that takes objects in place of what is of absent classes. */
  private static Body withPresentTypes(Body body, Access access) {
    MethodTypeDesc type = access.present(body.type());
    if (type.equals(body.type())) {
      return body;
    }
    Rewriter rewriter = new Rewriter(body);
    List<Value> parameters = rewriter.parameters(rewriter.entry());
    List<Op> casts = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      Value old = parameters.get(i);
      if (access.isAbsent(old.type())) {
        parameters.set(i, new Value(CD_Object).named(old.name()));
        casts.add(new Op.Cast(old, parameters.get(i), Location.NONE));
      }
    }
    rewriter.ops(rewriter.entry()).addAll(0, casts);
    return rewriter.build(type);
  }

  /** The class file that a function is linked from. */
  static byte[] classFile(Function function) {
    return code(function).bytes;
  }

  /**
   * The class file of a function's code, and the live objects that it uses.
   *
   * @param longest how long the longest of its methods is
   */
  private record Code(byte[] bytes, List<Object> data, int longest) {
    static Code of(Function function, Body body, ClassDesc self, String name) {
      Nesting nesting = new Nesting(body, false);
      CodeSize size = new CodeSize(body, nesting);
      int limit = PIECE;
      if (size.total() <= HUGE + HUGE / 2) { // the estimate is mostly a third too high
        Code whole = Code.of(function, new Outline(body, List.of()), nesting, self, name);
        if (whole.longest <= HUGE) {
          return whole;
        }
        limit = (int) ((long) PIECE * size.total() / whole.longest);
      }
      Outline outline = Outline.apply(body, function.host(), size, limit);
      Code code = Code.of(function, outline, self, name);
      if (code.longest > HUGE && !outline.pieces().isEmpty()) {
        limit = (int) ((long) limit * PIECE / code.longest);
        code = Code.of(function, Outline.apply(body, function.host(), size, limit), self, name);
      }
      return code;
    }

    private static Code of(Function function, Outline outline, ClassDesc self, String name) {
      return of(function, outline, new Nesting(outline.body(), false), self, name);
    }

    private static Code of(
        Function function, Outline outline, Nesting nesting, ClassDesc self, String name) {
      List<Object> data = new ArrayList<>();
      byte[] bytes;
      try {
        bytes = Compiler.bytes(function, outline, nesting, self, name, data);
      } catch (IllegalArgumentException e) { // the length of the code, or of a jump
        throw new CodeSizeException(locationOf(outline.body(), function.name()), e);
      }
      return new Code(bytes, data, longest(bytes));
    }

    private static int longest(byte[] bytes) {
      int longest = 0;
      if (bytes.length > HUGE) {
        for (MethodModel method : CLASS_FILE.parse(bytes).methods()) {
          longest =
              Math.max(longest, method.findAttribute(Attributes.code()).orElseThrow().codeLength());
        }
      }
      return longest;
    }
  }

  /** The class file of a function's code and that of its pieces. */
  static byte[] bytes(
      Function function, Outline outline, ClassDesc self, String name, List<Object> classData) {
    return bytes(function, outline, new Nesting(outline.body(), false), self, name, classData);
  }

  private static byte[] bytes(
      Function function,
      Outline outline,
      Nesting nesting,
      ClassDesc self,
      String name,
      List<Object> classData) {
    String file = fileOf(outline.body());
    Access access = new Access(function.host());
    Map<Function, String> members = new LinkedHashMap<>();
    members.put(function, name);
    for (Function piece : outline.pieces()) {
      members.put(piece, name + "_" + members.size());
    }
    return CLASS_FILE.build(
        self,
        builder -> {
          builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC);
          if (!file.isEmpty()) {
            builder.with(SourceFileAttribute.of(file));
          }
          members.forEach(
              (member, method) -> {
                Body body =
                    member == function ? outline.body() : withPresentTypes(member.body(), access);
                Nesting own = member == function ? nesting : new Nesting(body, false);
                builder.withMethodBody(
                    method,
                    body.type(),
                    ClassFile.ACC_STATIC,
                    code ->
                        new Emitter(body, own, self, members, code, classData, file, access)
                            .emit());
              });
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

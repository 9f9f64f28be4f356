package dev.fluxion.ir.emit;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Value;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes bodies as ordinary methods of ordinary classes, which need nothing of Fluxion to run. */
public final class Members {
  /**
   * A parameter that keeps its slot, and so its name, all through the code.
   *
   * @param index among the body's parameters
   * @param name in the source
   * @param type in the source
   */
  public record NamedParameter(int index, String name, ClassDesc type) {}

  private Members() {}

  /**
   * Writes the code of a method.
   *
   * @param body the receiver is the first of its parameters, unless the method is static
   * @param owner the class that the method belongs to
   * @param isConstructor whether the receiver is still to be initialised by a call of {@code
   *     <init>}
   * @param hasFrames whether the class file's version (50 and later) has stack map frames
   * @param parameters the names of parameters, for debuggers and messages of exceptions
   * @param code where the code goes, of a class file that is built without frames of its own
   * @throws IllegalArgumentException if the body cannot be written so
   */
  public static void write(
      Body body,
      ClassDesc owner,
      boolean isConstructor,
      boolean hasFrames,
      List<NamedParameter> parameters,
      CodeBuilder code) {
    Set<Value> pinned = new HashSet<>();
    for (NamedParameter parameter : parameters) {
      pinned.add(body.parameters().get(parameter.index));
      int slot = 0;
      for (Value before : body.parameters().subList(0, parameter.index)) {
        slot += before.kind().slots();
      }
      code.localVariable(slot, parameter.name, parameter.type, code.startLabel(), code.endLabel());
    }
    Emitter.ofMember(body, owner, isConstructor, hasFrames, pinned, code).emit();
  }
}

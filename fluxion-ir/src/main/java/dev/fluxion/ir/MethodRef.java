package dev.fluxion.ir;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/**
 * A method, by name as in a class file, and how it is called.
 *
 * @param dispatch how the callee is chosen
 * @param owner the class that the call names
 * @param name the method's name, {@code <init>} for a constructor
 * @param type parameter types without the receiver, and the result's type
 * @param ownerIsInterface whether the owner is an interface
 */
public record MethodRef(
    Dispatch dispatch,
    ClassDesc owner,
    String name,
    MethodTypeDesc type,
    boolean ownerIsInterface) {

  private static final String ALLOCATION = "<new>";

  /** How the callee of a call is chosen. */
  public enum Dispatch {
    /** The static method named. */
    STATIC,
    /** By the receiver's class. */
    VIRTUAL,
    /** By the receiver's class; the method named is an interface's. */
    INTERFACE,
    /** Exactly the instance method named: private, constructors, {@code super}. */
    SPECIAL
  }

  /** A static method of a class. */
  public static MethodRef ofStatic(ClassDesc owner, String name, MethodTypeDesc type) {
    return new MethodRef(Dispatch.STATIC, owner, name, type, false);
  }

  /** A virtual method of a class. */
  public static MethodRef ofVirtual(ClassDesc owner, String name, MethodTypeDesc type) {
    return new MethodRef(Dispatch.VIRTUAL, owner, name, type, false);
  }

  /** A constructor. */
  public static MethodRef ofConstructor(ClassDesc owner, ClassDesc... parameters) {
    return new MethodRef(
        Dispatch.SPECIAL,
        owner,
        ConstantDescs.INIT_NAME,
        MethodTypeDesc.of(ConstantDescs.CD_void, parameters),
        false);
  }

  /** What {@link Op.New} names when it only allocates: no method of the JVM, only a mark. */
  public static MethodRef ofAllocation(ClassDesc owner) {
    return new MethodRef(
        Dispatch.SPECIAL, owner, ALLOCATION, MethodTypeDesc.of(ConstantDescs.CD_void), false);
  }

  /** Whether this is the mark of an allocation without its constructor. */
  public boolean isAllocation() {
    return name.equals(ALLOCATION);
  }

  /** The types of a call's arguments: the receiver's first, if there is one. */
  public List<ClassDesc> argumentTypes() {
    return dispatch == Dispatch.STATIC
        ? type.parameterList()
        : type.insertParameterTypes(0, owner).parameterList();
  }
}

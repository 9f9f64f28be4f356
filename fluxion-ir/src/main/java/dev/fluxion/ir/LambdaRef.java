package dev.fluxion.ir;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Optional;

/**
 * What a lambda or method reference stands for: a functional interface made of an implementation
 * method, some of whose first arguments are captured.
 *
 * @param site the call site that makes it, with {@code LambdaMetafactory} as bootstrap
 */
public record LambdaRef(DynamicCallSiteDesc site) {
  /** The lambda of a call site, or empty when the site makes something else. */
  public static Optional<LambdaRef> of(DynamicCallSiteDesc site) {
    DirectMethodHandleDesc bootstrap = (DirectMethodHandleDesc) site.bootstrapMethod();
    boolean isLambda =
        bootstrap.owner().descriptorString().equals("Ljava/lang/invoke/LambdaMetafactory;");
    return isLambda ? Optional.of(new LambdaRef(site)) : Optional.empty();
  }

  /** The functional interface. */
  public ClassDesc functionalInterface() {
    return site.invocationType().returnType();
  }

  /** The name of the interface's method. */
  public String methodName() {
    return site.invocationName();
  }

  /** The interface method's erased type. */
  public MethodTypeDesc methodType() {
    return (MethodTypeDesc) argument(0);
  }

  /** The method that does the work. */
  public DirectMethodHandleDesc implementation() {
    return (DirectMethodHandleDesc) argument(1);
  }

  /** The interface method's type with its type arguments filled in. */
  public MethodTypeDesc instantiatedType() {
    return (MethodTypeDesc) argument(2);
  }

  private ConstantDesc argument(int index) {
    return site.bootstrapArgs()[index];
  }
}

package dev.fluxion.grad;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arguments that come as constants to a method which the receiver's class chooses, for they are
 * found through static fields.
 *
 * <p>The method may have them go where active values go, as when it returns one or the other: those
 * that never change then have a zero shadow. Other code that reads the fields does not know of what
 * would be put into the others, which is refused.
 *
 * @param areFound which arguments are found so
 * @param areUnchanging which of them are objects that never change
 */
record ConstantArguments(boolean[] areFound, boolean[] areUnchanging) {
  /** None. */
  static final ConstantArguments NONE = new ConstantArguments(new boolean[0], new boolean[0]);

  /** Which parameters of the chosen method are active, those that become so in it included. */
  boolean[] active(Function function, MethodRef method, boolean[] passed, Dispatch.Site site) {
    boolean[] active = passed;
    boolean @Nullable [] after = null;
    for (int i = 0; i < areFound.length; i++) {
      if (!areFound[i]) {
        continue;
      }
      after =
          after == null ? Summaries.of(site.statics()).of(function, passed).parameters() : after;
      if (after[i] && !areUnchanging[i]) {
        throw GradientException.ofCall(
            method.owner().displayName(),
            method.name(),
            site.location(),
            "it puts a value that depends on the arguments into an object that a static"
                + " field leads to, as became known only when it was called; pass the object as an"
                + " argument, or wrap the value in Grad.stopGradient");
      }
      if (after[i]) {
        active = active == passed ? passed.clone() : active;
        active[i] = true;
      }
    }
    return active;
  }

  /**
   * A derivative's function without the shadows of constants among its parameters: it makes them.
   *
   * @param derivative takes the arguments, what comes with those that are active, and a carrier
   * @param type the type that is wanted
   * @param arguments the arguments' types
   * @param active which are active in the derivative
   * @param passed which of these come with their shadows or tangents
   * @param copies how many of these an argument has
   */
  static Function withShadows(
      Function derivative,
      MethodTypeDesc type,
      List<ClassDesc> arguments,
      boolean[] active,
      boolean[] passed,
      Copies copies) {
    return Arrays.equals(active, passed)
        ? derivative
        : new Function(
            derivative.name(),
            type,
            derivative.host(),
            () -> {
              Body.Builder builder = new Body.Builder(derivative.name(), type);
              BlockBuilder block = builder.entry();
              List<Value> given = block.block().parameters();
              List<Value> all = new ArrayList<>(given.subList(0, arguments.size()));
              int next = arguments.size();
              for (int i = 0; i < arguments.size(); i++) {
                for (int k = active[i] ? copies.of(arguments.get(i)) : 0; k > 0; k--) {
                  ClassDesc shadow = derivative.type().parameterType(all.size());
                  all.add(
                      passed[i]
                          ? given.get(next++)
                          : block.cast(ForwardSweep.ofConstant(block, given.get(i)), shadow));
                }
              }
              all.add(given.get(next));
              block.returns(block.apply(derivative, all));
              return builder.build();
            });
  }

  /** How many shadows or tangents come with an active argument. */
  interface Copies {
    int of(ClassDesc type);
  }
}

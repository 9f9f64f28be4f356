package dev.fluxion.grad;

import dev.fluxion.grad.Calls.Target.Dispatched;
import dev.fluxion.grad.runtime.Called;
import dev.fluxion.ir.Function;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call whose method the receiver's class chooses: finds the dual for each class once. */
final class DualDispatch {
  private final Dispatched call;
  private final boolean[] active;
  private final boolean result;
  private final int directions;
  private final Dispatch.Site site;
  private final Choices<Chosen> choices = new Choices<>(object -> find(object));
  private final RuleCache<MethodHandle, Chosen> forms = new RuleCache<>();

  /** The handle to call, and what keeps the function behind it alive. */
  private record Chosen(MethodHandle handle, Function dual) {}

  DualDispatch(
      Dispatched call, boolean[] active, boolean result, int directions, Dispatch.Site site) {
    this.call = call;
    this.active = active;
    this.result = result;
    this.directions = directions;
    this.site = site;
  }

  /** The type of the chosen handles. */
  MethodTypeDesc type() {
    return Duals.type(Dispatch.type(call), active, directions, site.types());
  }

  /** The method {@link #select} of this object. */
  MethodHandle selector() {
    return Choices.selector(this, MethodHandle.class, 1);
  }

  List<ClassDesc> parameters() {
    return Dispatch.type(call).parameterList();
  }

  MethodHandle select(@Nullable Object object) {
    return object instanceof MethodHandle handle
        ? choices.ofHandle(handle).handle
        : choices.ofClass(Dispatch.key(object, call), object).handle;
  }

  /** The dual of what is done when a derivative's proxy is called back. */
  MethodHandle selectForm(Called called) {
    MethodTypeDesc callee = call.method().type().insertParameterTypes(0, call.method().owner());
    return forms.get(called.form(), () -> find(CalledForm.of(called, callee))).handle;
  }

  private Chosen find(@Nullable Object object) {
    return find(Dispatch.function(call, object, active, site));
  }

  private Chosen find(Function function) {
    site.check(function, call.method());
    boolean[] all = site.constants().active(function, call.method(), active, site);
    Types types = Types.of(function.host());
    Function dual =
        ConstantArguments.withShadows(
            Duals.of(function, all, result, directions, site.statics()),
            Duals.type(function.type(), active, directions, types),
            function.type().parameterList(),
            all,
            active,
            _ -> directions);
    return new Chosen(Dispatch.handle(dual, type(), site.types()), dual);
  }
}

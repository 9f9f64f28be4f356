package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_boolean;

import dev.fluxion.grad.runtime.NumberMethods;
import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the {@code VarHandle}s that constants hold, as plain accesses of the fields and elements
 * that these stand for: in a derivative all happens on one thread, and no order of memory matters.
 */
final class VarHandles {
  private static final ClassValue<Map<String, Function>> FUNCTIONS =
      new ClassValue<>() {
        @Override
        protected Map<String, Function> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  /**
   * What a handle stands for.
   *
   * @param coordinates the types of what leads to it
   * @param type its own type
   * @param field the field; null for an element of an array
   */
  private record Variable(List<ClassDesc> coordinates, ClassDesc type, @Nullable FieldRef field) {
    Value load(BlockBuilder block, List<Value> at) {
      return field == null
          ? block.loadElement(at.get(0), at.get(1))
          : block.loadField(field, field.isStatic() ? null : at.get(0));
    }

    void store(BlockBuilder block, List<Value> at, Value value) {
      if (field == null) {
        block.storeElement(at.get(0), at.get(1), value);
      } else {
        block.storeField(field, field.isStatic() ? null : at.get(0), value);
      }
    }
  }

  private enum Access {
    GET,
    SET,
    COMPARE_AND_SET,
    COMPARE_AND_EXCHANGE,
    GET_AND_SET,
    GET_AND_ADD;

    static @Nullable Access of(String method) {
      return switch (method) {
        case "get", "getVolatile", "getOpaque", "getAcquire" -> GET;
        case "set", "setVolatile", "setOpaque", "setRelease" -> SET;
        case "compareAndSet",
            "weakCompareAndSet",
            "weakCompareAndSetPlain",
            "weakCompareAndSetAcquire",
            "weakCompareAndSetRelease" ->
            COMPARE_AND_SET;
        case "compareAndExchange", "compareAndExchangeAcquire", "compareAndExchangeRelease" ->
            COMPARE_AND_EXCHANGE;
        case "getAndSet", "getAndSetAcquire", "getAndSetRelease" -> GET_AND_SET;
        case "getAndAdd", "getAndAddAcquire", "getAndAddRelease" -> GET_AND_ADD;
        default -> null;
      };
    }
  }

  private VarHandles() {}

  /**
   * The function of a call's arguments, without the handle, that does what it does; null of what is
   * left as it is.
   *
   * @param caller the class whose code makes the call
   */
  static @Nullable Function function(VarHandle handle, MethodRef call, Class<?> caller) {
    Access access = Access.of(call.name());
    Variable variable = access == null ? null : variable(handle);
    if (access == null || variable == null) {
      return null;
    }
    Class<?> host = caller;
    if (variable.field != null) { // which may be private
      Class<?> named = handle.coordinateTypes().isEmpty() ? null : handle.coordinateTypes().get(0);
      Types types = Types.of(named == null ? caller : named);
      Class<?> owner = types.resolve(variable.field.owner(), Location.NONE);
      Class<?> declaring = Constructors.declaring(owner, variable.field.name());
      host = declaring == null ? owner : declaring;
    }
    Class<?> hosting = host;
    MethodTypeDesc type = call.type();
    return FUNCTIONS
        .get(hosting)
        .computeIfAbsent(
            variable + call.name() + type.descriptorString(),
            _ ->
                new Function(
                    "VarHandle." + call.name(), type, hosting, () -> body(access, variable, type)));
  }

  private static @Nullable Variable variable(VarHandle handle) {
    VarHandle.VarHandleDesc described = handle.describeConstable().orElse(null);
    if (described == null) { // a view of bytes
      return null;
    }
    List<ClassDesc> coordinates = new ArrayList<>();
    for (Class<?> coordinate : handle.coordinateTypes()) {
      coordinates.add(coordinate.describeConstable().orElseThrow());
    }
    ClassDesc type = described.varType();
    boolean isElement = coordinates.size() == 2;
    FieldRef field =
        isElement
            ? null
            : new FieldRef(
                (ClassDesc) described.bootstrapArgsList().get(0),
                described.constantName(),
                type,
                coordinates.isEmpty());
    return new Variable(coordinates, type, field);
  }

  private static Body body(Access access, Variable variable, MethodTypeDesc type) {
    Body.Builder builder = new Body.Builder("access", type);
    BlockBuilder block = builder.entry();
    List<Value> given = block.block().parameters();
    List<Value> at = new ArrayList<>();
    for (ClassDesc coordinate : variable.coordinates) {
      at.add(Conversions.convert(block, given.get(at.size()), coordinate));
    }
    List<Value> values = new ArrayList<>();
    for (Value value : given.subList(at.size(), given.size())) {
      values.add(Conversions.convert(block, value, variable.type));
    }
    if (access == Access.SET) {
      variable.store(block, at, values.get(0));
      block.returns(null);
      return builder.build();
    }
    Value found = variable.load(block, at);
    ClassDesc result = type.returnType();
    switch (access) {
      case GET_AND_SET -> variable.store(block, at, values.get(0));
      case GET_AND_ADD -> variable.store(block, at, sum(block, found, values.get(0)));
      case COMPARE_AND_SET, COMPARE_AND_EXCHANGE -> {
        BlockBuilder same = builder.block();
        BlockBuilder other = builder.block();
        block.branch(isSame(block, found, values.get(0)), to(same), to(other));
        variable.store(same, at, values.get(1));
        boolean isTold = access == Access.COMPARE_AND_SET;
        same.returns(Conversions.returned(same, isTold ? same.constant(1) : found, result));
        other.returns(Conversions.returned(other, isTold ? other.constant(0) : found, result));
        return builder.build();
      }
      default -> {}
    }
    block.returns(Conversions.returned(block, found, result));
    return builder.build();
  }

  private static Successor to(BlockBuilder block) {
    return new Successor(block.block(), List.of());
  }

  private static Value sum(BlockBuilder block, Value found, Value more) {
    ClassDesc type = found.type();
    Value sum = block.arithmetic(Arithmetic.ADD, found, more);
    return sum.type().equals(type) ? sum : block.convert(sum, type); // of bytes
  }

  /** As handles compare: numbers by their bits, so that NaN is itself. */
  private static Value isSame(BlockBuilder block, Value found, Value expected) {
    ClassDesc type = found.type();
    return switch (type.descriptorString()) {
      case "D", "F" ->
          block.call(
              MethodRef.ofStatic(
                  NumberMethods.class.describeConstable().orElseThrow(),
                  "isSame",
                  MethodTypeDesc.of(CD_boolean, type, type)),
              found,
              expected);
      default -> block.compare(Comparison.EQ, found, expected);
    };
  }
}

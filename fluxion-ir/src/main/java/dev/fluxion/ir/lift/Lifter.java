package dev.fluxion.ir.lift;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_MethodType;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_char;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.LambdaRef;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.SsaBuilder.Variable;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.lift.ControlFlow.Region;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.UninitializedVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.DiscontinuedInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.NopInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lifts the bytecode of a method.
 *
 * <p>Local variables and operand stack slots become values; where paths meet they become block
 * parameters whose types the class file's stack map tells. {@code new}, {@code dup} and the call of
 * the constructor become one operation.
 */
public final class Lifter {
  private final ClassDesc owner;
  private final ControlFlow flow;
  private final LocalNames names;
  private final String file;
  private final String methodName;
  private final boolean isExact;
  private final SsaBuilder ssa;
  private final Map<Region, BlockBuilder> blocks = new HashMap<>();
  private final Map<Block, Region> regions = new HashMap<>();
  private final Map<Integer, Variable> locals = new HashMap<>();
  private final Map<Integer, Variable> stackSlots = new HashMap<>();
  private final Map<Region, BlockBuilder> handlerEntries = new HashMap<>();
  private final Map<Variable, Integer> slotOf = new HashMap<>();
  private final Map<Variable, Integer> depthOf = new HashMap<>();
  private final Map<Region, List<Value>> stacksAtEnd = new HashMap<>();

  /** Objects between {@code new} and their constructor: not values, only marks on the stack. */
  private final Map<Value, ClassDesc> uninitialized = new HashMap<>();

  private final Map<Integer, Value> uninitializedAt = new HashMap<>();
  private final Map<Value, Op.ThreeWay> comparisons = new HashMap<>();
  private List<Value> stack = new ArrayList<>();
  private BlockBuilder block;
  private Location location;

  private Lifter(MethodModel method, CodeModel code, boolean isExact) {
    this.isExact = isExact;
    ClassModel model = method.parent().orElseThrow();
    this.owner = model.thisClass().asSymbol();
    this.file =
        model
            .findAttribute(Attributes.sourceFile())
            .map(source -> source.sourceFile().stringValue())
            .orElse(owner.displayName() + ".class");
    this.methodName = owner.displayName() + "." + method.methodName().stringValue();
    this.flow = new ControlFlow(code);
    this.names = new LocalNames(flow);
    Body.Builder builder = new Body.Builder(methodName, bodyType(method));
    this.ssa =
        new SsaBuilder(
            builder,
            new SsaBuilder.JoinTypes() {
              @Override
              public ClassDesc type(Variable variable, Block block) {
                return joinType(variable, block);
              }

              @Override
              public @Nullable String name(Variable variable, Block block) {
                return joinName(variable, block);
              }
            });
    this.block = ssa.entry();
    this.location = new Location(file, methodName, 0);
  }

  /**
   * The body of a method that a class declares, the receiver first among its parameters.
   *
   * @throws LiftException if the method has no readable bytecode, or some that cannot be lifted
   */
  public static Body lift(Class<?> owner, String name, MethodTypeDesc type) {
    Location whole = new Location(owner.getSimpleName() + ".java", owner.getName() + "." + name, 0);
    if (ClassFiles.of(owner).isEmpty()) {
      throw new LiftException(whole, "its class file cannot be read");
    }
    MethodModel method =
        ClassFiles.method(owner, name, type)
            .orElseThrow(
                () ->
                    new LiftException(
                        whole, "the class declares no such method " + type.displayDescriptor()));
    return lift(method);
  }

  /**
   * The body of a method of a parsed class.
   *
   * @throws LiftException if the method has no bytecode, or some that cannot be lifted
   */
  public static Body lift(MethodModel method) {
    return lift(method, false);
  }

  /**
   * The body of a method of a parsed class, with nothing moved: an object is allocated where {@code
   * new} stands and not where its constructor is called, so that classes are initialised and
   * exceptions thrown in the same order as before.
   *
   * @throws LiftException if the method has no bytecode, or some that cannot be lifted
   */
  public static Body liftExactly(MethodModel method) {
    return lift(method, true);
  }

  private static Body lift(MethodModel method, boolean isExact) {
    synchronized (method.parent().orElseThrow()) { // class models are filled in as they are read
      CodeModel code = method.code().orElse(null);
      if (code == null) {
        ClassDesc owner = method.parent().orElseThrow().thisClass().asSymbol();
        String kind = method.flags().has(AccessFlag.NATIVE) ? "it is native" : "it is abstract";
        throw new LiftException(
            new Location(
                owner.displayName() + ".java",
                owner.displayName() + "." + method.methodName().stringValue(),
                0),
            kind + " and has no bytecode");
      }
      return new Lifter(method, code, isExact).run();
    }
  }

  private static MethodTypeDesc bodyType(MethodModel method) {
    MethodTypeDesc type = method.methodTypeSymbol();
    return method.flags().has(AccessFlag.STATIC)
        ? type
        : type.insertParameterTypes(0, method.parent().orElseThrow().thisClass().asSymbol());
  }

  private Body run() {
    List<Region> order = flow.reversePostorder();
    Region first = flow.regions.get(0);
    boolean entryIsTarget = !first.predecessors.isEmpty() || !first.handlers.isEmpty();
    for (Region region : order) {
      blocks.put(region, region == first && !entryIsTarget ? ssa.entry() : ssa.block());
      regions.put(blocks.get(region).block(), region);
    }
    for (Region region : order) {
      List<BlockBuilder> predecessors = new ArrayList<>();
      if (region == first && entryIsTarget) {
        predecessors.add(ssa.entry());
      }
      for (Region predecessor : region.predecessors) {
        if (blocks.containsKey(predecessor)) {
          predecessors.add(blocks.get(predecessor));
        }
      }
      if (region.isHandler && !region.predecessors.isEmpty()) {
        BlockBuilder entry = ssa.block(); // code that is reached without an exception too
        handlerEntries.put(region, entry);
        regions.put(entry.block(), region);
        predecessors.add(entry);
      }
      boolean isEnteredByException = region.isHandler && region.predecessors.isEmpty();
      if (!isEnteredByException && blocks.get(region) != ssa.entry()) {
        ssa.seal(blocks.get(region), predecessors);
      }
    }
    int slot = 0;
    for (Value parameter : ssa.entry().block().parameters()) {
      ssa.write(local(slot, parameter.kind()), ssa.entry(), parameter.named(names.at(slot, 0)));
      slot += parameter.kind().slots();
    }
    if (entryIsTarget) {
      ssa.entry().at(location).branch(blocks.get(first).block());
    }
    for (Region region : order) {
      lift(region);
    }
    return ssa.build();
  }

  /** A local variable slot; javac uses one slot for variables of different kinds in turn. */
  private Variable local(int slot, Kind kind) {
    return locals.computeIfAbsent(
        slot * 8 + kind.ordinal(),
        _ -> {
          Variable variable = new Variable(typeOf(kind));
          slotOf.put(variable, slot);
          return variable;
        });
  }

  private Variable stackSlot(int depth, Kind kind) {
    return stackSlots.computeIfAbsent(
        depth * 8 + kind.ordinal(),
        _ -> {
          Variable variable = new Variable(typeOf(kind));
          depthOf.put(variable, depth);
          return variable;
        });
  }

  /** The type that the stack map gives a variable where a block starts. */
  private ClassDesc joinType(Variable variable, Block start) {
    Region region = regions.get(start);
    if (region == null || region.frame == null) {
      return variable.type();
    }
    Integer depth = depthOf.get(variable);
    if (depth != null) {
      List<VerificationTypeInfo> types = region.frame.stack();
      return depth < types.size() ? type(types.get(depth)) : variable.type();
    }
    if (Kind.of(variable.type()) != Kind.REFERENCE) {
      return variable.type();
    }
    int slot = Objects.requireNonNull(slotOf.get(variable));
    int at = 0;
    for (VerificationTypeInfo info : region.frame.locals()) {
      if (at == slot && Kind.of(type(info)) == Kind.REFERENCE) {
        return type(info);
      }
      at += slots(info);
    }
    return variable.type();
  }

  private @Nullable String joinName(Variable variable, Block start) {
    Region region = regions.get(start);
    Integer slot = slotOf.get(variable);
    return region == null || slot == null ? null : names.at(slot, region.start);
  }

  private static ClassDesc typeOf(Kind kind) {
    return switch (kind) {
      case INT -> CD_int;
      case LONG -> CD_long;
      case FLOAT -> CD_float;
      case DOUBLE -> CD_double;
      case REFERENCE -> CD_Object;
      case VOID -> CD_void;
    };
  }

  private void lift(Region region) {
    block = blocks.get(region);
    stack = stackAtStart(region);
    location = new Location(file, methodName, flow.line(region));
    assumeNulls(region);
    for (ExceptionCatch handler : region.handlers) {
      block.handler(
          new Block.Handler(
              handler.catchType().map(type -> type.asSymbol()).orElse(null),
              Successor.to(handlerEntry(flow.region(handler.handler())).block())));
    }
    for (int i = region.start; i < region.end; i++) {
      CodeElement element = flow.elements.get(i);
      switch (element) {
        case LineNumber line -> location = new Location(file, methodName, line.line());
        case LabelTarget _ -> {}
        default -> {
          block.at(location);
          try {
            lift(element, i);
          } catch (IndexOutOfBoundsException | NullPointerException e) {
            throw new LiftException(location, "its bytecode is malformed at " + element);
          }
        }
      }
    }
    if (!block.isFinished()) {
      block.at(location).branch(target(flow.next(region)));
    }
    writeStack(region);
  }

  private Block target(Region region) {
    return blocks.get(region).block();
  }

  private BlockBuilder handlerEntry(Region region) {
    BlockBuilder entry = handlerEntries.get(region);
    return entry == null ? blocks.get(region) : entry;
  }

  private void writeStack(Region region) {
    for (int depth = 0; depth < stack.size(); depth++) {
      Value value = stack.get(depth);
      ssa.write(stackSlot(depth, value.kind()), block, value);
    }
    stacksAtEnd.put(region, stack);
  }

  private List<Value> stackAtStart(Region region) {
    List<Value> result = new ArrayList<>();
    if (region.isHandler && !handlerEntries.containsKey(region)) {
      result.add(block.parameter(exceptionType(region)));
      return result;
    }
    BlockBuilder handlerEntry = handlerEntries.get(region);
    if (handlerEntry != null) {
      Value exception = handlerEntry.parameter(exceptionType(region));
      ssa.write(stackSlot(0, Kind.REFERENCE), handlerEntry, exception);
      handlerEntry.branch(block.block());
      result.add(ssa.parameter(stackSlot(0, Kind.REFERENCE), block));
      return result;
    }
    if (region.predecessors.isEmpty()) {
      return result;
    }
    if (region.predecessors.size() == 1 && region.index > 0) {
      List<Value> before = stacksAtEnd.get(region.predecessors.get(0));
      return new ArrayList<>(before == null ? List.of() : before);
    }
    if (region.frame == null) { // class files had no frames before Java 6
      for (Value value : stackOfAnyPredecessor(region)) {
        boolean isMark = uninitialized.containsKey(value);
        result.add(isMark ? value : ssa.parameter(stackSlot(result.size(), value.kind()), block));
      }
      return result;
    }
    for (VerificationTypeInfo type : region.frame.stack()) {
      if (type instanceof UninitializedVerificationTypeInfo mark && !isExact) {
        result.add(Objects.requireNonNull(uninitializedAt.get(flow.position(mark.newTarget()))));
      } else if (type == SimpleVerificationTypeInfo.NULL) {
        result.add(block.nullConstant(CD_Object));
      } else {
        Kind kind = Kind.of(type(type));
        result.add(ssa.parameter(stackSlot(result.size(), kind), block));
      }
    }
    return result;
  }

  private ClassDesc exceptionType(Region region) {
    return region.frame != null
            && region.frame.stack().get(0) instanceof ObjectVerificationTypeInfo thrown
        ? type(thrown)
        : CD_Throwable;
  }

  private List<Value> stackOfAnyPredecessor(Region region) {
    for (Region predecessor : region.predecessors) {
      List<Value> stack = stacksAtEnd.get(predecessor);
      if (stack != null) {
        return stack;
      }
    }
    return List.of();
  }

  /** Where the stack map has the type of null, no other type would fit all uses. */
  private void assumeNulls(Region region) {
    if (region.frame == null) {
      return;
    }
    int slot = 0;
    for (VerificationTypeInfo info : region.frame.locals()) {
      if (info == SimpleVerificationTypeInfo.NULL) {
        Value nothing = block.nullConstant(CD_Object);
        ssa.assume(local(slot, Kind.REFERENCE), block, nothing);
      }
      slot += slots(info);
    }
  }

  private static int slots(VerificationTypeInfo info) {
    boolean isWide =
        info == SimpleVerificationTypeInfo.LONG || info == SimpleVerificationTypeInfo.DOUBLE;
    return isWide ? 2 : 1;
  }

  private ClassDesc type(VerificationTypeInfo info) {
    return switch (info) {
      case ObjectVerificationTypeInfo object -> object.classSymbol();
      case SimpleVerificationTypeInfo simple ->
          switch (simple) {
            case INTEGER -> CD_int;
            case FLOAT -> CD_float;
            case LONG -> CD_long;
            case DOUBLE -> CD_double;
            case UNINITIALIZED_THIS -> owner;
            default -> CD_Object;
          };
      default -> CD_Object;
    };
  }

  private void push(Value value) {
    stack.add(value);
  }

  private Value pop() {
    return stack.remove(stack.size() - 1);
  }

  private List<Value> pop(int count) {
    List<Value> tail = stack.subList(stack.size() - count, stack.size());
    List<Value> values = List.copyOf(tail);
    tail.clear();
    return values;
  }

  private void lift(CodeElement element, int index) {
    switch (element) {
      case LoadInstruction load -> push(load(load.slot(), kind(load.typeKind())));
      case StoreInstruction store -> {
        Value value = names.stored(pop(), store.slot(), index);
        ssa.write(local(store.slot(), value.kind()), block, value);
      }
      case IncrementInstruction increment -> {
        Value old = load(increment.slot(), Kind.INT);
        Value sum = block.arithmetic(Arithmetic.ADD, old, block.constant(increment.constant()));
        names.stored(sum, increment.slot(), index);
        ssa.write(local(increment.slot(), Kind.INT), block, sum);
      }
      case ConstantInstruction constant -> push(constant(constant));
      case OperatorInstruction operator -> operator(operator.opcode());
      case ConvertInstruction convert -> push(block.convert(pop(), convert.toType().upperBound()));
      case StackInstruction shuffle -> shuffle(shuffle.opcode());
      case FieldInstruction field -> field(field);
      case InvokeInstruction invoke -> invoke(invoke);
      case InvokeDynamicInstruction invoke -> invokeDynamic(invoke);
      case NewObjectInstruction created when isExact -> {
        Value object = new Value(created.className().asSymbol());
        MethodRef allocation = MethodRef.ofAllocation(object.type());
        block.add(new Op.New(object, allocation, List.of(), location));
        push(object);
      }
      case NewObjectInstruction created -> {
        Value mark = new Value(created.className().asSymbol());
        uninitialized.put(mark, mark.type());
        uninitializedAt.put(labelBefore(index), mark);
        push(mark);
      }
      case NewPrimitiveArrayInstruction array ->
          push(block.newArray(array.typeKind().upperBound().arrayType(), pop()));
      case NewReferenceArrayInstruction array ->
          push(block.newArray(array.componentType().asSymbol().arrayType(), pop()));
      case NewMultiArrayInstruction array -> {
        Value result = new Value(array.arrayType().asSymbol());
        block.add(new Op.NewArray(result, pop(array.dimensions()), location));
        push(result);
      }
      case ArrayLoadInstruction load -> {
        Value at = pop();
        Value array = pop();
        Value result = new Value(elementType(array, load.opcode()));
        block.add(new Op.LoadElement(result, array, at, location));
        push(result);
      }
      case ArrayStoreInstruction store -> {
        Value value = pop();
        Value at = pop();
        Value array = pop();
        boolean isTyped = array.type().isArray() || value.kind() != Kind.INT;
        block.storeElement(array, at, isTyped ? value : narrowed(value, store.opcode()));
      }
      case TypeCheckInstruction check -> {
        if (check.opcode() == Opcode.CHECKCAST) {
          push(block.cast(pop(), check.type().asSymbol()));
        } else {
          Value result = new Value(CD_boolean);
          block.add(new Op.InstanceOf(result, check.type().asSymbol(), pop(), location));
          push(result);
        }
      }
      case MonitorInstruction monitor ->
          block.add(new Op.Monitor(monitor.opcode() == Opcode.MONITORENTER, pop(), location));
      case BranchInstruction branch -> branch(branch, index);
      case TableSwitchInstruction s -> switches(s.cases(), s.defaultTarget());
      case LookupSwitchInstruction s -> switches(s.cases(), s.defaultTarget());
      case ReturnInstruction returns ->
          block.returns(returns.opcode() == Opcode.RETURN ? null : pop());
      case ThrowInstruction _ -> block.end(new Terminator.Throw(pop(), location));
      case DiscontinuedInstruction _ ->
          throw new LiftException(location, "subroutines (jsr, ret) are not supported");
      case NopInstruction _ -> {}
      default -> {} // debug information
    }
  }

  /** Where nothing else tells the array's type, the stored value does. */
  private Value narrowed(Value value, Opcode opcode) {
    return switch (opcode) {
      case BASTORE -> block.convert(value, CD_byte);
      case CASTORE -> block.convert(value, CD_char);
      case SASTORE -> block.convert(value, CD_short);
      default -> value.type().equals(CD_int) ? value : block.convert(value, CD_int);
    };
  }

  private int labelBefore(int index) {
    int at = index;
    while (at > 0 && !(flow.elements.get(at) instanceof LabelTarget)) {
      at--;
      if (flow.elements.get(at) instanceof java.lang.classfile.Instruction) {
        return -index; // no label, so no frame speaks of this object
      }
    }
    return at;
  }

  private Value load(int slot, Kind kind) {
    return ssa.read(local(slot, kind), block);
  }

  private static Kind kind(java.lang.classfile.TypeKind kind) {
    return Kind.of(kind.upperBound());
  }

  private static ClassDesc elementType(Value array, Opcode opcode) {
    ClassDesc component = array.type().componentType();
    if (component != null) {
      return component;
    }
    return switch (opcode) {
      case IALOAD -> CD_int;
      case LALOAD -> CD_long;
      case FALOAD -> CD_float;
      case DALOAD -> CD_double;
      case BALOAD -> CD_byte;
      case CALOAD -> CD_char;
      case SALOAD -> CD_short;
      default -> CD_Object;
    };
  }

  private Value constant(ConstantInstruction instruction) {
    Object value = instruction.constantValue();
    if (instruction.opcode() == Opcode.ACONST_NULL) {
      return block.nullConstant(CD_Object);
    }
    return switch (value) {
      case Integer number -> block.constant(number.intValue());
      case Long number -> block.constant(number.longValue());
      case Float number -> block.constant(number.floatValue());
      case Double number -> block.constant(number.doubleValue());
      case String text -> block.constant(text);
      case ClassDesc type -> block.constant(CD_Class, type);
      case MethodTypeDesc type -> block.constant(CD_MethodType, type);
      case MethodHandleDesc handle -> block.constant(CD_MethodHandle, handle);
      case DynamicConstantDesc<?> dynamic -> block.constant(dynamic.constantType(), dynamic);
      default -> block.constant(instruction.typeKind().upperBound(), value);
    };
  }

  private void operator(Opcode opcode) {
    switch (opcode) {
      case INEG, LNEG, FNEG, DNEG -> push(block.negate(pop()));
      case ARRAYLENGTH -> push(block.arrayLength(pop()));
      case LCMP -> threeWay(0);
      case FCMPL, DCMPL -> threeWay(-1);
      case FCMPG, DCMPG -> threeWay(1);
      default -> {
        Value right = pop();
        push(block.arithmetic(arithmetic(opcode), pop(), right));
      }
    }
  }

  private static Arithmetic arithmetic(Opcode opcode) {
    return switch (opcode) {
      case IADD, LADD, FADD, DADD -> Arithmetic.ADD;
      case ISUB, LSUB, FSUB, DSUB -> Arithmetic.SUB;
      case IMUL, LMUL, FMUL, DMUL -> Arithmetic.MUL;
      case IDIV, LDIV, FDIV, DDIV -> Arithmetic.DIV;
      case IREM, LREM, FREM, DREM -> Arithmetic.REM;
      case IAND, LAND -> Arithmetic.AND;
      case IOR, LOR -> Arithmetic.OR;
      case IXOR, LXOR -> Arithmetic.XOR;
      case ISHL, LSHL -> Arithmetic.SHL;
      case ISHR, LSHR -> Arithmetic.SHR;
      case IUSHR, LUSHR -> Arithmetic.USHR;
      default -> throw new IllegalArgumentException("not arithmetic: " + opcode);
    };
  }

  private void threeWay(int ifUnordered) {
    Value right = pop();
    Value left = pop();
    Value result = new Value(CD_int);
    comparisons.put(result, new Op.ThreeWay(result, ifUnordered, left, right, location));
    push(result);
    block.add(comparisons.get(result));
  }

  private void branch(BranchInstruction branch, int index) {
    Opcode opcode = branch.opcode();
    Block target = target(flow.region(branch.target()));
    if (opcode == Opcode.GOTO || opcode == Opcode.GOTO_W) {
      block.branch(target);
      return;
    }
    Block next = target(flow.following(index));
    switch (opcode) {
      case IFEQ, IFNE, IFLT, IFLE, IFGT, IFGE -> branchOnZero(comparison(opcode), target, next);
      case IFNULL, IFNONNULL -> {
        Value left = pop();
        Value right = block.nullConstant(left.type());
        branch(comparison(opcode), left, right, target, next);
      }
      default -> {
        Value right = pop();
        branch(comparison(opcode), pop(), right, target, next);
      }
    }
  }

  private static Comparison comparison(Opcode opcode) {
    return switch (opcode) {
      case IFEQ, IF_ICMPEQ, IF_ACMPEQ, IFNULL -> Comparison.EQ;
      case IFNE, IF_ICMPNE, IF_ACMPNE, IFNONNULL -> Comparison.NE;
      case IFLT, IF_ICMPLT -> Comparison.LT;
      case IFLE, IF_ICMPLE -> Comparison.LE;
      case IFGT, IF_ICMPGT -> Comparison.GT;
      case IFGE, IF_ICMPGE -> Comparison.GE;
      default -> throw new IllegalArgumentException("not a comparison: " + opcode);
    };
  }

  private void branch(Comparison comparison, Value left, Value right, Block target, Block next) {
    Value condition = block.compare(comparison, left, right);
    block.branch(condition, Successor.to(target), Successor.to(next));
  }

  private void branchOnZero(Comparison comparison, Block target, Block next) {
    Value value = pop();
    Op.ThreeWay numbers = comparisons.get(value);
    if (numbers != null) {
      branchOnNumbers(comparison, numbers, target, next);
    } else if (comparison == Comparison.NE) {
      block.branch(value, Successor.to(target), Successor.to(next));
    } else if (comparison == Comparison.EQ) {
      block.branch(value, Successor.to(next), Successor.to(target));
    } else {
      branch(comparison, value, block.constant(0), target, next);
    }
  }

  /**
   * A NaN makes the three-way result {@code ifUnordered}, and IEEE comparisons false (but NE).
   * Where that result would satisfy the condition, the opposite comparison with exchanged targets
   * does the same: {@code fcmpg; ifge} is {@code !(a < b)}.
   */
  private void branchOnNumbers(
      Comparison comparison, Op.ThreeWay numbers, Block target, Block next) {
    List<Op> ops = block.block().ops();
    if (!ops.isEmpty() && ops.get(ops.size() - 1) == numbers) {
      block.removeLast();
    }
    int unordered = numbers.ifUnordered();
    boolean holdsForNaN =
        switch (comparison) {
          case LT, LE -> unordered < 0;
          case GT, GE -> unordered > 0;
          case EQ, NE -> false;
        };
    if (holdsForNaN) {
      branch(comparison.negated(), numbers.left(), numbers.right(), next, target);
    } else {
      branch(comparison, numbers.left(), numbers.right(), target, next);
    }
  }

  private void switches(List<SwitchCase> cases, java.lang.classfile.Label otherwise) {
    Value key = pop();
    List<Integer> labels = new ArrayList<>();
    List<Successor> targets = new ArrayList<>();
    for (SwitchCase one : cases) {
      labels.add(one.caseValue());
      targets.add(Successor.to(target(flow.region(one.target()))));
    }
    block.end(
        new Terminator.Switch(
            key, labels, targets, Successor.to(target(flow.region(otherwise))), location));
  }

  private void shuffle(Opcode opcode) {
    switch (opcode) {
      case POP -> pop();
      case POP2 -> {
        if (pop().kind().slots() == 1) {
          pop();
        }
      }
      case DUP -> insertBelow(1, 0);
      case DUP_X1 -> insertBelow(1, 1);
      case DUP_X2 -> insertBelow(1, 2);
      case DUP2 -> insertBelow(2, 0);
      case DUP2_X1 -> insertBelow(2, 1);
      case DUP2_X2 -> insertBelow(2, 2);
      case SWAP -> {
        Value top = pop();
        Value below = pop();
        push(top);
        push(below);
      }
      default -> throw new LiftException(location, "unknown stack instruction " + opcode);
    }
  }

  /** Copies the top slots and inserts the copy below the next ones; sizes are in slots. */
  private void insertBelow(int copied, int skipped) {
    int top = entries(stack.size(), copied);
    int under = entries(top, skipped);
    stack.addAll(under, List.copyOf(stack.subList(top, stack.size())));
  }

  /** Where the entries start that fill so many slots below a position. */
  private int entries(int position, int slots) {
    int at = position;
    for (int left = slots; left > 0; left -= stack.get(at).kind().slots()) {
      at--;
    }
    return at;
  }

  private void field(FieldInstruction instruction) {
    boolean isStatic =
        instruction.opcode() == Opcode.GETSTATIC || instruction.opcode() == Opcode.PUTSTATIC;
    FieldRef field =
        new FieldRef(
            instruction.owner().asSymbol(),
            instruction.name().stringValue(),
            instruction.typeSymbol(),
            isStatic);
    switch (instruction.opcode()) {
      case GETSTATIC -> push(block.loadField(field, null));
      case GETFIELD -> push(block.loadField(field, pop()));
      case PUTSTATIC -> block.storeField(field, null, pop());
      default -> {
        Value value = pop();
        block.storeField(field, pop(), value);
      }
    }
  }

  private void invoke(InvokeInstruction instruction) {
    MethodRef.Dispatch dispatch =
        switch (instruction.opcode()) {
          case INVOKESTATIC -> MethodRef.Dispatch.STATIC;
          case INVOKESPECIAL -> MethodRef.Dispatch.SPECIAL;
          case INVOKEINTERFACE -> MethodRef.Dispatch.INTERFACE;
          default -> MethodRef.Dispatch.VIRTUAL;
        };
    MethodRef target =
        new MethodRef(
            dispatch,
            instruction.owner().asSymbol(),
            instruction.name().stringValue(),
            instruction.typeSymbol(),
            instruction.isInterface());
    int receivers = dispatch == MethodRef.Dispatch.STATIC ? 0 : 1;
    List<Value> arguments = pop(target.type().parameterCount() + receivers);
    if (target.name().equals(INIT_NAME) && uninitialized.containsKey(arguments.get(0))) {
      Value mark = arguments.get(0);
      Value created = new Value(mark.type());
      block.add(new Op.New(created, target, arguments.subList(1, arguments.size()), location));
      stack.replaceAll(value -> value == mark ? created : value);
      return;
    }
    pushResult(
        target.type().returnType(), result -> new Op.Call(result, target, arguments, location));
  }

  private void invokeDynamic(InvokeDynamicInstruction instruction) {
    var site = instruction.invokedynamic().asSymbol();
    List<Value> arguments = pop(site.invocationType().parameterCount());
    LambdaRef lambda = LambdaRef.of(site).orElse(null);
    if (lambda != null) {
      Value result = new Value(lambda.functionalInterface());
      block.add(new Op.Lambda(result, lambda, arguments, location));
      push(result);
    } else {
      pushResult(
          site.invocationType().returnType(),
          result -> new Op.InvokeDynamic(result, site, arguments, location));
    }
  }

  private void pushResult(
      ClassDesc type, java.util.function.Function<@Nullable Value, Op> operation) {
    if (type.equals(CD_void)) {
      block.add(operation.apply(null));
    } else {
      Value result = new Value(type);
      block.add(operation.apply(result));
      push(result);
    }
  }
}

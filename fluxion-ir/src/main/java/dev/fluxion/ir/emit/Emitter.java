package dev.fluxion.ir.emit;

import static java.lang.constant.ConstantDescs.CD_CallSite;
import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_MethodHandles;
import static java.lang.constant.ConstantDescs.CD_MethodHandles_Lookup;
import static java.lang.constant.ConstantDescs.CD_MethodType;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a body as bytecode.
 *
 * <p>Stack map frames are written from the types of the values that are live, so no class is loaded
 * to find them.
 */
final class Emitter {
  private static final ClassDesc LINKAGE = ClassDesc.of("dev.fluxion.ir.emit.Linkage");
  private static final DirectMethodHandleDesc CLASS_DATA_AT =
      MethodHandleDesc.ofMethod(
          DirectMethodHandleDesc.Kind.STATIC,
          CD_MethodHandles,
          "classDataAt",
          MethodTypeDesc.of(CD_Object, CD_MethodHandles_Lookup, CD_String, CD_Class, CD_int));
  private static final DirectMethodHandleDesc LINK =
      MethodHandleDesc.ofMethod(
          DirectMethodHandleDesc.Kind.STATIC,
          LINKAGE,
          "function",
          MethodTypeDesc.of(
              CD_CallSite, CD_MethodHandles_Lookup, CD_String, CD_MethodType, CD_int));
  private static final DirectMethodHandleDesc LINK_SPECIAL =
      MethodHandleDesc.ofMethod(
          DirectMethodHandleDesc.Kind.STATIC,
          LINKAGE,
          "special",
          MethodTypeDesc.of(
              CD_CallSite, CD_MethodHandles_Lookup, CD_String, CD_MethodType, CD_Class, CD_Class));

  private final Body body;
  private final ClassDesc self;
  private final String methodName;
  private final @Nullable Function function;
  private final CodeBuilder code;
  private final List<Object> classData;
  private final String file;
  private final Slots slots;
  private final Map<Block, Label> labels = new HashMap<>();
  private final Set<Block> handlers = new HashSet<>();
  private final List<StackMapFrameInfo> frames = new ArrayList<>();
  private int line;

  private record Pending(Label label, Successor successor) {}

  /**
   * An emitter of one method.
   *
   * @param self the class that is written
   * @param methodName the method's name in it
   * @param function the function that the method is, so that it can call itself
   * @param classData collects live objects, which the class gets as its class data
   */
  Emitter(
      Body body,
      ClassDesc self,
      String methodName,
      @Nullable Function function,
      CodeBuilder code,
      List<Object> classData,
      String file) {
    this.body = body;
    this.self = self;
    this.methodName = methodName;
    this.function = function;
    this.code = code;
    this.classData = classData;
    this.file = file;
    this.slots = new Slots(body);
  }

  void emit() {
    List<Block> blocks = body.blocks();
    for (Block block : blocks) {
      labels.put(block, code.newLabel());
      for (Block.Handler handler : block.handlers()) {
        handlers.add(handler.target().block());
      }
    }
    for (int b = 0; b < blocks.size(); b++) {
      Block block = blocks.get(b);
      emit(block, b + 1 < blocks.size() ? blocks.get(b + 1) : null);
    }
    if (!frames.isEmpty()) {
      code.with(StackMapTableAttribute.of(frames));
    }
  }

  private void emit(Block block, @Nullable Block next) {
    Label start = labels.get(block);
    code.labelBinding(start);
    boolean isHandler = handlers.contains(block);
    if (block != body.entry()) {
      List<Value> live = new ArrayList<>(slots.liveIn(block));
      List<VerificationTypeInfo> stack = List.of();
      List<Value> parameters = block.parameters();
      if (isHandler) {
        stack = List.of(verificationType(parameters.get(0).type()));
        parameters = parameters.subList(1, parameters.size());
      }
      for (Value parameter : parameters) {
        if (slots.hasSlot(parameter)) {
          live.add(parameter);
        }
      }
      frame(start, live, stack);
      if (isHandler) {
        store(block.parameters().get(0));
      }
    }
    Label bodyStart = null;
    if (!block.handlers().isEmpty()) {
      bodyStart = code.newBoundLabel();
    }
    boolean isEmpty = true;
    for (Op op : block.ops()) {
      Value result = op.result();
      if (result != null && slots.inline(result) != null) {
        continue;
      }
      isEmpty = false;
      line(op.location());
      operation(op);
      if (result != null) {
        store(result);
      }
    }
    line(block.terminator().location());
    if (isEmpty
        && block.terminator() instanceof Terminator.Branch branch
        && branch.target().block() == next
        && !moves(branch.target())) {
      code.nop(); // two blocks must not start at one place, for each has its frame
    }
    if (bodyStart == null) {
      terminator(block.terminator(), next);
      return;
    }
    // moves into the slots of what follows may overwrite what the handlers read, and cannot throw
    boolean mayThrow = block.terminator() instanceof Terminator.Throw;
    Label bodyEnd = mayThrow ? null : code.newBoundLabel();
    terminator(block.terminator(), null);
    if (mayThrow || !isEmpty) {
      protect(block, bodyStart, bodyEnd == null ? code.newBoundLabel() : bodyEnd);
    }
  }

  /** Exceptions enter a piece of code that moves the handler's arguments into place. */
  private void protect(Block block, Label bodyStart, Label bodyEnd) {
    for (Block.Handler handler : block.handlers()) {
      Block target = handler.target().block();
      List<Value> arguments = handler.target().arguments();
      Label entry = labels.get(target);
      if (!arguments.isEmpty()) {
        entry = code.newBoundLabel();
        List<Value> live = new ArrayList<>(slots.liveIn(target));
        for (Value argument : arguments) {
          slots.leaves(argument, live);
        }
        ClassDesc exception = target.parameters().get(0).type();
        frame(entry, live, List.of(verificationType(exception)));
        move(target.parameters().subList(1, target.parameters().size()), arguments);
        code.goto_(labels.get(target));
      }
      if (handler.type() == null) {
        code.exceptionCatchAll(bodyStart, bodyEnd, entry);
      } else {
        code.exceptionCatch(bodyStart, bodyEnd, entry, handler.type());
      }
    }
  }

  private void frame(Label label, List<Value> live, List<VerificationTypeInfo> stack) {
    VerificationTypeInfo[] bySlot = new VerificationTypeInfo[slots.count() + 1];
    int end = 0;
    for (Value value : live) {
      int slot = slots.slot(value);
      bySlot[slot] = verificationType(value.type());
      end = Math.max(end, slot + 1);
    }
    List<VerificationTypeInfo> locals = new ArrayList<>();
    for (int slot = 0; slot < end; slot++) {
      VerificationTypeInfo type = bySlot[slot];
      locals.add(type == null ? SimpleVerificationTypeInfo.TOP : type);
      if (type == SimpleVerificationTypeInfo.LONG || type == SimpleVerificationTypeInfo.DOUBLE) {
        slot++;
      }
    }
    frames.add(StackMapFrameInfo.of(label, locals, stack));
  }

  private static VerificationTypeInfo verificationType(ClassDesc type) {
    return switch (Kind.of(type)) {
      case INT -> SimpleVerificationTypeInfo.INTEGER;
      case LONG -> SimpleVerificationTypeInfo.LONG;
      case FLOAT -> SimpleVerificationTypeInfo.FLOAT;
      case DOUBLE -> SimpleVerificationTypeInfo.DOUBLE;
      default -> ObjectVerificationTypeInfo.of(type);
    };
  }

  private void line(Location location) {
    if (location.line() > 0 && location.line() != line && location.file().equals(file)) {
      line = location.line();
      code.lineNumber(line);
    }
  }

  private static TypeKind typeKind(Value value) {
    return typeKind(value.kind());
  }

  private static TypeKind typeKind(Kind kind) {
    return switch (kind) {
      case INT -> TypeKind.INT;
      case LONG -> TypeKind.LONG;
      case FLOAT -> TypeKind.FLOAT;
      case DOUBLE -> TypeKind.DOUBLE;
      case REFERENCE -> TypeKind.REFERENCE;
      case VOID -> TypeKind.VOID;
    };
  }

  private void store(Value value) {
    if (slots.hasSlot(value)) {
      code.storeLocal(typeKind(value), slots.slot(value));
    } else if (value.kind().slots() == 2) {
      code.pop2();
    } else {
      code.pop();
    }
  }

  private void push(Value value) {
    Op op = slots.inline(value);
    if (op == null) {
      code.loadLocal(typeKind(value), slots.slot(value));
    } else {
      operation(op);
    }
  }

  private void push(List<Value> values) {
    for (Value value : values) {
      push(value);
    }
  }

  private void terminator(Terminator end, @Nullable Block next) {
    switch (end) {
      case Terminator.Branch branch -> {
        move(branch.target());
        jump(branch.target().block(), next);
      }
      case Terminator.ConditionalBranch branch -> conditional(branch, next);
      case Terminator.Switch choice -> choose(choice);
      case Terminator.Return returned -> {
        Value value = returned.value();
        if (value == null) {
          code.return_();
        } else {
          push(value);
          code.return_(typeKind(value));
        }
      }
      case Terminator.Throw thrown -> {
        push(thrown.exception());
        code.athrow();
      }
    }
  }

  private void jump(Block target, @Nullable Block next) {
    if (target != next) {
      code.goto_(labels.get(target));
    }
  }

  private boolean moves(Successor successor) {
    List<Value> parameters = successor.block().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      if (needsMove(parameters.get(i), successor.arguments().get(i))) {
        return true;
      }
    }
    return false;
  }

  private boolean needsMove(Value parameter, Value argument) {
    return slots.hasSlot(parameter)
        && !(slots.inline(argument) == null && slots.slot(argument) == slots.slot(parameter));
  }

  private void move(Successor successor) {
    move(successor.block().parameters(), successor.arguments());
  }

  /** All arguments go to the operand stack before any parameter changes. */
  private void move(List<Value> parameters, List<Value> arguments) {
    List<Value> pushed = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      if (needsMove(parameters.get(i), arguments.get(i))) {
        push(arguments.get(i));
        pushed.add(parameters.get(i));
      }
    }
    for (int i = pushed.size() - 1; i >= 0; i--) {
      store(pushed.get(i));
    }
  }

  private void conditional(Terminator.ConditionalBranch branch, @Nullable Block next) {
    Successor ifTrue = branch.ifTrue();
    Successor ifFalse = branch.ifFalse();
    if (ifTrue.block() == next && !moves(ifTrue) && !moves(ifFalse)) {
      jumpIf(branch.condition(), false, labels.get(ifFalse.block()));
      return;
    }
    Pending edge = null;
    Label target = labels.get(ifTrue.block());
    if (moves(ifTrue)) {
      target = code.newLabel();
      edge = new Pending(target, ifTrue);
    }
    jumpIf(branch.condition(), true, target);
    move(ifFalse);
    if (edge == null) {
      jump(ifFalse.block(), next);
    } else {
      code.goto_(labels.get(ifFalse.block()));
      enter(edge);
      move(ifTrue);
      jump(ifTrue.block(), next);
    }
  }

  /** Starts the code of an edge, where the values live that the target and the moves read. */
  private void enter(Pending edge) {
    code.labelBinding(edge.label);
    List<Value> live = new ArrayList<>(slots.liveIn(edge.successor.block()));
    for (Value argument : edge.successor.arguments()) {
      slots.leaves(argument, live);
    }
    frame(edge.label, live, List.of());
  }

  private void choose(Terminator.Switch choice) {
    List<Pending> edges = new ArrayList<>();
    List<SwitchCase> cases = new ArrayList<>();
    for (int i = 0; i < choice.labels().size(); i++) {
      cases.add(SwitchCase.of(choice.labels().get(i), edge(choice.targets().get(i), edges)));
    }
    Label otherwise = edge(choice.otherwise(), edges);
    push(choice.key());
    if (cases.isEmpty()) {
      code.pop();
      code.goto_(otherwise);
    } else {
      int low = cases.getFirst().caseValue();
      int high = low;
      for (SwitchCase one : cases) {
        low = Math.min(low, one.caseValue());
        high = Math.max(high, one.caseValue());
      }
      long range = (long) high - low + 1;
      if (range <= 4L * cases.size() + 8) {
        code.tableswitch(low, high, otherwise, cases);
      } else {
        cases.sort((a, b) -> Integer.compare(a.caseValue(), b.caseValue()));
        code.lookupswitch(otherwise, cases);
      }
    }
    for (Pending edge : edges) {
      enter(edge);
      move(edge.successor);
      code.goto_(labels.get(edge.successor.block()));
    }
  }

  private Label edge(Successor successor, List<Pending> edges) {
    if (!moves(successor)) {
      return labels.get(successor.block());
    }
    Label label = code.newLabel();
    edges.add(new Pending(label, successor));
    return label;
  }

  private void jumpIf(Value condition, boolean expected, Label target) {
    if (slots.inline(condition) instanceof Op.Compare compare) {
      compareAndJump(compare, expected, target);
    } else {
      push(condition);
      if (expected) {
        code.ifne(target);
      } else {
        code.ifeq(target);
      }
    }
  }

  /** A comparison with NaN is false (but NE), so the three-way result must then not satisfy it. */
  private void compareAndJump(Op.Compare compare, boolean expected, Label target) {
    Comparison comparison = compare.comparison();
    Kind kind = compare.left().kind();
    if (kind == Kind.REFERENCE) {
      boolean equal = (comparison == Comparison.EQ) == expected;
      push(compare.left());
      if (isNull(compare.right())) {
        jump(equal, target);
      } else {
        push(compare.right());
        if (equal) {
          code.if_acmpeq(target);
        } else {
          code.if_acmpne(target);
        }
      }
      return;
    }
    Comparison tested = expected ? comparison : comparison.negated();
    push(compare.left());
    if (kind == Kind.INT) {
      if (isZero(compare.right())) {
        jumpOnZero(tested, target);
      } else {
        push(compare.right());
        jumpOnInts(tested, target);
      }
      return;
    }
    push(compare.right());
    boolean less = comparison == Comparison.LT || comparison == Comparison.LE;
    switch (kind) {
      case LONG -> code.lcmp();
      case FLOAT -> {
        if (less) {
          code.fcmpg();
        } else {
          code.fcmpl();
        }
      }
      default -> {
        if (less) {
          code.dcmpg();
        } else {
          code.dcmpl();
        }
      }
    }
    jumpOnZero(tested, target);
  }

  private void jump(boolean ifNull, Label target) {
    if (ifNull) {
      code.ifnull(target);
    } else {
      code.ifnonnull(target);
    }
  }

  private boolean isNull(Value value) {
    return slots.inline(value) instanceof Op.Constant constant && constant.value() == null;
  }

  private boolean isZero(Value value) {
    return slots.inline(value) instanceof Op.Constant constant
        && constant.value() instanceof Integer number
        && number == 0;
  }

  private void jumpOnZero(Comparison comparison, Label target) {
    switch (comparison) {
      case EQ -> code.ifeq(target);
      case NE -> code.ifne(target);
      case LT -> code.iflt(target);
      case LE -> code.ifle(target);
      case GT -> code.ifgt(target);
      case GE -> code.ifge(target);
    }
  }

  private void jumpOnInts(Comparison comparison, Label target) {
    switch (comparison) {
      case EQ -> code.if_icmpeq(target);
      case NE -> code.if_icmpne(target);
      case LT -> code.if_icmplt(target);
      case LE -> code.if_icmple(target);
      case GT -> code.if_icmpgt(target);
      case GE -> code.if_icmpge(target);
    }
  }

  private void operation(Op op) {
    switch (op) {
      case Op.Constant constant -> constant(constant);
      case Op.Negate negate -> {
        push(negate.operand());
        switch (negate.operand().kind()) {
          case INT -> code.ineg();
          case LONG -> code.lneg();
          case FLOAT -> code.fneg();
          default -> code.dneg();
        }
      }
      case Op.Binary binary -> {
        push(binary.left());
        push(binary.right());
        arithmetic(binary.operator(), binary.left().kind());
      }
      case Op.Compare compare -> materialise(compare);
      case Op.ThreeWay compare -> {
        push(compare.left());
        push(compare.right());
        switch (compare.left().kind()) {
          case LONG -> code.lcmp();
          case FLOAT -> {
            if (compare.ifUnordered() > 0) {
              code.fcmpg();
            } else {
              code.fcmpl();
            }
          }
          default -> {
            if (compare.ifUnordered() > 0) {
              code.dcmpg();
            } else {
              code.dcmpl();
            }
          }
        }
      }
      case Op.Convert convert -> convert(convert);
      case Op.Cast cast -> {
        push(cast.operand());
        code.checkcast(cast.result().type());
      }
      case Op.InstanceOf test -> {
        push(test.operand());
        code.instanceOf(test.target());
      }
      case Op.NewArray array -> newArray(array);
      case Op.ArrayLength length -> {
        push(length.array());
        code.arraylength();
      }
      case Op.LoadElement load -> {
        push(load.array());
        push(load.index());
        code.arrayLoad(elementKind(load.array(), load.result()));
      }
      case Op.StoreElement store -> {
        push(store.operands());
        code.arrayStore(elementKind(store.array(), store.value()));
      }
      case Op.LoadField load -> {
        FieldRef field = load.field();
        Value receiver = load.receiver();
        if (receiver == null) {
          code.getstatic(field.owner(), field.name(), field.type());
        } else {
          push(receiver);
          code.getfield(field.owner(), field.name(), field.type());
        }
      }
      case Op.StoreField store -> {
        FieldRef field = store.field();
        push(store.operands());
        if (store.receiver() == null) {
          code.putstatic(field.owner(), field.name(), field.type());
        } else {
          code.putfield(field.owner(), field.name(), field.type());
        }
      }
      case Op.Call call -> call(call);
      case Op.New created -> {
        code.new_(created.result().type());
        code.dup();
        push(created.arguments());
        code.invokespecial(created.constructor().owner(), INIT_NAME, created.constructor().type());
      }
      case Op.Lambda lambda -> {
        push(lambda.captured());
        code.invokedynamic(lambda.lambda().site());
      }
      case Op.InvokeDynamic dynamic -> {
        push(dynamic.arguments());
        code.invokedynamic(dynamic.site());
      }
      case Op.Apply apply -> apply(apply);
      case Op.Monitor monitor -> {
        push(monitor.object());
        if (monitor.enter()) {
          code.monitorenter();
        } else {
          code.monitorexit();
        }
      }
    }
  }

  private void constant(Op.Constant constant) {
    Object value = constant.value();
    switch (value) {
      case null -> code.aconst_null();
      case Integer number -> code.loadConstant((int) number);
      case Long number -> code.loadConstant((long) number);
      case Float number -> code.loadConstant((float) number);
      case Double number -> code.loadConstant((double) number);
      case ConstantDesc description -> code.loadConstant(description);
      default -> {
        ClassDesc type =
            value instanceof java.lang.invoke.MethodHandle ? CD_MethodHandle : CD_Object;
        classData.add(value);
        code.loadConstant(
            DynamicConstantDesc.ofNamed(CLASS_DATA_AT, "_", type, classData.size() - 1));
        if (type == CD_Object && !constant.result().type().equals(CD_Object)) {
          code.checkcast(constant.result().type());
        }
      }
    }
  }

  private void arithmetic(Arithmetic operator, Kind kind) {
    switch (kind) {
      case INT -> {
        switch (operator) {
          case ADD -> code.iadd();
          case SUB -> code.isub();
          case MUL -> code.imul();
          case DIV -> code.idiv();
          case REM -> code.irem();
          case AND -> code.iand();
          case OR -> code.ior();
          case XOR -> code.ixor();
          case SHL -> code.ishl();
          case SHR -> code.ishr();
          case USHR -> code.iushr();
        }
      }
      case LONG -> {
        switch (operator) {
          case ADD -> code.ladd();
          case SUB -> code.lsub();
          case MUL -> code.lmul();
          case DIV -> code.ldiv();
          case REM -> code.lrem();
          case AND -> code.land();
          case OR -> code.lor();
          case XOR -> code.lxor();
          case SHL -> code.lshl();
          case SHR -> code.lshr();
          case USHR -> code.lushr();
        }
      }
      case FLOAT -> {
        switch (operator) {
          case ADD -> code.fadd();
          case SUB -> code.fsub();
          case MUL -> code.fmul();
          case DIV -> code.fdiv();
          case REM -> code.frem();
          default -> throw new IllegalStateException("no " + operator + " of floats");
        }
      }
      default -> {
        switch (operator) {
          case ADD -> code.dadd();
          case SUB -> code.dsub();
          case MUL -> code.dmul();
          case DIV -> code.ddiv();
          case REM -> code.drem();
          default -> throw new IllegalStateException("no " + operator + " of doubles");
        }
      }
    }
  }

  /** A comparison whose result is used as a number: 1 or 0 without a branch in between frames. */
  private void materialise(Op.Compare compare) {
    Kind kind = compare.left().kind();
    push(compare.left());
    push(compare.right());
    ClassDesc operand =
        switch (kind) {
          case INT -> CD_int;
          case LONG -> java.lang.constant.ConstantDescs.CD_long;
          case FLOAT -> java.lang.constant.ConstantDescs.CD_float;
          case DOUBLE -> java.lang.constant.ConstantDescs.CD_double;
          default -> CD_Object;
        };
    code.invokestatic(
        LINKAGE,
        compare.comparison().name().toLowerCase(java.util.Locale.ROOT),
        MethodTypeDesc.of(java.lang.constant.ConstantDescs.CD_boolean, operand, operand));
  }

  private void convert(Op.Convert convert) {
    push(convert.operand());
    TypeKind from = typeKind(convert.operand());
    TypeKind to = TypeKind.from(convert.result().type());
    if (to.asLoadable() != to && from != TypeKind.INT) {
      code.conversion(from, TypeKind.INT);
      code.conversion(TypeKind.INT, to);
    } else if (from != to) {
      code.conversion(from, to);
    }
  }

  private void newArray(Op.NewArray array) {
    push(array.lengths());
    ClassDesc type = array.result().type();
    if (array.lengths().size() > 1) {
      code.multianewarray(type, array.lengths().size());
      return;
    }
    ClassDesc component = type.componentType();
    if (component.isPrimitive()) {
      code.newarray(TypeKind.from(component));
    } else {
      code.anewarray(component);
    }
  }

  private static TypeKind elementKind(Value array, Value element) {
    ClassDesc component = array.type().componentType();
    return component == null ? TypeKind.from(element.type()) : TypeKind.from(component);
  }

  private void call(Op.Call call) {
    MethodRef method = call.method();
    push(call.arguments());
    switch (method.dispatch()) {
      case STATIC ->
          code.invokestatic(
              method.owner(), method.name(), method.type(), method.ownerIsInterface());
      case VIRTUAL -> code.invokevirtual(method.owner(), method.name(), method.type());
      case INTERFACE -> code.invokeinterface(method.owner(), method.name(), method.type());
      case SPECIAL -> // a hidden class is no subclass, so a handle makes the call
          code.invokedynamic(
              DynamicCallSiteDesc.of(
                  LINK_SPECIAL,
                  method.name(),
                  method.type().insertParameterTypes(0, call.arguments().get(0).type()),
                  method.owner(),
                  call.arguments().get(0).type()));
    }
  }

  private void apply(Op.Apply apply) {
    push(apply.arguments());
    Function callee = apply.function();
    if (callee == function) {
      code.invokestatic(self, methodName, callee.type());
    } else {
      classData.add(callee);
      code.invokedynamic(
          DynamicCallSiteDesc.of(LINK, "apply", callee.type(), classData.size() - 1));
    }
  }
}

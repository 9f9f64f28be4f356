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
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

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
import java.lang.classfile.attribute.StackMapFrameInfo.UninitializedVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
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
  private static final DirectMethodHandleDesc LINK = link("function", CD_int);
  private static final DirectMethodHandleDesc LINK_SPECIAL = link("special", CD_Class, CD_Class);
  private static final DirectMethodHandleDesc LINK_FIELD = link("field", CD_Class);
  private static final DirectMethodHandleDesc LINK_METHOD = link("method", CD_Class, CD_int);

  private final Body body;
  private final ClassDesc self;
  private final Map<Function, String> members;
  private final boolean isMember;
  private final CodeBuilder code;
  private final List<Object> classData;
  private final String file;
  private final Access access;
  private final Nesting nesting;
  private final Slots slots;
  private final @Nullable Construction construction;
  private final boolean hasFrames;
  private final Map<ClassDesc, VerificationTypeInfo> frameTypes = new HashMap<>();
  private final Map<Block, Label> labels = new HashMap<>();
  private final Set<Block> handlers = new HashSet<>();
  private final List<StackMapFrameInfo> frames = new ArrayList<>();
  private final List<HandlerEntry> handlerEntries = new ArrayList<>();
  private final Map<Value, Label> allocated = new HashMap<>();
  private Set<Value> unready = Set.of();
  private final @Nullable Traces traces;
  private int line;

  private record Pending(Label label, Successor successor) {}

  /** A method that links call sites, and what it takes besides the caller, a name and a type. */
  private static DirectMethodHandleDesc link(String name, ClassDesc... more) {
    MethodTypeDesc type =
        MethodTypeDesc.of(CD_CallSite, CD_MethodHandles_Lookup, CD_String, CD_MethodType);
    return MethodHandleDesc.ofMethod(
        DirectMethodHandleDesc.Kind.STATIC, LINKAGE, name, type.insertParameterTypes(3, more));
  }

  /** Code that moves a handler's arguments into place, entered by exceptions. */
  private record HandlerEntry(Label label, Successor target, Set<Value> unready) {}

  /**
   * An emitter of a static method that a function becomes, in a hidden class.
   *
   * @param nesting that of the body
   * @param self the class that is written
   * @param members the functions that are methods of it, this one among them, and their names
   * @param classData collects live objects, which the class gets as its class data
   * @param access what is out of an instruction's reach
   */
  Emitter(
      Body body,
      Nesting nesting,
      ClassDesc self,
      Map<Function, String> members,
      CodeBuilder code,
      List<Object> classData,
      String file,
      Access access) {
    this(body, nesting, self, members, code, classData, file, access, false, false, true, Set.of());
  }

  private Emitter(
      Body body,
      Nesting nesting,
      ClassDesc self,
      Map<Function, String> members,
      CodeBuilder code,
      List<Object> classData,
      String file,
      Access access,
      boolean isMember,
      boolean isConstructor,
      boolean hasFrames,
      Set<Value> pinned) {
    this.body = body;
    this.self = self;
    this.members = members;
    this.isMember = isMember;
    this.code = code;
    this.classData = classData;
    this.file = file;
    this.access = access;
    this.hasFrames = hasFrames;
    Value receiver = isConstructor ? body.parameters().get(0) : null;
    this.nesting = nesting;
    Set<Value> kept = new HashSet<>(pinned);
    if (receiver != null) {
      kept.add(receiver);
    }
    this.slots = new Slots(body, nesting, kept, hasFrames);
    this.traces = !isMember && Traces.isWorthwhile(body) ? new Traces(code) : null;
    this.construction = hasFrames ? Construction.of(body, nesting, receiver) : null;
  }

  /** An emitter of a method that belongs to its class like any other. */
  static Emitter ofMember(
      Body body,
      ClassDesc self,
      boolean isConstructor,
      boolean hasFrames,
      Set<Value> pinned,
      CodeBuilder code) {
    String file = body.entry().terminator().location().file();
    return new Emitter(
        body,
        new Nesting(body, true),
        self,
        Map.of(),
        code,
        List.of(),
        file,
        Access.OWN,
        true,
        isConstructor,
        hasFrames,
        pinned);
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
    for (HandlerEntry entry : handlerEntries) {
      emit(entry);
    }
    if (traces != null) {
      frames.addAll(traces.emit());
    }
    if (!frames.isEmpty()) {
      code.with(StackMapTableAttribute.of(frames));
    }
  }

  private void emit(Block block, @Nullable Block next) {
    Label start = labels.get(block);
    code.labelBinding(start);
    boolean isHandler = handlers.contains(block);
    if (construction != null) {
      unready = construction.unreadyAt(block);
    }
    if (block != body.entry()) {
      List<Value> live = new ArrayList<>(slots.liveIn(block));
      List<VerificationTypeInfo> stack = List.of();
      List<Value> parameters = block.parameters();
      if (isHandler) {
        stack = List.of(verificationType(parameters.get(0)));
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
    Set<Value> unreadyAtStart = unready;
    Label bodyStart = null;
    if (!block.handlers().isEmpty()) {
      bodyStart = code.newBoundLabel();
    }
    boolean isEmpty = true;
    for (Op op : block.ops()) {
      if (nesting.isWrittenElsewhere(op)) {
        continue;
      }
      isEmpty = false;
      line(op.location());
      operation(op);
      Value result = nesting.definedBy(op);
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
    if (construction != null && !construction.isSteady(block)) {
      throw new IllegalArgumentException(
          "an object is under construction in part of a block whose exceptions are handled");
    }
    // moves into the slots of what follows may overwrite what the handlers read, and cannot throw
    boolean mayThrow = block.terminator() instanceof Terminator.Throw;
    Label bodyEnd = mayThrow ? null : code.newBoundLabel();
    terminator(block.terminator(), next);
    if (mayThrow || !isEmpty) {
      protect(block, bodyStart, bodyEnd == null ? code.newBoundLabel() : bodyEnd, unreadyAtStart);
    }
  }

  /** Whether an operation calls a piece of the same method, which shows its lines itself. */
  private boolean isPiece(Op op) {
    return op instanceof Op.Apply apply
        && apply.location().line() == 0
        && members.containsKey(apply.function());
  }

  private void protect(Block block, Label bodyStart, Label bodyEnd, Set<Value> unreadyAtStart) {
    for (Block.Handler handler : block.handlers()) {
      Label entry = entry(handler.target(), unreadyAtStart);
      if (handler.type() == null) {
        code.exceptionCatchAll(bodyStart, bodyEnd, entry);
      } else {
        code.exceptionCatch(bodyStart, bodyEnd, entry, handler.type());
      }
    }
  }

  /** Where exceptions go: to the handler itself if it finds all in place. */
  private Label entry(Successor target, Set<Value> unreadyAtStart) {
    List<Value> parameters = target.block().parameters();
    if (!moves(parameters.subList(1, parameters.size()), target.arguments())) {
      return labels.get(target.block());
    }
    for (HandlerEntry known : handlerEntries) {
      if (known.target.equals(target) && known.unready.equals(unreadyAtStart)) {
        return known.label;
      }
    }
    HandlerEntry added = new HandlerEntry(code.newLabel(), target, unreadyAtStart);
    handlerEntries.add(added);
    return added.label;
  }

  private void emit(HandlerEntry entry) {
    code.labelBinding(entry.label);
    unready = entry.unready;
    Block target = entry.target.block();
    List<Value> parameters = target.parameters();
    List<Value> live = new ArrayList<>(slots.liveIn(target));
    for (Value argument : entry.target.arguments()) {
      slots.leaves(argument, live);
    }
    frame(entry.label, live, List.of(verificationType(parameters.get(0))));
    move(parameters.subList(1, parameters.size()), entry.target.arguments());
    code.goto_(labels.get(target));
  }

  private void frame(Label label, List<Value> live, List<VerificationTypeInfo> stack) {
    if (!hasFrames) {
      return;
    }
    VerificationTypeInfo[] bySlot = new VerificationTypeInfo[slots.count() + 1];
    int end = 0;
    for (Value value : live) {
      int slot = slots.slot(value);
      bySlot[slot] = verificationType(value);
      end = Math.max(end, slot + 1);
    }
    if (construction != null && construction.receiver() != null) {
      bySlot[0] = verificationType(construction.receiver()); // a flag of the frame depends on it
      end = Math.max(end, 1);
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

  private VerificationTypeInfo verificationType(Value value) {
    if (unready.contains(value)) {
      return construction != null && construction.receiver() == value
          ? SimpleVerificationTypeInfo.UNINITIALIZED_THIS
          : UninitializedVerificationTypeInfo.of(allocatedAt(value));
    }
    ClassDesc type = value.type();
    return switch (Kind.of(type)) {
      case INT -> SimpleVerificationTypeInfo.INTEGER;
      case LONG -> SimpleVerificationTypeInfo.LONG;
      case FLOAT -> SimpleVerificationTypeInfo.FLOAT;
      case DOUBLE -> SimpleVerificationTypeInfo.DOUBLE;
      default -> frameTypes.computeIfAbsent(type, this::frameType);
    };
  }

  private VerificationTypeInfo frameType(ClassDesc type) {
    ClassDesc known = comesAsObject(type) ? CD_Object : type;
    return ObjectVerificationTypeInfo.of(code.constantPool().classEntry(known));
  }

  /** Whether values of a class that this code may not name come from calls that give objects. */
  private boolean comesAsObject(ClassDesc type) {
    if (access.isNameable(type)) {
      return false; // quick to tell, and mostly so
    }
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        boolean isCall = op instanceof Op.Apply || (op instanceof Op.Call call && isHandle(call));
        if (isCall && op.result() != null && op.result().type().equals(type)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isHandle(Op.Call call) {
    return call.method().owner().equals(CD_MethodHandle)
        && call.method().name().equals("invokeExact");
  }

  private Label allocatedAt(Value object) {
    return allocated.computeIfAbsent(object, _ -> code.newLabel());
  }

  /** What follows comes from where an operation does. */
  private void at(Op op) {
    line(op.location());
    if (traces != null && isPiece(op)) {
      traces.stop();
    } else if (traces != null) {
      traces.at(op.location());
    }
  }

  private void line(Location location) {
    if (location.line() > 0 && location.line() != line && location.file().equals(file)) {
      line = location.line();
      code.lineNumber(line);
    }
  }

  private static TypeKind typeKind(Value value) {
    return Instructions.typeKind(value.kind());
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
    Op op = nesting.inline(value);
    if (op == null) {
      code.loadLocal(typeKind(value), slots.slot(value));
    } else {
      if (!op.isPure()) {
        line(op.location());
      }
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
          line(returned.location());
          code.return_(typeKind(value));
        }
      }
      case Terminator.Throw thrown -> {
        push(thrown.exception());
        line(thrown.location());
        if (traces != null) {
          traces.at(thrown.location());
        }
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
    return moves(successor.block().parameters(), successor.arguments());
  }

  private boolean moves(List<Value> parameters, List<Value> arguments) {
    for (int i = 0; i < parameters.size(); i++) {
      if (needsMove(parameters.get(i), arguments.get(i))) {
        return true;
      }
    }
    return false;
  }

  private boolean needsMove(Value parameter, Value argument) {
    return slots.hasSlot(parameter)
        && !(nesting.inline(argument) == null && slots.slot(argument) == slots.slot(parameter));
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
    if (nesting.inline(condition) instanceof Op.Compare compare) {
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
        Instructions.jumpOnNull(code, equal, target);
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
        Instructions.jumpOnZero(code, tested, target);
      } else {
        push(compare.right());
        Instructions.jumpOnInts(code, tested, target);
      }
      return;
    }
    push(compare.right());
    boolean less = comparison == Comparison.LT || comparison == Comparison.LE;
    Instructions.threeWay(code, kind, less ? 1 : -1);
    Instructions.jumpOnZero(code, tested, target);
  }

  private boolean isNull(Value value) {
    return nesting.inline(value) instanceof Op.Constant constant && constant.value() == null;
  }

  private boolean isZero(Value value) {
    return nesting.inline(value) instanceof Op.Constant constant
        && constant.value() instanceof Integer number
        && number == 0;
  }

  private void operation(Op op) {
    Op.New allocation = nesting.allocation(op);
    if (allocation != null) {
      line(allocation.location());
      code.new_(allocation.result().type());
      code.dup();
    } else if (op instanceof Op.New created && !created.constructor().isAllocation()) {
      code.new_(created.result().type());
      code.dup();
    }
    push(nesting.operands(op));
    if (!op.isPure()) {
      at(op);
    }
    execute(op);
  }

  /** The instruction whose operands are on the stack. */
  private void execute(Op op) {
    switch (op) {
      case Op.Constant constant -> constant(constant);
      case Op.Negate negate -> Instructions.negate(code, negate.operand().kind());
      case Op.Binary binary ->
          Instructions.arithmetic(code, binary.operator(), binary.left().kind());
      case Op.Compare compare -> materialise(compare);
      case Op.ThreeWay compare ->
          Instructions.threeWay(code, compare.left().kind(), compare.ifUnordered());
      case Op.Convert convert -> convert(convert);
      case Op.Cast cast -> code.checkcast(cast.result().type());
      case Op.InstanceOf test -> code.instanceOf(test.target());
      case Op.NewArray array -> newArray(array);
      case Op.ArrayLength length -> code.arraylength();
      case Op.LoadElement load -> code.arrayLoad(elementKind(load.array(), load.result()));
      case Op.StoreElement store -> code.arrayStore(elementKind(store.array(), store.value()));
      case Op.LoadField load -> {
        FieldRef field = load.field();
        Value receiver = load.receiver();
        if (access.byHandle(field)) {
          byHandle(
              field,
              receiver == null
                  ? MethodTypeDesc.of(field.type())
                  : MethodTypeDesc.of(field.type(), field.owner()));
        } else if (receiver == null) {
          code.getstatic(field.owner(), field.name(), field.type());
        } else {
          code.getfield(field.owner(), field.name(), field.type());
        }
      }
      case Op.StoreField store -> {
        FieldRef field = store.field();
        if (access.byHandle(field)) {
          byHandle(
              field,
              store.receiver() == null
                  ? MethodTypeDesc.of(CD_void, field.type())
                  : MethodTypeDesc.of(CD_void, field.owner(), field.type()));
        } else if (store.receiver() == null) {
          code.putstatic(field.owner(), field.name(), field.type());
        } else {
          code.putfield(field.owner(), field.name(), field.type());
        }
      }
      case Op.Call call -> call(call);
      case Op.New created -> {
        if (created.constructor().isAllocation()) {
          code.labelBinding(allocatedAt(created.result()));
          code.new_(created.result().type());
          unready = Construction.with(unready, created.result());
        } else {
          code.invokespecial(
              created.constructor().owner(), INIT_NAME, created.constructor().type());
        }
      }
      case Op.Lambda lambda ->
          code.invokedynamic(
              isMember ? lambda.lambda().site() : access.ofNestmate(lambda.lambda()));
      case Op.InvokeDynamic dynamic -> code.invokedynamic(dynamic.site());
      case Op.Apply apply -> apply(apply);
      case Op.Monitor monitor -> {
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
      case ClassDesc type when type.isPrimitive() ->
          code.loadConstant(
              DynamicConstantDesc.ofNamed(
                  ConstantDescs.BSM_PRIMITIVE_CLASS, type.descriptorString(), CD_Class));
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

  /** A comparison whose result is used as a number: 1 or 0 without a branch in between frames. */
  private void materialise(Op.Compare compare) {
    if (isMember) { // ordinary classes call nothing of ours
      throw new IllegalArgumentException("a comparison is used as a number");
    }
    Kind kind = compare.left().kind();
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

  private void byHandle(FieldRef field, MethodTypeDesc type) {
    code.invokedynamic(DynamicCallSiteDesc.of(LINK_FIELD, field.name(), type, field.owner()));
  }

  private void call(Op.Call call) {
    MethodRef method = call.method();
    if (access.byHandle(method)) {
      boolean isStatic = method.dispatch() == MethodRef.Dispatch.STATIC;
      MethodTypeDesc type =
          isStatic ? method.type() : method.type().insertParameterTypes(0, method.owner());
      code.invokedynamic(
          DynamicCallSiteDesc.of(
              LINK_METHOD, method.name(), type, method.owner(), isStatic ? 1 : 0));
      return;
    }
    switch (method.dispatch()) {
      case STATIC ->
          code.invokestatic(
              method.owner(), method.name(), method.type(), method.ownerIsInterface());
      case VIRTUAL -> callVirtually(call);
      case INTERFACE -> code.invokeinterface(method.owner(), method.name(), method.type());
      case SPECIAL -> callExactly(method, call.arguments().get(0));
    }
  }

  private void callVirtually(Op.Call call) {
    MethodRef method = call.method();
    if (!isHandle(call)) {
      code.invokevirtual(method.owner(), method.name(), method.type());
      return;
    }
    MethodTypeDesc present = access.present(method.type());
    MethodTypeDesc type = access.nameable(present);
    boolean isExact = type.equals(present);
    code.invokevirtual(method.owner(), isExact ? method.name() : "invoke", type);
    castAbsent(method.type());
  }

  private void callExactly(MethodRef method, Value receiver) {
    if (isMember) {
      code.invokespecial(method.owner(), method.name(), method.type(), method.ownerIsInterface());
      if (method.name().equals(INIT_NAME)) {
        unready = Construction.without(unready, receiver);
      }
      return;
    }
    code.invokedynamic( // a hidden class is no subclass, so a handle makes the call
        DynamicCallSiteDesc.of(
            LINK_SPECIAL,
            method.name(),
            method.type().insertParameterTypes(0, receiver.type()),
            method.owner(),
            receiver.type()));
  }

  /**
   * What comes as an object, for its class is absent, is taken for one of that class all the same.
   */
  private void castAbsent(MethodTypeDesc called) {
    if (access.isAbsent(called.returnType())) {
      code.checkcast(called.returnType());
    }
  }

  private void apply(Op.Apply apply) {
    Function callee = apply.function();
    String member = members.get(callee);
    MethodTypeDesc type = access.present(callee.type());
    if (member != null) {
      code.invokestatic(self, member, type);
    } else {
      classData.add(callee);
      code.invokedynamic(
          DynamicCallSiteDesc.of(LINK, "apply", access.nameable(type), classData.size() - 1));
    }
    castAbsent(callee.type());
  }
}

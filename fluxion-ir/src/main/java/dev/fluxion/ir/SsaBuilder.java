package dev.fluxion.ir;

import static java.util.Objects.requireNonNull;

import java.lang.constant.ClassDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds a body from code that assigns variables: block parameters come by themselves where
 * different values of a variable meet.
 *
 * <p>After Braun, Buchwald, Hack, Leißa, Mallon and Zwinkau, "Simple and Efficient Construction of
 * Static Single Assignment Form" (CC 2013), with block parameters for phi functions. A variable is
 * read at the end of what a block holds so far; so blocks may be filled in any order. Where the
 * answer has to wait, a value stands for it; {@link Joins} says, when the body is complete, which
 * of these become parameters.
 */
public final class SsaBuilder {
  private static final int MAX_MERGE_DEPTH = 64;

  private final Body.Builder builder;
  private final JoinTypes joinTypes;
  private final List<BlockBuilder> blocks = new ArrayList<>();
  private final Map<Block, State> states = new HashMap<>();
  private final Map<Variable, Web> webs = new LinkedHashMap<>();
  private final List<Phi> meetings = new ArrayList<>();
  private final Map<Value, Phi> phiOf = new HashMap<>();
  private final Map<Variable, Value> undefined = new HashMap<>();
  private final Set<Value> zeros = new HashSet<>();
  private int mergeDepth;

  /** A variable: something that different values are assigned to. */
  public static final class Variable {
    private final ClassDesc type;
    private final @Nullable String name;

    /** A variable of a type. */
    public Variable(ClassDesc type) {
      this(type, null);
    }

    /** A variable of a type, whose values get a name, for people, where they have none. */
    public Variable(ClassDesc type, @Nullable String name) {
      this.type = type;
      this.name = name;
    }

    /** The type of its values. */
    public ClassDesc type() {
      return type;
    }
  }

  private static final class State {
    final BlockBuilder builder;
    private @Nullable Value[] definitions = {}; // what variables hold, by their number
    private @Nullable Value[] incoming = {}; // what they held when the block started
    @Nullable List<BlockBuilder> predecessors;
    boolean isClimbed; // when a read is on its way to what it finds
    boolean isHandler; // of its predecessors' exceptions: entered from where they begin
    final List<Phi> phis = new ArrayList<>();

    State(BlockBuilder builder) {
      this.builder = builder;
    }

    Block block() {
      return builder.block();
    }

    @Nullable Value definition(Web web) {
      return web.number < definitions.length ? definitions[web.number] : null;
    }

    void define(Web web, Value value) {
      definitions = with(definitions, web.number, value);
    }

    @Nullable Value incoming(Web web) {
      return web.number < incoming.length ? incoming[web.number] : null;
    }

    void enter(Web web, Value value) {
      incoming = with(incoming, web.number, value);
    }

    /** Says what a variable holds at the start and, as long as nothing is assigned, later. */
    Value begin(Web web, Value value) {
      define(web, value);
      enter(web, value);
      return value;
    }

    private static @Nullable Value[] with(@Nullable Value[] values, int number, Value value) {
      @Nullable Value[] longer =
          number < values.length ? values : Arrays.copyOf(values, number + number / 2 + 8);
      longer[number] = value;
      return longer;
    }
  }

  /** All that is known of a variable. */
  private static final class Web {
    final Variable variable;
    final int number;
    final Set<State> written = new LinkedHashSet<>();
    final Set<State> assumed = new LinkedHashSet<>();
    final List<Phi> phis = new ArrayList<>();

    Web(Variable variable, int number) {
      this.variable = variable;
      this.number = number;
    }
  }

  /** A read whose answer depends on the way to the block, and what answers it. */
  private static final class Phi {
    final State block;
    final Value value;
    final Map<Block, Value> operands = new HashMap<>();
    @Nullable Value replacement;
    boolean isParameter; // whether somebody asked for it, and not only for the value
    boolean pinned;
    boolean live;

    Phi(State block, Value value) {
      this.block = block;
      this.value = value;
    }
  }

  /** Tells the type of a variable where paths meet. */
  @FunctionalInterface
  public interface JoinTypes {
    /** The type of the parameter that a block gets for a variable. */
    ClassDesc type(Variable variable, Block block);

    /** The name of that parameter, for people, or null. */
    default @Nullable String name(Variable variable, Block block) {
      return variable.name;
    }
  }

  /** A builder on top of a body's builder; a variable has the same type everywhere. */
  public SsaBuilder(Body.Builder builder) {
    this(builder, (variable, _) -> variable.type());
  }

  /** A builder on top of a body's builder, for variables whose type depends on the place. */
  public SsaBuilder(Body.Builder builder, JoinTypes joinTypes) {
    this.builder = builder;
    this.joinTypes = joinTypes;
    register(builder.entry());
    states.get(builder.entry().block()).predecessors = List.of();
  }

  /** The entry block. */
  public BlockBuilder entry() {
    return builder.entry();
  }

  /** A new block. */
  public BlockBuilder block() {
    BlockBuilder block = builder.block();
    register(block);
    return block;
  }

  private void register(BlockBuilder block) {
    blocks.add(block);
    states.put(block.block(), new State(block));
  }

  /**
   * A block for each block of a body, with the same parameters and the corresponding predecessors;
   * the entry block, which has the body's parameters already, stands for its entry.
   */
  public Map<Block, BlockBuilder> mirror(Body body, Dominators dominators) {
    Map<Block, BlockBuilder> copies = new HashMap<>();
    for (Block block : body.blocks()) {
      BlockBuilder copy = block == body.entry() ? entry() : block();
      copies.put(block, copy);
      if (block != body.entry()) {
        block.parameters().forEach(copy::adopt);
      }
    }
    for (Block block : body.blocks()) {
      List<BlockBuilder> predecessors = new ArrayList<>();
      dominators.predecessors(block).forEach(from -> predecessors.add(copies.get(from)));
      seal(copies.get(block), predecessors);
      for (Block.Handler handler : block.handlers()) {
        states.get(copies.get(handler.target().block()).block()).isHandler = true;
      }
    }
    return copies;
  }

  /** Declares all predecessors of a block, which saves parameters that prove trivial later. */
  public void seal(BlockBuilder block, List<BlockBuilder> predecessors) {
    states.get(block.block()).predecessors = List.copyOf(predecessors);
  }

  /** Assigns a variable from here on in a block. */
  public void write(Variable variable, BlockBuilder block, Value value) {
    State state = states.get(block.block());
    Web web = web(variable);
    state.define(web, value.named(variable.name));
    web.written.add(state);
  }

  /** The value of a variable at this point of a block. */
  public Value read(Variable variable, BlockBuilder block) {
    return read(web(variable), states.get(block.block()));
  }

  /**
   * Climbs by the first predecessors to where the variable is known, and on the way back asks the
   * others: they come to where it has become known.
   */
  private Value read(Web web, State start) {
    State at = start;
    List<State> climbed = new ArrayList<>();
    Value known = at.definition(web);
    while (known == null) {
      if (at.isClimbed) { // round a loop
        known = at.begin(web, phi(at, web).value);
      } else if (at.predecessors != null && at.predecessors.isEmpty()) {
        known = at.begin(web, undefined(web.variable));
      } else if (at.isHandler && at.predecessors != null && at.predecessors.size() == 1) {
        known = at.begin(web, readOnEntry(web, states.get(at.predecessors.get(0).block())));
      } else if (at.isHandler || !isEntered(at)) {
        known = at.begin(web, phi(at, web).value);
      } else {
        at.isClimbed = true;
        climbed.add(at);
        at = states.get(requireNonNull(at.predecessors).get(0).block());
        known = at.definition(web);
      }
    }
    Value found = resolve(known);
    for (State state : climbed.reversed()) {
      found = state.begin(web, agreed(state, web, found));
      state.isClimbed = false;
    }
    return found;
  }

  /** Whether all predecessors are known and have ended: what they assign may be read. */
  private static boolean isEntered(State state) {
    if (state.predecessors == null) {
      return false;
    }
    for (BlockBuilder predecessor : state.predecessors) {
      if (!predecessor.isFinished()) {
        return false;
      }
    }
    return true;
  }

  /** What a variable holds where a block starts, when its first predecessor passes a value. */
  private Value agreed(State state, Web web, Value first) {
    Value agreed = null;
    List<BlockBuilder> predecessors = requireNonNull(state.predecessors);
    boolean differ = predecessors.size() > 1 && mergeDepth >= MAX_MERGE_DEPTH;
    mergeDepth++;
    for (int i = 0; i < predecessors.size() && !differ; i++) {
      Value value = i == 0 ? first : read(web, states.get(predecessors.get(i).block()));
      if (value != state.definition(web)) { // which is what goes round a loop, if anything does
        differ = agreed != null && agreed != value;
        agreed = value;
      }
    }
    mergeDepth--;
    Value round = state.definition(web);
    if (differ || agreed == null) {
      return round != null ? round : phi(state, web).value;
    }
    if (round != null) {
      phiOf.get(round).replacement = agreed;
    }
    return agreed;
  }

  /** The only predecessor, if it has ended: what it assigns may be read. */
  private @Nullable State onlyPredecessor(State state) {
    List<BlockBuilder> all = state.predecessors;
    return all != null && all.size() == 1 && all.get(0).isFinished()
        ? states.get(all.get(0).block())
        : null;
  }

  /** Like {@link #parameter}, and the parameter stays even where a single value arrives. */
  public Value pinnedParameter(Variable variable, BlockBuilder block) {
    Value value = parameter(variable, block);
    phiOf.get(value).pinned = true;
    return value;
  }

  /** The value of a variable on entry to a block: what a handler of the block's exceptions sees. */
  private Value readOnEntry(Web web, State state) {
    Value known = state.incoming(web);
    if (known != null) {
      return resolve(known);
    }
    State only = onlyPredecessor(state);
    Value value =
        state.predecessors != null && state.predecessors.isEmpty()
            ? undefined(web.variable)
            : only != null && !state.isHandler ? read(web, only) : phi(state, web).value;
    state.enter(web, value);
    return value;
  }

  /** Says what a variable is known to hold where a block starts, whichever path led there. */
  public void assume(Variable variable, BlockBuilder block, Value value) {
    State state = states.get(block.block());
    Web web = web(variable);
    state.begin(web, value);
    web.assumed.add(state);
  }

  /** The value of a variable on entry to a block, before any assignment in it. */
  public Value parameter(Variable variable, BlockBuilder block) {
    State state = states.get(block.block());
    Web web = web(variable);
    Phi phi = phi(state, web);
    phi.isParameter = true;
    return state.begin(web, phi.value);
  }

  private Web web(Variable variable) {
    Web known = webs.get(variable);
    if (known == null) {
      known = new Web(variable, webs.size());
      webs.put(variable, known);
    }
    return known;
  }

  private Phi phi(State state, Web web) {
    Variable variable = web.variable;
    Block block = state.block();
    Value value = new Value(joinTypes.type(variable, block)).named(joinTypes.name(variable, block));
    Phi phi = new Phi(state, value);
    state.phis.add(phi);
    web.phis.add(phi);
    phiOf.put(phi.value, phi);
    return phi;
  }

  /** What a variable holds before it is assigned: zero or null. */
  public Value zero(Variable variable) {
    return undefined(variable);
  }

  /** Whether a value is what variables hold before they are assigned. */
  public boolean isZero(Value value) {
    return zeros.contains(resolve(value));
  }

  private Value undefined(Variable variable) {
    return undefined.computeIfAbsent(variable, this::addZero);
  }

  private Value addZero(Variable variable) {
    Value value = new Value(variable.type);
    Op zero = new Op.Constant(value, zero(variable.type), Location.NONE);
    builder.entry().block().mutableOps().add(0, zero);
    zeros.add(value);
    return value;
  }

  /** The zero of a type: null for references. */
  public static @Nullable Object zero(ClassDesc type) {
    return switch (Kind.of(type)) {
      case INT -> 0;
      case LONG -> 0L;
      case FLOAT -> 0f;
      case DOUBLE -> 0d;
      default -> null;
    };
  }

  /** The finished body; every block must have ended. */
  public Body build() {
    List<Block> reachable = Body.reversePostorder(builder.entry().block());
    Map<Block, Set<Block>> predecessors = findPredecessors(reachable);
    Joins joins = new Joins(reachable);
    for (Web web : List.copyOf(webs.values())) {
      if (!web.phis.isEmpty()) {
        connect(web, joins, predecessors);
      }
    }
    removeRedundant();
    markLive();
    reachable.forEach(this::rewrite);
    return builder.build();
  }

  /** Finds out where a variable needs parameters, and what edges pass for them. */
  private void connect(Web web, Joins joins, Map<Block, Set<Block>> predecessors) {
    BitSet known = new BitSet();
    BitSet assigned = new BitSet();
    BitSet read = new BitSet();
    BitSet passed = new BitSet();
    @Nullable Value[] starts = new @Nullable Value[joins.count()];
    @Nullable Value[] ends = new @Nullable Value[joins.count()];
    for (State state : web.assumed) {
      if (joins.has(state.block())) {
        int node = joins.start(state.block());
        known.set(node);
        starts[node] = state.incoming(web);
      }
    }
    for (State state : web.written) {
      if (joins.has(state.block())) {
        int node = joins.end(state.block());
        assigned.set(node);
        ends[node] = state.definition(web);
      }
    }
    List<Phi> placed = new ArrayList<>();
    List<Phi> reads = new ArrayList<>();
    for (Phi phi : web.phis) {
      if (joins.has(phi.block.block())) {
        int node = joins.start(phi.block.block());
        if (phi.isParameter) {
          known.set(node);
          starts[node] = phi.value;
          placed.add(phi);
          for (Block from : predecessors.get(phi.block.block())) {
            passed.set(joins.source(from, phi.block.block()));
          }
        } else {
          read.set(node);
          reads.add(phi);
        }
      }
    }
    BitSet meeting = joins.of(known, assigned, read, passed);
    for (Phi phi : reads) {
      int node = joins.start(phi.block.block());
      if (meeting.get(node) && starts[node] == null) {
        starts[node] = phi.value;
        placed.add(phi);
      }
    }
    for (int node = meeting.nextSetBit(0); node >= 0; node = meeting.nextSetBit(node + 1)) {
      if (starts[node] == null) {
        Phi phi = phi(states.get(joins.block(node)), web);
        starts[node] = phi.value;
        placed.add(phi);
      }
    }
    for (Phi phi : reads) {
      Value value = valueAt(joins.start(phi.block.block()), web.variable, joins, starts, ends);
      if (value != phi.value) {
        phi.replacement = value;
      }
    }
    for (Phi phi : placed) {
      for (Block from : predecessors.get(phi.block.block())) {
        int source = joins.source(from, phi.block.block());
        Value end = ends[source];
        phi.operands.put(
            from, end != null ? end : valueAt(source, web.variable, joins, starts, ends));
      }
    }
    meetings.addAll(placed);
  }

  /** What a variable holds at the start of a node: what it holds at the end of its dominator. */
  private Value valueAt(
      int node, Variable variable, Joins joins, @Nullable Value[] starts, @Nullable Value[] ends) {
    int at = node;
    Value found = starts[at];
    while (found == null) {
      if (at == 0) {
        found = undefined(variable);
      } else {
        at = joins.dominator(at);
        found = ends[at] != null ? ends[at] : starts[at];
      }
    }
    for (int passed = node; starts[passed] == null; passed = joins.dominator(passed)) {
      starts[passed] = found;
      if (passed == 0 || ends[joins.dominator(passed)] != null) {
        break;
      }
    }
    return found;
  }

  private static Map<Block, Set<Block>> findPredecessors(List<Block> blocks) {
    Map<Block, Set<Block>> predecessors = new HashMap<>();
    for (Block block : blocks) {
      for (Successor successor : block.successors()) {
        predecessors.computeIfAbsent(successor.block(), _ -> new LinkedHashSet<>()).add(block);
      }
      for (Block.Handler handler : block.handlers()) {
        predecessors
            .computeIfAbsent(handler.target().block(), _ -> new LinkedHashSet<>())
            .add(block);
      }
    }
    return predecessors;
  }

  /** Parameters that hold one value only, and those that hand one round in a circle, are it. */
  private void removeRedundant() {
    Map<Value, Collection<Value>> incoming = new LinkedHashMap<>();
    for (Phi phi : meetings) {
      if (!phi.pinned) {
        Set<Value> operands = new LinkedHashSet<>();
        phi.operands.values().forEach(operand -> operands.add(resolve(operand)));
        incoming.put(phi.value, operands);
      }
    }
    RedundantParameters.of(incoming)
        .forEach((parameter, value) -> phiOf.get(parameter).replacement = value);
  }

  private void markLive() {
    Deque<Phi> work = new ArrayDeque<>();
    for (BlockBuilder builder : blocks) {
      Block block = builder.block();
      for (Op op : block.ops()) {
        mark(op.operands(), work);
      }
      if (block.isFinished()) {
        mark(block.terminator().operands(), work);
        for (Successor successor : block.successors()) {
          mark(successor.arguments(), work);
        }
      }
      for (Block.Handler handler : block.handlers()) {
        mark(handler.target().arguments(), work);
      }
    }
    while (!work.isEmpty()) {
      Phi phi = work.pop();
      mark(new ArrayList<>(phi.operands.values()), work);
    }
  }

  private void mark(List<Value> values, Deque<Phi> work) {
    for (Value value : values) {
      Phi phi = phiOf.get(resolve(value));
      if (phi != null && !phi.live) {
        phi.live = true;
        work.push(phi);
      }
    }
  }

  private void rewrite(Block block) {
    if (!block.isFinished()) {
      return;
    }
    State state = states.get(block);
    Set<Value> present = new HashSet<>(block.parameters());
    for (Phi phi : state.phis) {
      if (phi.live && phi.replacement == null && present.add(phi.value)) {
        block.mutableParameters().add(phi.value);
      }
    }
    List<Op> ops = block.mutableOps();
    for (int i = 0; i < ops.size(); i++) {
      Op op = ops.get(i);
      List<Value> operands = op.operands();
      List<Value> resolved = resolve(operands);
      if (resolved != operands) {
        ops.set(i, op.with(op.result(), resolved));
      }
    }
    List<Block.Handler> handlers = block.mutableHandlers();
    for (int i = 0; i < handlers.size(); i++) {
      Block.Handler handler = handlers.get(i);
      handlers.set(i, new Block.Handler(handler.type(), rewrite(handler.target(), block)));
    }
    Terminator end = block.terminator();
    List<Successor> successors = new ArrayList<>();
    for (Successor successor : end.successors()) {
      successors.add(rewrite(successor, block));
    }
    block.finish(end.with(resolve(end.operands()), successors));
  }

  private Successor rewrite(Successor successor, Block from) {
    List<Value> arguments = new ArrayList<>(resolve(successor.arguments()));
    for (Phi phi : states.get(successor.block()).phis) {
      if (phi.live && phi.replacement == null) {
        arguments.add(resolve(phi.operands.get(from)));
      }
    }
    return new Successor(successor.block(), List.copyOf(arguments));
  }

  private List<Value> resolve(List<Value> values) {
    List<Value> changed = null;
    for (int i = 0; i < values.size(); i++) {
      Value value = values.get(i);
      Value resolved = resolve(value);
      if (resolved != value && changed == null) {
        changed = new ArrayList<>(values);
      }
      if (changed != null) {
        changed.set(i, resolved);
      }
    }
    return changed == null ? values : List.copyOf(changed);
  }

  private Value resolve(Value value) {
    Value at = value;
    Phi phi = phiOf.get(at);
    while (phi != null && phi.replacement != null) {
      at = phi.replacement;
      phi = phiOf.get(at);
    }
    return at;
  }
}

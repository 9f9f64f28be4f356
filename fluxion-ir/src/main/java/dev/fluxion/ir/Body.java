package dev.fluxion.ir;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The code of a method: blocks in reverse postorder, the entry first.
 *
 * <p>The entry block's parameters are the method's, the receiver first; no edge leads to it. Bodies
 * are immutable: a transform builds a new one.
 */
public final class Body {
  private final String name;
  private final MethodTypeDesc type;
  private final List<Block> blocks;

  private Body(String name, MethodTypeDesc type, List<Block> blocks) {
    this.name = name;
    this.type = type;
    this.blocks = List.copyOf(blocks);
  }

  /** The method's name, for people. */
  public String name() {
    return name;
  }

  /** The types of all parameters, the receiver's included, and of the result. */
  public MethodTypeDesc type() {
    return type;
  }

  /** The blocks in reverse postorder: but for back edges, a block comes after its predecessors. */
  public List<Block> blocks() {
    return blocks;
  }

  /** The first block. */
  public Block entry() {
    return blocks.get(0);
  }

  /** The method's parameters. */
  public List<Value> parameters() {
    return entry().parameters();
  }

  /** The values that something reads. */
  public Set<Value> used() {
    Set<Value> used = new HashSet<>();
    blocks.forEach(block -> used.addAll(block.reads()));
    return used;
  }

  /** The block where each value is defined, as a parameter or by an operation. */
  public Map<Value, Block> homes() {
    Map<Value, Block> homes = new HashMap<>();
    for (Block block : blocks) {
      block.parameters().forEach(value -> homes.put(value, block));
      for (Op op : block.ops()) {
        if (op.result() != null) {
          homes.put(op.result(), block);
        }
      }
    }
    return homes;
  }

  /** The operation that defines each value; parameters have none. */
  public Map<Value, Op> definitions() {
    Map<Value, Op> definitions = new HashMap<>();
    for (Block block : blocks) {
      for (Op op : block.ops()) {
        if (op.result() != null) {
          definitions.put(op.result(), op);
        }
      }
    }
    return definitions;
  }

  /**
   * What all edges pass for each parameter of a block, in the order of {@link #blocks}, also where
   * it is the same more than once. Edges to handlers count, but nothing passes the exception, a
   * handler's first parameter; nor are there entries for the method's parameters.
   */
  public Map<Value, List<Value>> incoming() {
    Map<Value, List<Value>> incoming = new HashMap<>();
    for (Block block : blocks) {
      for (Successor successor : block.successors()) {
        addPassed(incoming, successor, 0);
      }
      for (Block.Handler handler : block.handlers()) {
        addPassed(incoming, handler.target(), 1); // the exception comes first
      }
    }
    return incoming;
  }

  private static void addPassed(
      Map<Value, List<Value>> incoming, Successor successor, int skipped) {
    List<Value> parameters = successor.block().parameters();
    for (int i = 0; i < successor.arguments().size(); i++) {
      incoming
          .computeIfAbsent(parameters.get(i + skipped), _ -> new ArrayList<>())
          .add(successor.arguments().get(i));
    }
  }

  /** Rewrites one operation: adds to the builder what takes its place. */
  @FunctionalInterface
  public interface OpTransform {
    /**
     * Adds what replaces {@code op}, whose operands are mapped already, and says by {@link
     * Copy#map} what replaces its result; {@code copy.keep(op)} adds the operation as it is.
     */
    void apply(Copy copy, Op op);
  }

  /** A new body in which each operation is replaced by what the transform adds. */
  public Body transform(OpTransform transform) {
    Copy copy = new Copy(this);
    return copy.run(transform);
  }

  /** The state of a copy: which new value and block stands for an old one. */
  public static final class Copy {
    private final Body source;
    private final Builder builder;
    private final Map<Value, Value> values = new HashMap<>();
    private final Map<Block, BlockBuilder> blocks = new HashMap<>();
    private BlockBuilder current;

    private Copy(Body source) {
      this.source = source;
      this.builder = new Builder(source.name, source.type);
      this.current = builder.entry();
    }

    /** The builder of the block that is being copied. */
    public BlockBuilder block() {
      return current;
    }

    /** A new block, beside those that are copied. */
    public BlockBuilder newBlock(ClassDesc... parameters) {
      return builder.block(parameters);
    }

    /** Lets what follows in the block that is being copied, and its end, go into another block. */
    public void continueIn(BlockBuilder block) {
      current = block;
    }

    /** The new value that stands for an old one. */
    public Value get(Value old) {
      return values.getOrDefault(old, old);
    }

    /** Says which new value stands for an old one. */
    public void map(Value old, Value replacement) {
      values.put(old, replacement);
    }

    /** Adds an operation whose operands are new values, its result a new value too. */
    public void keep(Op op) {
      Value old = op.result();
      Value result = old == null ? null : old.copy();
      current.add(op.with(result, op.operands()));
      if (old != null && result != null) {
        map(old, result);
      }
    }

    private Body run(OpTransform transform) {
      for (Block block : source.blocks) {
        BlockBuilder target = block == source.entry() ? builder.entry() : builder.block();
        blocks.put(block, target);
        for (Value parameter : block.parameters()) {
          Value copy =
              block == source.entry()
                  ? target.block().parameters().get(block.parameters().indexOf(parameter))
                  : target.parameter(parameter.type());
          map(parameter, copy.named(parameter.name()));
        }
      }
      for (Block block : source.blocks) {
        current = blocks.get(block);
        for (Op op : block.ops()) {
          transform.apply(this, op.with(op.result(), mapped(op.operands())));
        }
        for (Block.Handler handler : block.handlers()) {
          current.handler(new Block.Handler(handler.type(), mapped(handler.target())));
        }
        Terminator end = block.terminator();
        List<Successor> successors = new ArrayList<>();
        for (Successor successor : end.successors()) {
          successors.add(mapped(successor));
        }
        current.end(end.with(mapped(end.operands()), successors));
      }
      return builder.build();
    }

    private Successor mapped(Successor successor) {
      return new Successor(blocks.get(successor.block()).block(), mapped(successor.arguments()));
    }

    private List<Value> mapped(List<Value> old) {
      List<Value> result = new ArrayList<>(old.size());
      for (Value value : old) {
        result.add(get(value));
      }
      return result;
    }
  }

  /** Builds a body. */
  public static final class Builder {
    private final String name;
    private final MethodTypeDesc type;
    private final BlockBuilder entry;

    /** A builder of a method with these parameter types, which the entry block gets. */
    public Builder(String name, MethodTypeDesc type) {
      this.name = name;
      this.type = type;
      this.entry = new BlockBuilder(new Block());
      for (ClassDesc parameter : type.parameterList()) {
        entry.parameter(parameter);
      }
    }

    /** A builder of a method whose parameters are these values. */
    public Builder(String name, MethodTypeDesc type, List<Value> parameters) {
      this.name = name;
      this.type = type;
      this.entry = new BlockBuilder(new Block());
      parameters.forEach(entry::adopt);
    }

    /** The entry block. */
    public BlockBuilder entry() {
      return entry;
    }

    /** A new block with parameters of these types. */
    public BlockBuilder block(ClassDesc... parameters) {
      BlockBuilder block = new BlockBuilder(new Block());
      for (ClassDesc parameter : parameters) {
        block.parameter(parameter);
      }
      return block;
    }

    /** The body; blocks that cannot be reached from the entry are left out. */
    public Body build() {
      return build(entry.block());
    }

    Body build(Block first) {
      return new Body(name, type, reversePostorder(first));
    }
  }

  /** The blocks reachable from one, itself first, in reverse postorder. */
  static List<Block> reversePostorder(Block entry) {
    return Traversal.reversePostorder(entry, Body::following);
  }

  /** The blocks that an edge leads to, those of handlers after the others. */
  static List<Block> following(Block block) {
    List<Block> next = block.next();
    for (Block.Handler handler : block.handlers()) {
      next.add(handler.target().block());
    }
    return next;
  }
}

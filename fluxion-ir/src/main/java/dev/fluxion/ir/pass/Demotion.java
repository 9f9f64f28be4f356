package dev.fluxion.ir.pass;

import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.pass.Frame.Place;
import dev.fluxion.ir.verify.Verifier;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps in memory what exception handlers are given, where long statements would give them much
 * from many places.
 *
 * <p>Parameters of a handler join what variables hold wherever an exception may be thrown; so m
 * variables that change in n blocks are moved m times n times. In memory, only what has changed
 * since the block before is written. LLVM demotes phi functions to the stack so.
 */
public final class Demotion {
  /** That many arguments are moved by code that is not much longer. */
  private static final int FEW = 500;

  private final Rewriter rewriter;
  private final List<Block> blocks;
  private final Frame frame = new Frame();
  private final Body.Builder scratch = new Body.Builder("", MethodTypeDesc.of(CD_void));
  private final Map<Block, Set<Block>> predecessors = new HashMap<>();
  private final Map<Block, Set<Block>> throwers = new HashMap<>();

  /** For parameters of handlers, and of what all handlers of some blocks jump to, their places. */
  private final Map<Block, List<@Nullable Place>> places = new LinkedHashMap<>();

  private Demotion(Body body) {
    this.rewriter = new Rewriter(body);
    this.blocks = List.copyOf(rewriter.blocks());
    for (Block block : blocks) {
      for (Successor successor : block.successors()) {
        predecessors.computeIfAbsent(successor.block(), _ -> new HashSet<>()).add(block);
      }
      for (Block.Handler handler : block.handlers()) {
        throwers.computeIfAbsent(handler.target().block(), _ -> new HashSet<>()).add(block);
      }
    }
  }

  /** The body with short edges to its handlers. */
  public static Body apply(Body body) {
    boolean isProtected = body.blocks().stream().anyMatch(block -> !block.handlers().isEmpty());
    if (!isProtected || !body.entry().handlers().isEmpty()) {
      return body;
    }
    Demotion pass = new Demotion(body);
    pass.choose();
    if (pass.places.isEmpty()) {
      return body;
    }
    Body result = pass.run();
    assert Verifier.isValid(result);
    return result;
  }

  private void choose() {
    for (Block join : blocks) {
      Set<Block> caught = throwers.getOrDefault(join, Set.of());
      Set<Block> before = predecessors.getOrDefault(join, Set.of());
      boolean isHandler = before.isEmpty() && !caught.isEmpty();
      boolean isAfterHandlers =
          caught.isEmpty() && !before.isEmpty() && before.stream().allMatch(this::isLanding);
      int width = join.parameters().size();
      if (width * (caught.size() + before.size()) <= FEW || !(isHandler || isAfterHandlers)) {
        continue;
      }
      boolean[] stays = new boolean[width];
      stays[0] |= isHandler;
      for (Block landing : before) {
        List<Value> arguments = landing.successors().getFirst().arguments();
        Set<Value> own = new HashSet<>(landing.parameters());
        landing.ops().forEach(op -> own.add(op.result()));
        for (int i = 0; i < width; i++) {
          stays[i] |= own.contains(arguments.get(i));
        }
      }
      if (isConsistent(join)) {
        List<@Nullable Place> kept = new ArrayList<>();
        for (int i = 0; i < width; i++) {
          kept.add(stays[i] ? null : frame.place(join.parameters().get(i).type()));
        }
        places.put(join, kept);
      }
    }
  }

  /** Whether a block handles exceptions of one other only, and then jumps. */
  private boolean isLanding(Block block) {
    return throwers.getOrDefault(block, Set.of()).size() == 1
        && !predecessors.containsKey(block)
        && block.handlers().isEmpty()
        && block.terminator() instanceof Terminator.Branch;
  }

  /** Whether each block gives it the same, whatever the exception is. */
  private boolean isConsistent(Block join) {
    for (Block block : blocks) {
      List<Value> known = null;
      for (Block.Handler handler : block.handlers()) {
        List<Value> given = given(handler, join);
        if (given != null && known != null && !tail(given).equals(tail(known))) {
          return false;
        }
        known = given != null ? given : known;
      }
    }
    return true;
  }

  private static List<Value> tail(List<Value> values) {
    return values.subList(1, values.size()); // without the exception
  }

  /** What a block's exceptions bring to a join, by parameter, or null if they do not go there. */
  private @Nullable List<Value> given(Block block, Block join) {
    for (Block.Handler handler : block.handlers()) {
      List<Value> given = given(handler, join);
      if (given != null) {
        return given;
      }
    }
    return null;
  }

  private @Nullable List<Value> given(Block.Handler handler, Block join) {
    Block target = handler.target().block();
    if (target == join) {
      List<Value> given = new ArrayList<>(handler.target().arguments());
      given.addFirst(join.parameters().getFirst()); // the exception, which stays
      return given;
    }
    return isLanding(target) && target.successors().getFirst().block() == join
        ? target.successors().getFirst().arguments()
        : null;
  }

  private Body run() {
    Map<Block, BlockBuilder> stores = new HashMap<>();
    for (Map.Entry<Block, List<@Nullable Place>> join : places.entrySet()) {
      store(join.getKey(), join.getValue(), stores);
    }
    stores.forEach((block, code) -> rewriter.ops(block).addAll(0, code.block().ops()));
    for (Block block : blocks) {
      rewriter
          .handlers(block)
          .replaceAll(handler -> new Block.Handler(handler.type(), shorter(handler.target(), 1)));
      Terminator end = block.terminator();
      List<Successor> successors = new ArrayList<>();
      end.successors().forEach(successor -> successors.add(shorter(successor, 0)));
      rewriter.end(block, end.with(end.operands(), successors));
    }
    Map<Value, Value> loaded = new HashMap<>();
    for (Map.Entry<Block, List<@Nullable Place>> join : places.entrySet()) {
      load(join.getKey(), join.getValue(), loaded);
    }
    BlockBuilder made = scratch.block();
    frame.make(made);
    rewriter.ops(rewriter.entry()).addAll(0, made.block().ops());
    rewriter.replace(loaded);
    return rewriter.build();
  }

  /** Whatever leads to a join writes when it starts what it gives it, unless that is there. */
  private void store(Block join, List<@Nullable Place> kept, Map<Block, BlockBuilder> stores) {
    Map<Block, List<@Nullable Value>> ends = new HashMap<>(); // what is in memory after a block
    for (Block block : blocks) {
      List<@Nullable Value> now = met(block, kept.size(), ends);
      List<Value> given = given(block, join);
      if (given != null) {
        for (int i = 0; i < kept.size(); i++) {
          Place place = kept.get(i);
          if (place != null && now.get(i) != given.get(i)) {
            frame.store(stores.computeIfAbsent(block, _ -> scratch.block()), place, given.get(i));
            now.set(i, given.get(i));
          }
        }
      }
      ends.put(block, now);
    }
  }

  /** What is in memory before a block, on all paths. */
  private List<@Nullable Value> met(
      Block block, int width, Map<Block, List<@Nullable Value>> ends) {
    List<@Nullable Value> met = null;
    for (Block before : predecessors.getOrDefault(block, Set.of())) {
      List<@Nullable Value> end = ends.get(before);
      if (end == null) {
        met = null;
        break;
      }
      if (met == null) {
        met = new ArrayList<>(end);
      } else {
        for (int i = 0; i < width; i++) {
          if (met.get(i) != end.get(i)) {
            met.set(i, null);
          }
        }
      }
    }
    return met != null && !throwers.containsKey(block)
        ? met
        : new ArrayList<>(Collections.nCopies(width, null));
  }

  private Successor shorter(Successor edge, int skipped) {
    List<@Nullable Place> kept = places.get(edge.block());
    if (kept == null) {
      return edge;
    }
    List<Value> arguments = new ArrayList<>();
    for (int i = skipped; i < kept.size(); i++) {
      if (kept.get(i) == null) {
        arguments.add(edge.arguments().get(i - skipped));
      }
    }
    return new Successor(edge.block(), arguments);
  }

  /** join(x, …): … → join(): x = frame[…] …; rest: …, where handlers of its own see x. */
  private void load(Block join, List<@Nullable Place> kept, Map<Value, Value> loaded) {
    Block rest = rewriter.newBlock();
    rewriter.ops(rest).addAll(join.ops());
    rewriter.handlers(rest).addAll(join.handlers());
    rewriter.end(rest, join.terminator());
    BlockBuilder code = scratch.block();
    List<Value> parameters = List.copyOf(join.parameters());
    rewriter.parameters(join).clear();
    for (int i = 0; i < kept.size(); i++) {
      Place place = kept.get(i);
      if (place == null) {
        rewriter.parameters(join).add(parameters.get(i));
      } else {
        Value value = frame.load(code, place).named(parameters.get(i).name());
        loaded.put(parameters.get(i), value);
      }
    }
    rewriter.ops(join).clear();
    rewriter.ops(join).addAll(code.block().ops());
    rewriter.handlers(join).clear();
    rewriter.end(join, new Terminator.Branch(Successor.to(rest), rest.terminator().location()));
  }
}

package dev.fluxion.ir.pass;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Divides long blocks into chains of short ones, and wide switches into trees, so that there are
 * places where a body can be cut. Blocks are divided where few values live on.
 */
final class Divide {
  private static final int MAX_CASES = 16;

  private final ToIntFunction<Op> size;
  private final int longest;
  private final Rewriter rewriter;
  private final Map<Value, Block> usedIn = new HashMap<>();
  private final Set<Value> usedElsewhere = new HashSet<>();

  private Divide(Body body, ToIntFunction<Op> size, int longest) {
    this.size = size;
    this.longest = longest;
    this.rewriter = new Rewriter(body);
  }

  /** The body with blocks of that size at most; operations that use monitors have their own. */
  static Body apply(Body body, ToIntFunction<Op> size, int longest) {
    Divide pass = new Divide(body, size, longest);
    List<Block> blocks = pass.rewriter.blocks();
    for (Block block : blocks) {
      pass.use(block.reads(), block);
    }
    for (Block block : blocks) {
      if (block.terminator() instanceof Terminator.Switch choice
          && choice.labels().size() > MAX_CASES) {
        pass.divide(block, choice);
      }
      pass.divide(block);
    }
    return pass.rewriter.build();
  }

  private void use(List<Value> values, Block block) {
    for (Value value : values) {
      Block known = usedIn.putIfAbsent(value, block);
      if (known != null && known != block) {
        usedElsewhere.add(value);
      }
    }
  }

  private void divide(Block block) {
    List<Op> ops = List.copyOf(block.ops());
    int[] crossing = crossing(block, ops);
    List<Integer> starts = new ArrayList<>();
    int start = 0;
    int length = 0;
    for (int i = 0; i < ops.size(); i++) {
      boolean isAlone = ops.get(i) instanceof Op.Monitor;
      boolean isAfterAlone = i > start && ops.get(i - 1) instanceof Op.Monitor;
      if ((isAlone && i > start) || isAfterAlone) {
        starts.add(i);
        start = i;
        length = 0;
      }
      length += size.applyAsInt(ops.get(i));
      if (length > longest && i > start) {
        int best = i;
        int bytes = size.applyAsInt(ops.get(i));
        for (int k = i - 1; k > start && bytes < longest / 2; k--) {
          bytes += size.applyAsInt(ops.get(k));
          if (crossing[k] < crossing[best]) {
            best = k;
          }
        }
        starts.add(best);
        start = best;
        length = 0;
        for (int k = best; k <= i; k++) {
          length += size.applyAsInt(ops.get(k));
        }
      }
    }
    if (!ops.isEmpty() && ops.getLast() instanceof Op.Monitor && start < ops.size()) {
      starts.add(ops.size());
    }
    split(block, ops, starts);
  }

  /** How many of the values that a block defines live on past each place in it. */
  private int[] crossing(Block block, List<Op> ops) {
    int[] change = new int[ops.size() + 2];
    Map<Value, Integer> last = new HashMap<>();
    for (int i = 0; i < ops.size(); i++) {
      for (Value operand : ops.get(i).operands()) {
        last.put(operand, i);
      }
    }
    for (Value value : block.terminator().operands()) {
      last.put(value, ops.size());
    }
    for (Successor successor : block.successors()) {
      for (Value value : successor.arguments()) {
        last.put(value, ops.size());
      }
    }
    for (int i = 0; i < ops.size(); i++) {
      Value result = ops.get(i).result();
      if (result == null || ops.get(i) instanceof Op.Constant) {
        continue;
      }
      boolean isLeaving = usedElsewhere.contains(result) || usedIn.get(result) != block;
      int end = isLeaving ? ops.size() : last.getOrDefault(result, i);
      change[i + 1]++;
      change[end + 1]--;
    }
    int[] crossing = new int[ops.size() + 1];
    int now = 0;
    for (int i = 0; i <= ops.size(); i++) {
      now += change[i];
      crossing[i] = now;
    }
    return crossing;
  }

  private void split(Block block, List<Op> ops, List<Integer> starts) {
    if (starts.isEmpty()) {
      return;
    }
    Terminator end = block.terminator();
    List<Op> own = rewriter.ops(block);
    own.subList(starts.getFirst(), own.size()).clear();
    Block at = block;
    for (int i = 0; i < starts.size(); i++) {
      int from = starts.get(i);
      int to = i + 1 < starts.size() ? starts.get(i + 1) : ops.size();
      Block next = rewriter.newBlock();
      rewriter.ops(next).addAll(ops.subList(from, to));
      rewriter.handlers(next).addAll(block.handlers());
      rewriter.end(at, new Terminator.Branch(Successor.to(next), end.location()));
      at = next;
    }
    rewriter.end(at, end);
  }

  /** switch → comparisons that choose among small switches. */
  private void divide(Block block, Terminator.Switch choice) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < choice.labels().size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingInt(i -> choice.labels().get(i)));
    tree(block, choice, order);
  }

  private void tree(Block block, Terminator.Switch choice, List<Integer> cases) {
    if (cases.size() <= MAX_CASES) {
      rewriter.end(
          block,
          new Terminator.Switch(
              choice.key(),
              cases.stream().map(i -> choice.labels().get(i)).toList(),
              cases.stream().map(i -> choice.targets().get(i)).toList(),
              choice.otherwise(),
              choice.location()));
      return;
    }
    int middle = cases.size() / 2;
    Value pivot = new Value(CD_int);
    Value isLess = new Value(CD_boolean);
    rewriter
        .ops(block)
        .add(new Op.Constant(pivot, choice.labels().get(cases.get(middle)), choice.location()));
    rewriter
        .ops(block)
        .add(new Op.Compare(isLess, Comparison.LT, choice.key(), pivot, choice.location()));
    Block left = rewriter.newBlock();
    Block right = rewriter.newBlock();
    rewriter.end(
        block,
        new Terminator.ConditionalBranch(
            isLess, Successor.to(left), Successor.to(right), choice.location()));
    usedElsewhere.add(choice.key());
    tree(left, choice, cases.subList(0, middle));
    tree(right, choice, cases.subList(middle, cases.size()));
  }
}

package dev.fluxion.ir.structure;

import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_int;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.SsaBuilder.Variable;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A body whose blocks lead to each other at random, and whose exceptions to handlers at random.
 *
 * <p>It takes an array whose only element counts down in each block: below zero, the body returns.
 * Each block mixes its number into a hash, so that the result tells the path. Some divide by what
 * is often zero.
 */
final class RandomGraph {
  static final MethodTypeDesc TYPE = MethodTypeDesc.of(CD_int, CD_int.arrayType());
  private static final ClassDesc ARITHMETIC = ClassDesc.of("java.lang.ArithmeticException");
  private static final ClassDesc NULL_POINTER = ClassDesc.of("java.lang.NullPointerException");

  private final Random random;
  private final SsaBuilder ssa;
  private final Value counter;
  private final Variable hash = new Variable(CD_int, "hash");
  private final List<BlockBuilder> blocks = new ArrayList<>();
  private final List<BlockBuilder> handlers = new ArrayList<>();

  private RandomGraph(Random random) {
    this.random = random;
    Body.Builder builder = new Body.Builder("Graphs.random", TYPE);
    this.ssa = new SsaBuilder(builder);
    this.counter = builder.entry().block().parameters().get(0);
  }

  /** A body of so many blocks, and as many that these consist of. */
  static Body of(Random random, int size, int handlers) {
    return new RandomGraph(random).build(size, handlers);
  }

  private Body build(int size, int handling) {
    for (int i = 0; i < size; i++) {
      blocks.add(ssa.block());
    }
    for (int i = 0; i < handling; i++) {
      BlockBuilder handler = ssa.block();
      handler.parameter(CD_Throwable);
      handlers.add(handler);
    }
    ssa.write(hash, ssa.entry(), ssa.entry().constant(random.nextInt(100)));
    ssa.entry().branch(blocks.get(0).block());
    int number = 0;
    for (BlockBuilder block : blocks) {
      fill(block, ++number);
    }
    for (BlockBuilder handler : handlers) {
      fill(handler, ++number);
    }
    return ssa.build();
  }

  private void fill(BlockBuilder block, int number) {
    block.at(new Location("Graphs.java", "Graphs.random", number));
    protect(block);
    Value zero = block.constant(0);
    Value left =
        block.arithmetic(Arithmetic.SUB, block.loadElement(counter, zero), block.constant(1));
    block.storeElement(counter, zero, left);
    mix(block, block.constant(number));
    BlockBuilder next = ssa.block();
    BlockBuilder end = ssa.block();
    block.branch(
        block.compare(Comparison.LT, left, zero),
        Successor.to(end.block()),
        Successor.to(next.block()));
    end.returns(ssa.read(hash, end));
    if (random.nextBoolean()) {
      protect(next);
      Value rest = next.arithmetic(Arithmetic.AND, ssa.read(hash, next), next.constant(3));
      mix(next, next.arithmetic(Arithmetic.DIV, next.constant(random.nextInt(1000)), rest));
    }
    next.at(block.location());
    switch (random.nextInt(5)) {
      case 0 -> next.branch(any());
      case 1, 2, 3 -> next.branch(choice(next, 1), Successor.to(any()), Successor.to(any()));
      default -> {
        List<Successor> targets = List.of(Successor.to(any()), Successor.to(any()));
        next.end(
            new Terminator.Switch(
                choice(next, 3), List.of(0, 2), targets, Successor.to(any()), Location.NONE));
      }
    }
  }

  private void protect(BlockBuilder block) {
    for (BlockBuilder handler : handlers) {
      if (random.nextInt(3) == 0) {
        @Nullable ClassDesc type =
            switch (random.nextInt(4)) {
              case 0 -> NULL_POINTER;
              case 1 -> ARITHMETIC;
              default -> null;
            };
        block.handler(new Block.Handler(type, Successor.to(handler.block())));
      }
    }
  }

  private void mix(BlockBuilder block, Value value) {
    Value times =
        block.arithmetic(Arithmetic.MUL, ssa.read(hash, block), block.constant(0x9E3779B1));
    Value bits = block.arithmetic(Arithmetic.USHR, times, block.constant(3));
    ssa.write(hash, block, block.arithmetic(Arithmetic.XOR, bits, value));
  }

  private Value choice(BlockBuilder block, int mask) {
    Value bits =
        block.arithmetic(Arithmetic.USHR, ssa.read(hash, block), block.constant(random.nextInt(8)));
    return block.arithmetic(Arithmetic.AND, bits, block.constant(mask));
  }

  private Block any() {
    return blocks.get(random.nextInt(blocks.size())).block();
  }
}

package dev.fluxion.ir;

import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.fluxion.ir.SsaBuilder.Variable;
import dev.fluxion.ir.verify.Verifier;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where variables need parameters: where different assignments meet that are read later. */
class SsaBuilderTest {
  private final SsaBuilder ssa =
      new SsaBuilder(
          new Body.Builder("f", MethodTypeDesc.of(CD_double, CD_double, CD_double, CD_boolean)));
  private final List<Value> arguments = ssa.entry().block().parameters();
  private final Variable variable = new Variable(CD_double);

  private void fork(BlockBuilder from, BlockBuilder left, BlockBuilder right) {
    from.branch(arguments.get(2), Successor.to(left.block()), Successor.to(right.block()));
  }

  private Body build() {
    Body body = ssa.build();
    Verifier.verify(body);
    return body;
  }

  private static int parameters(Body body) {
    return body.blocks().stream()
        .filter(block -> block != body.entry())
        .mapToInt(block -> block.parameters().size())
        .sum();
  }

  @Test
  void whatNoLoopChangesIsPassedAroundNone() {
    ssa.write(variable, ssa.entry(), arguments.get(0));
    BlockBuilder outer = ssa.block();
    BlockBuilder inner = ssa.block();
    BlockBuilder body = ssa.block();
    BlockBuilder end = ssa.block();
    ssa.entry().branch(outer.block());
    fork(outer, inner, end);
    fork(inner, body, outer);
    Value read = ssa.read(variable, body);
    body.arithmetic(Arithmetic.ADD, read, read);
    body.branch(inner.block());
    end.returns(ssa.read(variable, end));
    Body built = build();
    assertEquals(0, parameters(built));
    assertSame(arguments.get(0), built.blocks().getLast().terminator().operands().getFirst());
  }

  @Test
  void aLoopPassesWhatItChanges() {
    ssa.write(variable, ssa.entry(), arguments.get(0));
    BlockBuilder header = ssa.block();
    BlockBuilder body = ssa.block();
    BlockBuilder end = ssa.block();
    ssa.entry().branch(header.block());
    fork(header, body, end);
    Value read = ssa.read(variable, body);
    ssa.write(variable, body, body.arithmetic(Arithmetic.ADD, read, arguments.get(1)));
    body.branch(header.block());
    end.returns(ssa.read(variable, end));
    Body built = build();
    assertEquals(1, parameters(built));
    assertSame(header.block().parameters().getFirst(), end.block().terminator().operands().get(0));
  }

  @Test
  void whatNobodyReadsAfterwardsNeedsNoParameter() {
    BlockBuilder left = ssa.block();
    BlockBuilder right = ssa.block();
    BlockBuilder join = ssa.block();
    fork(ssa.entry(), left, right);
    ssa.write(variable, left, arguments.get(0));
    left.branch(join.block());
    ssa.write(variable, right, arguments.get(1));
    right.branch(join.block());
    join.returns(arguments.get(0));
    assertEquals(0, parameters(build()));
  }

  @Test
  void aHandlerSeesWhatTheBlockStartedWith() {
    BlockBuilder guarded = ssa.block();
    BlockBuilder handler = ssa.block();
    ssa.write(variable, ssa.entry(), arguments.get(0));
    ssa.entry().branch(guarded.block());
    ssa.write(variable, guarded, guarded.negate(arguments.get(1)));
    guarded.handler(new Block.Handler(null, Successor.to(handler.block())));
    handler.parameter(CD_Throwable);
    guarded.returns(ssa.read(variable, guarded));
    handler.returns(ssa.read(variable, handler));
    build();
    assertSame(arguments.get(0), handler.block().terminator().operands().getFirst());
  }
}

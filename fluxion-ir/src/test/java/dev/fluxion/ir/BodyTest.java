package dev.fluxion.ir;

import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.ir.verify.Verifier;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a body tells of its values. */
class BodyTest {
  private final Body.Builder builder =
      new Body.Builder("f", MethodTypeDesc.of(CD_double, CD_double, CD_boolean));
  private final BlockBuilder entry = builder.entry();
  private final Value x = entry.block().parameters().get(0);
  private final Value condition = entry.block().parameters().get(1);

  private Body build() {
    Body body = builder.build();
    Verifier.verify(body);
    return body;
  }

  @Test
  void edgesPassValuesToParameters() {
    BlockBuilder join = builder.block(CD_double);
    Value joined = join.block().parameters().get(0);
    Value y = entry.arithmetic(Arithmetic.ADD, x, x);
    entry.branch(condition, Successor.to(join.block(), y), Successor.to(join.block(), y));
    Value next = join.arithmetic(Arithmetic.MUL, joined, x);
    BlockBuilder end = builder.block();
    join.branch(condition, Successor.to(join.block(), next), Successor.to(end.block()));
    end.returns(joined);
    // by two edges the same, and by the loop's
    assertEquals(Map.of(joined, List.of(y, y, next)), build().incoming());
  }

  @Test
  void nothingPassesTheExceptionToAHandler() {
    BlockBuilder body = builder.block();
    BlockBuilder handler = builder.block(CD_Throwable, CD_double);
    entry.branch(body.block());
    body.handler(new Block.Handler(null, Successor.to(handler.block(), x)));
    Value half = body.constant(0.5);
    body.returns(body.arithmetic(Arithmetic.DIV, x, half));
    Value caught = handler.block().parameters().get(1);
    handler.returns(caught);
    assertEquals(Map.of(caught, List.of(x)), build().incoming());
  }

  @Test
  void operationsDefineValues() {
    BlockBuilder end = builder.block(CD_double);
    Value y = entry.constant(2.0);
    Value z = entry.arithmetic(Arithmetic.MUL, x, y);
    entry.branch(end.block(), z);
    Value sum = end.arithmetic(Arithmetic.ADD, end.block().parameters().get(0), y);
    end.returns(sum);
    Body body = build();
    List<Op> first = body.entry().ops();
    Op last = body.blocks().get(1).ops().get(0);
    assertEquals(Map.of(y, first.get(0), z, first.get(1), sum, last), body.definitions());
  }
}

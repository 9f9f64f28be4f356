package dev.fluxion.ir.text;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.LambdaRef;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.text.Lexer.Token;
import dev.fluxion.ir.text.Lexer.TokenKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies from the text that {@link Printer} writes.
 *
 * <p>The parser sees to the form only; whether the body makes sense, {@link
 * dev.fluxion.ir.verify.Verifier} tells. A value is defined above its uses; blocks that cannot be
 * reached are left out.
 */
public final class Parser {
  private final Tokens tokens;
  private final ConstantParser constants;
  private final Resolver resolver;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, BlockBuilder> blocks = new HashMap<>();
  private final Map<String, Token> pending = new HashMap<>();
  private final Set<String> begun = new HashSet<>();
  private String method = "";
  private Body.Builder builder = new Body.Builder("", MethodTypeDesc.of(ConstantDescs.CD_void));

  /** Finds the functions that a text applies. */
  @FunctionalInterface
  public interface Resolver {
    /** The function of a name and type, or null if there is none. */
    @Nullable Function resolve(String name, MethodTypeDesc type);
  }

  private Parser(String text, Resolver resolver) {
    this.tokens = new Tokens(text);
    this.constants = new ConstantParser(tokens);
    this.resolver = resolver;
  }

  /**
   * The body that a text describes, which applies no functions.
   *
   * @throws SyntaxException if the text is not that of one body
   */
  public static Body parse(String text) {
    return parse(text, (_, _) -> null);
  }

  /**
   * The body that a text describes.
   *
   * @param resolver finds the functions that the body applies
   * @throws SyntaxException if the text is not that of one body
   */
  public static Body parse(String text, Resolver resolver) {
    Parser parser = new Parser(text, resolver);
    Body body = parser.body();
    parser.tokens.expect(TokenKind.END, "the end of the text");
    return body;
  }

  /**
   * The bodies that a text describes, in order.
   *
   * @param resolver finds the functions that the bodies apply
   * @throws SyntaxException if the text is not that of bodies
   */
  public static List<Body> parseAll(String text, Resolver resolver) {
    Parser parser = new Parser(text, resolver);
    List<Body> bodies = new ArrayList<>();
    while (parser.tokens.peek().kind() != TokenKind.END) {
      bodies.add(parser.body());
    }
    return bodies;
  }

  private record Parameter(Token name, ClassDesc type) {}

  private Body body() {
    values.clear();
    blocks.clear();
    pending.clear();
    begun.clear();
    tokens.expect("func");
    tokens.expect("@");
    method = tokens.name();
    List<Parameter> parameters = tokens.list("(", ")", this::parameter);
    MethodTypeDesc type =
        MethodTypeDesc.of(tokens.type(), parameters.stream().map(Parameter::type).toList());
    builder = new Body.Builder(method, type);
    for (int i = 0; i < parameters.size(); i++) {
      define(parameters.get(i).name(), builder.entry().block().parameters().get(i));
    }
    tokens.expect("{");
    blocks.put(tokens.peek().text(), builder.entry());
    do {
      block();
    } while (!tokens.accept("}"));
    for (Map.Entry<String, Token> reference : pending.entrySet()) {
      if (!begun.contains(reference.getKey())) {
        throw Tokens.error(reference.getValue(), "there is no block " + reference.getKey());
      }
    }
    return builder.build();
  }

  private Parameter parameter() {
    Token name = tokens.expect(TokenKind.VALUE, "a parameter");
    tokens.expect(":");
    return new Parameter(name, tokens.type());
  }

  private void define(Token name, Value value) {
    if (values.put(name.text(), value) != null) {
      throw Tokens.error(name, name.text() + " is defined already");
    }
  }

  private void block() {
    Token name = tokens.expect(TokenKind.BLOCK, "a block");
    if (!begun.add(name.text())) {
      throw Tokens.error(name, "there is a block " + name.text() + " already");
    }
    BlockBuilder block = named(name);
    if (tokens.peek().is("(")) {
      for (Parameter parameter : tokens.list("(", ")", this::parameter)) {
        define(parameter.name(), block.parameter(parameter.type()));
      }
    }
    tokens.expect(":");
    while (tokens.accept("catch")) {
      ClassDesc type = tokens.accept("*") ? null : tokens.type();
      block.handler(new Block.Handler(type, successor()));
    }
    while (!block.isFinished()) {
      Token token = tokens.peek();
      if (token.kind() != TokenKind.VALUE && token.kind() != TokenKind.NAME) {
        throw Tokens.error(
            token, "block " + name.text() + " is not at its end, but " + token.text() + " follows");
      }
      Location location = tokens.location(method);
      Terminator end = token.kind() == TokenKind.NAME ? terminator(location) : null;
      if (end != null) {
        block.end(end);
      } else {
        block.add(op(location));
      }
    }
  }

  private BlockBuilder named(Token name) {
    return blocks.computeIfAbsent(name.text(), _ -> builder.block());
  }

  private Successor successor() {
    Token name = tokens.expect(TokenKind.BLOCK, "a block");
    pending.putIfAbsent(name.text(), name);
    List<Value> arguments = tokens.peek().is("(") ? tokens.list("(", ")", this::value) : List.of();
    return new Successor(named(name).block(), arguments);
  }

  private Value value() {
    Token name = tokens.expect(TokenKind.VALUE, "a value");
    Value value = values.get(name.text());
    if (value == null) {
      throw Tokens.error(name, name.text() + " is not defined above");
    }
    return value;
  }

  private List<Value> rest() {
    List<Value> all = new ArrayList<>();
    while (tokens.peek().kind() == TokenKind.VALUE && !startsNext()) {
      all.add(value());
    }
    return all;
  }

  /** Whether the next token starts an operation, for operands end where no mark says so. */
  private boolean startsNext() {
    return tokens.isFollowedBy(":");
  }

  private @Nullable Terminator terminator(Location location) {
    Token word = tokens.peek();
    switch (word.text()) {
      case "branch":
        tokens.next();
        return new Terminator.Branch(successor(), location);
      case "cbranch":
        tokens.next();
        return new Terminator.ConditionalBranch(value(), successor(), successor(), location);
      case "switch":
        tokens.next();
        return choice(location);
      case "return":
        tokens.next();
        boolean isVoid = tokens.peek().kind() != TokenKind.VALUE;
        return new Terminator.Return(isVoid ? null : value(), location);
      case "throw":
        tokens.next();
        return new Terminator.Throw(value(), location);
      default:
        return null;
    }
  }

  private Terminator choice(Location location) {
    Value key = value();
    List<Integer> labels = new ArrayList<>();
    List<Successor> targets = new ArrayList<>();
    tokens.expect("{");
    while (!tokens.accept("default")) {
      labels.add(tokens.integer());
      tokens.expect(":");
      targets.add(successor());
      tokens.expect(",");
    }
    tokens.expect(":");
    Successor otherwise = successor();
    tokens.expect("}");
    return new Terminator.Switch(
        key, List.copyOf(labels), List.copyOf(targets), otherwise, location);
  }

  private Op op(Location location) {
    Token name = null;
    Value result = null;
    if (tokens.peek().kind() == TokenKind.VALUE) {
      Parameter defined = parameter();
      name = defined.name();
      result = new Value(defined.type());
      tokens.expect("=");
    }
    Token word = tokens.expect(TokenKind.NAME, "an operation");
    Op op = op(word, new Result(word, result), location);
    if (result != null && name != null) {
      if (op.result() == null) {
        throw Tokens.error(word, word.text() + " defines no value");
      }
      define(name, result);
    }
    return op;
  }

  /** The value that an operation defines, which some operations must have. */
  private record Result(Token word, @Nullable Value orNull) {
    Value required() {
      if (orNull == null) {
        throw Tokens.error(word, word.text() + " defines a value, which has no name here");
      }
      return orNull;
    }
  }

  private Op op(Token word, Result result, Location location) {
    switch (word.text()) {
      case "constant":
        return new Op.Constant(result.required(), constants.constant(), location);
      case "neg":
        return new Op.Negate(result.required(), value(), location);
      case "eq", "ne", "lt", "le", "gt", "ge":
        Comparison comparison = Comparison.valueOf(word.text().toUpperCase(Locale.ROOT));
        return new Op.Compare(result.required(), comparison, value(), value(), location);
      case "threeway":
        return new Op.ThreeWay(result.required(), tokens.integer(), value(), value(), location);
      case "convert":
        return new Op.Convert(result.required(), value(), location);
      case "cast":
        return new Op.Cast(result.required(), value(), location);
      case "instanceof":
        return new Op.InstanceOf(result.required(), tokens.type(), value(), location);
      case "newarray":
        return new Op.NewArray(result.required(), rest(), location);
      case "length":
        return new Op.ArrayLength(result.required(), value(), location);
      case "loadelement":
        return new Op.LoadElement(result.required(), value(), value(), location);
      case "storeelement":
        return new Op.StoreElement(value(), value(), value(), location);
      case "loadfield":
        FieldRef loaded = field();
        return new Op.LoadField(
            result.required(), loaded, loaded.isStatic() ? null : value(), location);
      case "storefield":
        FieldRef stored = field();
        return new Op.StoreField(stored, stored.isStatic() ? null : value(), value(), location);
      case "call":
        MethodRef callee = method();
        return new Op.Call(result.orNull(), callee, rest(), location);
      case "new":
        ClassDesc created = tokens.type();
        List<ClassDesc> parameters = tokens.list("(", ")", tokens::type);
        MethodRef constructor =
            MethodRef.ofConstructor(created, parameters.toArray(ClassDesc[]::new));
        return new Op.New(result.required(), constructor, rest(), location);
      case "allocate":
        MethodRef allocation = MethodRef.ofAllocation(tokens.type());
        return new Op.New(result.required(), allocation, List.of(), location);
      case "lambda":
        DynamicCallSiteDesc site = constants.site("metafactory");
        return new Op.Lambda(result.required(), new LambdaRef(site), rest(), location);
      case "invokedynamic":
        DynamicCallSiteDesc dynamic = constants.site(null);
        return new Op.InvokeDynamic(result.orNull(), dynamic, rest(), location);
      case "apply":
        Function function = function();
        return new Op.Apply(result.orNull(), function, rest(), location);
      case "monitorenter", "monitorexit":
        return new Op.Monitor(word.text().equals("monitorenter"), value(), location);
      default:
        for (Arithmetic operator : Arithmetic.values()) {
          if (operator.name().toLowerCase(Locale.ROOT).equals(word.text())) {
            return new Op.Binary(result.required(), operator, value(), value(), location);
          }
        }
        throw Tokens.error(word, "there is no operation " + word.text());
    }
  }

  private FieldRef field() {
    boolean isStatic = tokens.accept("static");
    ClassDesc owner = tokens.type();
    tokens.expect("::");
    String name = tokens.name();
    tokens.expect(":");
    return new FieldRef(owner, name, tokens.type(), isStatic);
  }

  private MethodRef method() {
    Token word = tokens.next();
    MethodRef.Dispatch dispatch;
    try {
      dispatch = MethodRef.Dispatch.valueOf(word.text().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Tokens.error(
          word, "a call is static, virtual, interface or special, not " + word.text());
    }
    boolean isInterfaces = dispatch == MethodRef.Dispatch.INTERFACE || tokens.accept("interface");
    ClassDesc owner = tokens.type();
    tokens.expect("::");
    String name = tokens.name();
    return new MethodRef(dispatch, owner, name, tokens.signature(), isInterfaces);
  }

  private Function function() {
    tokens.expect("@");
    Token name = tokens.expect(TokenKind.NAME, "a function");
    MethodTypeDesc type = tokens.signature();
    Function function = resolver.resolve(name.text(), type);
    if (function == null) {
      throw Tokens.error(
          name, "there is no function @" + name.text() + type.displayDescriptor() + " to apply");
    }
    return function;
  }
}

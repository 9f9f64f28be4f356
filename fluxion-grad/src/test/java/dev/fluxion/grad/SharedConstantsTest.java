package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** An object that is both an argument and a constant is a constant where it is one. */
class SharedConstantsTest {
  /** The smallest vector space. */
  static final class Amount implements VectorSpace<Amount> {
    private final double value;

    Amount(double value) {
      this.value = value;
    }

    @Primitive(AmountRules.class)
    static Amount of(double value) {
      return new Amount(value);
    }

    @Override
    @Primitive(AmountRules.class)
    public Amount plus(Amount other) {
      return new Amount(value + other.value);
    }

    @Primitive(AmountRules.class)
    Amount times(Amount other) {
      return new Amount(value * other.value);
    }

    @Override
    @Primitive(AmountRules.class)
    public Amount zero() {
      return new Amount(0);
    }

    @Override
    @Primitive(AmountRules.class)
    public double item() {
      return value;
    }
  }

  static final class AmountRules {
    private AmountRules() {}

    @Pullback(of = "of")
    static double of(double value, Amount y, Amount dy) {
      return dy.item();
    }

    @Pushforward(of = "of")
    static Amount ofForward(double value, Amount y, double d) {
      return Amount.of(d);
    }

    @Pullback(of = "item")
    static Amount item(Amount x, double y, double dy) {
      return Amount.of(dy);
    }

    @Pushforward(of = "item")
    static double itemForward(Amount x, double y, Amount d) {
      return d.item();
    }

    @Pullback(of = "plus")
    @Pushforward(of = "plus")
    static Amount plusLeft(Amount a, Amount b, Amount y, Amount d) {
      return d;
    }

    @Pullback(of = "plus", argument = 1)
    @Pushforward(of = "plus", argument = 1)
    static Amount plusRight(Amount a, Amount b, Amount y, Amount d) {
      return d;
    }

    @Pullback(of = "times")
    @Pushforward(of = "times")
    static Amount timesLeft(Amount a, Amount b, Amount y, Amount d) {
      return d.times(b);
    }

    @Pullback(of = "times", argument = 1)
    @Pushforward(of = "times", argument = 1)
    static Amount timesRight(Amount a, Amount b, Amount y, Amount d) {
      return a.times(d);
    }
  }

  static final class Holder {
    Object first = "";
    Object second = "";
  }

  static Amount product(Amount[] factors) {
    Amount result = factors[0];
    for (int i = 1; i < factors.length; i++) {
      result = result.times(factors[i]);
    }
    return result;
  }

  static Amount overwritten(Amount x, Amount a) {
    Amount[] places = {x, x};
    places[1] = a;
    return product(places);
  }

  static Amount held(Amount x, Amount a) {
    Holder holder = new Holder();
    holder.first = x;
    holder.second = a;
    return ((Amount) holder.first).times((Amount) holder.second);
  }

  private static void check(Fn1<Amount, Amount> f, Amount a, double slope) {
    check(f, a, slope, 0);
  }

  private static void check(Fn1<Amount, Amount> f, Amount a, double slope, double curvature) {
    assertEquals(slope, Grad.gradient(f, a).value);
    assertEquals(slope, Grad.jvp(f, a, new Amount(1)).tangent().value);
    assertEquals(curvature, Grad.hessianVectorProduct(f, a, new Amount(1)).value);
  }

  @Test
  void vectorsInArrays() {
    Amount a = new Amount(3);
    check(x -> product(new Amount[] {x, a}), a, 3);
    check(x -> product(new Amount[] {a, x, a}), a, 9);
    check(x -> overwritten(x, a), a, 3);
  }

  @Test
  void vectorsThatATapeKeeps() {
    Amount a = new Amount(3);
    check(x -> x.times(a), a, 3);
    check(x -> a.times(x).times(a), a, 9);
    check(x -> a.times(x).times(x).times(a), a, 54, 18);
  }

  @Test
  void vectorsInFieldsOfAnyType() {
    Amount a = new Amount(3);
    check(x -> held(x, a), a, 3);
  }

  static double product(Double[] factors) {
    double result = 1;
    for (Double factor : factors) {
      result *= factor;
    }
    return result;
  }

  @Test
  void boxesInArrays() {
    Double a = 3.0;
    Fn1<Double, Double> f = x -> product(new Double[] {x, a});
    assertEquals(3, Grad.gradient(f, a));
    assertEquals(3, Grad.jvp(f, a, 1.0).tangent());
    assertEquals(0, Grad.hessianVectorProduct(f, a, 1.0));
  }

  record Two<A, B>(A first, B second) {}

  static final class Place<T> {
    T value;

    Place(T value) {
      this.value = value;
    }
  }

  static Amount sumOfProducts(List<Two<Amount, Amount>> all) {
    Amount sum = all.get(0).first().times(all.get(0).second());
    for (int i = 1; i < all.size(); i++) {
      sum = sum.plus(all.get(i).first().times(all.get(i).second()));
    }
    return sum;
  }

  static Amount exchanged(Amount x, Amount a) {
    List<Place<Amount>> places = List.of(new Place<>(x), new Place<>(a));
    places.get(0).value = places.get(1).value;
    places.get(1).value = x;
    return places.get(0).value.times(places.get(1).value);
  }

  @Test
  void vectorsInComponentsOfTypeVariables() {
    Amount a = new Amount(3);
    Two<Amount, Amount> captured = new Two<>(a, a);
    check(x -> new Two<>(x, a).first().times(new Two<>(x, a).second()), a, 3);
    check(x -> sumOfProducts(List.of(new Two<>(x, a), new Two<>(a, x))), a, 6);
    check(x -> sumOfProducts(List.of(new Two<>(x, a), captured)), a, 3);
    check(x -> exchanged(x, a), a, 3);
    Two<Amount, Amount> gradient =
        Grad.gradient(p -> p.first().times(p.first()).times(p.second()).item(), captured);
    assertEquals(18, gradient.first().value);
    assertEquals(9, gradient.second().value);
  }

  static List<Amount> added(List<Amount> some, Amount more) {
    List<Amount> all = new ArrayList<>(some);
    all.add(more);
    return all;
  }

  private static void checkRefused(Fn1<Amount, Amount> f, Amount a) {
    for (Executable derivative :
        List.<Executable>of(
            () -> Grad.gradient(f, a),
            () -> Grad.jvp(f, a, new Amount(1)),
            () -> Grad.pullback(f, a),
            () -> Grad.hessianVectorProduct(f, a, new Amount(1)))) {
      GradientException refused = assertThrows(GradientException.class, derivative);
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains("use a copy for one of them"), message);
    }
  }

  /** Where they cannot be told apart they are refused, but not where only one is asked for. */
  @Test
  void vectorsInContainers() {
    Amount a = new Amount(3);
    List<Amount> captured = List.of(a);
    checkRefused(x -> List.of(a, x).get(0).times(x), a);
    checkRefused(x -> List.of(x, a).stream().reduce(Amount::times).orElseThrow(), a);
    checkRefused(x -> added(captured, x).get(0).times(x), a);
    checkRefused(x -> List.of(x, Grad.stopGradient(x)).get(0), a);
    check(x -> x.times(captured.get(0)), a, 3);
    check(x -> new ArrayList<>(captured).get(0).times(List.of(x).get(0)), a, 3);
    check(x -> List.of(x).get(0).times(List.of(x).get(0)).times(a), a, 18, 6);
    check(
        x -> {
          List<Object> log = new ArrayList<>(List.of(x, a));
          return x.times(a).times(Amount.of(log.size()));
        },
        a,
        6);
  }

  @Test
  void vectorsInTwoArguments() {
    Amount a = new Amount(3);
    GradientException refused =
        assertThrows(
            GradientException.class,
            () -> Grad.gradient((x, list) -> x.times(list.get(0)).item(), a, List.of(a)));
    assertTrue(String.valueOf(refused.getMessage()).contains("give one a copy"));
    assertThrows(
        GradientException.class,
        () -> Grad.gradient((x, y) -> List.of(x, y).get(0).times(y).item(), a, a));
    Pair<Amount, Amount> both = Grad.gradient((x, y) -> x.times(x).times(y).item(), a, a);
    assertEquals(18, both.first().value);
    assertEquals(9, both.second().value);
  }

  /**
   * In the platform's containers a shadow is found by identity, which boxed arguments do not share.
   */
  @Test
  void boxesInContainers() {
    Double a = 3.0;
    Fn1<Double, Double> f =
        x -> {
          List<Double> factors = new ArrayList<>();
          factors.add(x);
          factors.add(a);
          return factors.get(0) * factors.get(1);
        };
    assertEquals(3, Grad.gradient(f, a));
    assertEquals(3, Grad.jvp(f, a, 1.0).tangent());
    assertEquals(3, Grad.pullback(f, a).gradient(1.0));
    assertEquals(new Pair<>(3.0, 1.0), Grad.gradient((x, y) -> f.apply(x) + y, a, a));
  }
}

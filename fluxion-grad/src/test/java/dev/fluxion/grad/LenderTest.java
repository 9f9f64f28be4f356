package dev.fluxion.grad;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Fuser.Callee;
import dev.fluxion.grad.runtime.Loans;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A derivative gives back what operations have borrowed for it, if they keep nothing. */
class LenderTest {
  private static final List<Sheet> GIVEN_BACK = new ArrayList<>();
  private static final List<Sheet> NOTED = new ArrayList<>();

  /** A number that is lent. */
  @FusedBy(Noting.class)
  @LentBy(Library.class)
  static final class Sheet implements VectorSpace<Sheet>, Loans.Loan {
    static {
      Loans.expect();
    }

    private final double value;
    private boolean isKept;

    Sheet(double value) {
      this.value = value;
      Loans loans = Loans.current();
      if (loans != null) {
        loans.add(this);
      }
    }

    @Override
    @Primitive(SheetRules.class)
    public Sheet plus(Sheet other) {
      return new Sheet(value + other.value);
    }

    @Override
    @Primitive(SheetRules.class)
    public Sheet zero() {
      return new Sheet(0);
    }

    @Override
    @Primitive(SheetRules.class)
    public double item() {
      return value;
    }

    @Primitive(SheetRules.class)
    Sheet times(Sheet other) {
      return new Sheet(value * other.value);
    }

    @Primitive(SheetRules.class)
    Sheet noted(double factor) {
      return new Sheet(value * factor);
    }

    @Override
    public boolean own() {
      return true;
    }

    @Override
    public boolean isKept() {
      return isKept;
    }

    @Override
    public void giveBack() {
      GIVEN_BACK.add(this);
    }
  }

  /** The rules of {@link Sheet}. */
  static final class SheetRules {
    private SheetRules() {}

    @Pullback(of = "item")
    static Sheet item(Sheet x, double y, double dy) {
      return new Sheet(dy);
    }

    @Pullback(of = "plus")
    static Sheet plusLeft(Sheet a, Sheet b, Sheet y, Sheet dy) {
      return dy;
    }

    @Pullback(of = "plus", argument = 1)
    static Sheet plusRight(Sheet a, Sheet b, Sheet y, Sheet dy) {
      return dy;
    }

    @Pullback(of = "times")
    static Sheet timesLeft(Sheet a, Sheet b, Sheet y, Sheet dy) {
      return dy.times(b);
    }

    @Pullback(of = "times", argument = 1)
    static Sheet timesRight(Sheet a, Sheet b, Sheet y, Sheet dy) {
      return dy.times(a);
    }

    @Pullback(of = "noted")
    static Sheet noted(Sheet a, double factor, Sheet y, Sheet dy) {
      return new Sheet(dy.value * factor);
    }
  }

  /** Lends to all methods but {@code noted}. */
  static final class Library implements Lender {
    @Override
    public boolean lends(Callee callee) {
      return callee.function() == null && !callee.method().name().equals("noted");
    }

    @Override
    public void keep(Object object) {
      ((Sheet) object).isKept = true;
    }
  }

  /** Notes what the calls of {@code noted} that it fuses are given, and their results. */
  static final class Noting implements Fuser {
    @Override
    public boolean takes(Callee callee) {
      return callee.function() == null && callee.method().name().equals("noted");
    }

    @Override
    public @Nullable Operation fuse(
        List<Part> parts, int inputs, List<Integer> results, Set<Integer> kept) {
      return new Operation() {
        @Override
        public boolean pays(@Nullable Object input) {
          return input instanceof Sheet;
        }

        @Override
        public int room() {
          return inputs + results.size();
        }

        @Override
        public boolean run(@Nullable Object[] values) {
          Sheet sheet = (Sheet) requireNonNull(values[0]);
          NOTED.add(sheet);
          for (Part part : parts) {
            Argument.Constant factor = (Argument.Constant) part.arguments().get(1);
            sheet = sheet.noted((double) requireNonNull(factor.value()));
            NOTED.add(sheet);
          }
          values[inputs] = sheet;
          return results.size() == 1;
        }
      };
    }
  }

  @BeforeEach
  void forget() {
    GIVEN_BACK.clear();
    NOTED.clear();
  }

  @Test
  void whatIsBorrowedOnTheWayIsGivenBack() {
    Sheet gradient = Grad.gradient(x -> x.times(x).times(x), new Sheet(3));
    assertEquals(27, gradient.value);
    assertEquals(2, GIVEN_BACK.stream().filter(sheet -> sheet.value > 8).count());
    assertFalse(GIVEN_BACK.contains(gradient));
  }

  @Test
  void anOperationOfAFuserMayKeepWhatItSees() {
    Sheet gradient = Grad.gradient(x -> x.times(x).noted(2).noted(5), new Sheet(3));
    assertEquals(60, gradient.value);
    assertEquals(List.of(9.0, 18.0, 90.0), NOTED.stream().map(sheet -> sheet.value).toList());
    assertTrue(NOTED.stream().noneMatch(GIVEN_BACK::contains));
  }
}

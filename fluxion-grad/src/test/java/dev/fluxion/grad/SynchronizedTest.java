package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The code of a derivative holds the monitors that synchronized methods hold. */
@SuppressWarnings({"NonAtomicVolatileUpdate", "NakedNotify"}) // as users write it
class SynchronizedTest {
  static class Account {
    private static double all;
    private double balance;

    synchronized void deposit(double amount) {
      balance += amount;
      notifyAll(); // which fails without the monitor
    }

    synchronized double balance() {
      return balance;
    }

    synchronized double grown(double rate) {
      for (int year = 0; year < 3; year++) {
        if (!Thread.holdsLock(this)) {
          throw new IllegalStateException();
        }
        balance *= rate;
      }
      return balance;
    }

    synchronized double checked(double amount) {
      if (amount > balance) {
        throw new IllegalArgumentException();
      }
      return balance - amount;
    }

    static synchronized double addToAll(double amount) {
      Account.class.notifyAll();
      all += amount;
      return all;
    }
  }

  static final class Doubling extends Account {
    @Override
    synchronized void deposit(double amount) {
      super.deposit(2 * amount);
    }
  }

  static double deposited(double x) {
    double product = 1;
    for (Account account : List.of(new Account(), new Doubling())) {
      account.deposit(x);
      account.deposit(x * x);
      product *= account.balance();
    }
    return product;
  }

  static double grown(double x) {
    Account account = new Account();
    account.deposit(2);
    return account.grown(x);
  }

  static double failed(double x) {
    Account account = new Account();
    try {
      return account.checked(x);
    } catch (IllegalArgumentException e) {
      assertFalse(Thread.holdsLock(account));
      return x * x;
    }
  }

  static double ofClass(double x) {
    Account.all = 0;
    Account.addToAll(x);
    return Account.addToAll(x * x);
  }

  static final class Buffer {
    private final Deque<Double> numbers = new ArrayDeque<>();

    synchronized void put(double number) {
      numbers.add(number);
      notifyAll();
    }

    synchronized double take() throws InterruptedException {
      while (numbers.isEmpty()) {
        wait();
      }
      return numbers.remove();
    }
  }

  static double produced(double x) {
    Buffer buffer = new Buffer();
    Thread producer =
        new Thread(
            () -> {
              buffer.put(x);
              buffer.put(x * x);
            });
    producer.start();
    try {
      return buffer.take() * buffer.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> areFollowed() {
    double x = 0.7;
    double sum = x + x * x;
    return new Cases()
        .number("deposited", x, 4 * sum * (1 + 2 * x), a -> deposited(a))
        .number("grown", x, 6 * x * x, a -> grown(a))
        .number("failed", x, 2 * x, a -> failed(a))
        .number("of a class", x, 1 + 2 * x, a -> ofClass(a))
        .number("produced", x, 3 * x * x, a -> produced(a))
        .hessian("second derivatives", Cases.of(x), new double[][] {{12 * x}}, a -> grown(a[0]))
        .tests();
  }

  /** Counts what is done to it, which no two threads may do at once. */
  static final class Shared {
    private int count;

    synchronized double scaled(double x) {
      int before = count;
      double y = x;
      for (int i = 0; i < 50; i++) {
        y = Math.sin(y);
      }
      count = before + 1;
      return y;
    }
  }

  @Test
  void gradientsInSeveralThreadsTakeTurns() throws Exception {
    Shared shared = new Shared();
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Future<Double>> gradients = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        gradients.add(
            pool.submit(
                () -> {
                  double last = 0;
                  for (int k = 0; k < 1000; k++) {
                    last = Grad.gradient(x -> shared.scaled(x), 0.5);
                  }
                  return last;
                }));
      }
      for (Future<Double> gradient : gradients) {
        assertEquals(Grad.derivative(x -> new Shared().scaled(x), 0.5), gradient.get(), 1e-12);
      }
    }
    assertEquals(4000, shared.count);
  }
}

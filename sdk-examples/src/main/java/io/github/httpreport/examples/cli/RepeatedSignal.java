package io.github.httpreport.examples.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Signal handlers for Ctrl-C and SIGTERM: the first signal ends the process with its shutdown
 * hooks, the second one ends it at once. The JVM's own handlers would let the second wait for the
 * hooks of the first.
 *
 * <p>The JDK offers this in {@code sun.misc} only, whose use the compiler always warns of; hence
 * reflection. Where the platform has no such class or signal, its own handlers stay. Each signal
 * runs on a thread of the JVM's own, so {@code System.exit}, which blocks until the hooks are done,
 * holds up no other signal.
 */
final class RepeatedSignal implements AutoCloseable {

  /** What a shell adds to the number of the signal that ended a process. */
  private static final int ENDED_BY_SIGNAL = 128;

  private final AtomicBoolean received = new AtomicBoolean();
  private final List<Runnable> restore = new ArrayList<>();

  RepeatedSignal() {
    handle("INT", ENDED_BY_SIGNAL + 2);
    handle("TERM", ENDED_BY_SIGNAL + 15);
  }

  private void handle(String name, int exitCode) {
    try {
      Class<?> signals = Class.forName("sun.misc.Signal");
      Class<?> handlers = Class.forName("sun.misc.SignalHandler");
      Object signal = signals.getConstructor(String.class).newInstance(name);
      Object before = register(signals, handlers, signal, handler(handlers, exitCode));
      restore.add(() -> registerAgain(signals, handlers, signal, before));
    } catch (ReflectiveOperationException | IllegalArgumentException unavailable) {
      // Its first occurrence still ends the command in good order.
      return;
    }
  }

  private static Object register(Class<?> signals, Class<?> handlers, Object signal, Object handler)
      throws ReflectiveOperationException {
    return signals.getMethod("handle", signals, handlers).invoke(null, signal, handler);
  }

  private static void registerAgain(
      Class<?> signals, Class<?> handlers, Object signal, Object handler) {
    try {
      register(signals, handlers, signal, handler);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("a handler was registered before", impossible);
    }
  }

  private Object handler(Class<?> handlers, int exitCode) {
    InvocationHandler calls =
        (self, method, args) ->
            switch (method.getName()) {
              case "handle" -> end(exitCode);
              case "equals" -> self == args[0];
              case "hashCode" -> System.identityHashCode(self);
              default -> "RepeatedSignal";
            };
    return Proxy.newProxyInstance(
        RepeatedSignal.class.getClassLoader(), new Class<?>[] {handlers}, calls);
  }

  private Object end(int exitCode) {
    if (received.compareAndSet(false, true)) {
      System.exit(exitCode);
    } else {
      Runtime.getRuntime().halt(exitCode);
    }
    return Void.TYPE;
  }

  /** Puts the handlers of before back, unless the process is ending. */
  @Override
  public void close() {
    if (!received.get()) {
      restore.forEach(Runnable::run);
    }
  }
}

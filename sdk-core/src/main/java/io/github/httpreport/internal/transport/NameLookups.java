package io.github.httpreport.internal.transport;

import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The look-ups of host names, which block, on daemon threads of their own. All callers that need
 * one name share one look-up, so a name that hangs holds one thread. Names that were found the last
 * time and all others have separate threads: however many names of one group hang, the nodes of the
 * others are found.
 *
 * <p>A connection asks twice: it waits for {@link #whenFound}, on any thread, and then asks {@link
 * #addresses}, which returns what was just found. The JDK decides how long an address is good: each
 * new connection looks its name up.
 */
public final class NameLookups implements HostNames {

  /** Looks a name up. */
  interface Lookup {
    InetAddress[] find(String host) throws UnknownHostException;
  }

  /** For the names found before, which a cache of the JDK's or of the system's answers mostly. */
  private static final int KNOWN_THREADS = 8;

  private static final int OTHER_THREADS = 32;
  private static final int MAX_REMEMBERED = 1024;
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

  private final Lookup lookup;
  private final DaemonThreadFactory threads;
  private final ThreadPoolExecutor known;
  private final ThreadPoolExecutor others;
  private final Map<String, CompletableFuture<InetAddress[]>> underWay = new ConcurrentHashMap<>();
  private final Map<String, InetAddress[]> found =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, InetAddress[]> eldest) {
              return size() > MAX_REMEMBERED;
            }
          });

  public NameLookups(String name) {
    this(name, InetAddress::getAllByName);
  }

  public NameLookups(String name, Lookup lookup) {
    this.lookup = lookup;
    threads = DaemonThreadFactory.named(name + "-dns");
    known = executor(KNOWN_THREADS);
    others = executor(OTHER_THREADS);
  }

  private ThreadPoolExecutor executor(int size) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            size,
            size,
            KEEP_ALIVE.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            threads);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** With or without success; at once for an address. */
  @Override
  public void whenFound(String host, Runnable task) {
    if (Hosts.isLiteral(host)) {
      task.run();
    } else {
      lookUp(host).whenComplete((addresses, error) -> task.run());
    }
  }

  private CompletableFuture<InetAddress[]> lookUp(String host) {
    CompletableFuture<InetAddress[]> mine = new CompletableFuture<>();
    CompletableFuture<InetAddress[]> shared = underWay.putIfAbsent(host, mine);
    if (shared != null) {
      return shared;
    }
    try {
      (found.containsKey(host) ? known : others).execute(() -> find(host, mine));
    } catch (Throwable e) {
      end(host, mine, null, e);
    }
    return mine;
  }

  private void find(String host, CompletableFuture<InetAddress[]> result) {
    try {
      end(host, result, lookup.find(host), null);
    } catch (Throwable e) {
      end(host, result, null, e);
    }
  }

  private void end(
      String host,
      CompletableFuture<InetAddress[]> result,
      InetAddress @Nullable [] addresses,
      @Nullable Throwable error) {
    underWay.remove(host, result);
    if (addresses != null) {
      found.put(host, addresses);
      result.complete(addresses);
    } else {
      found.remove(host);
      result.completeExceptionally(error == null ? new UnknownHostException(host) : error);
    }
  }

  /** What was found last; never blocks, except for the digits of an address. */
  @Override
  public InetAddress[] addresses(String host) throws UnknownHostException {
    if (Hosts.isLiteral(host)) {
      return InetAddress.getAllByName(host);
    }
    InetAddress[] addresses = found.get(host);
    if (addresses == null) {
      throw new UnknownHostException(host);
    }
    return addresses.clone();
  }

  /** A look-up that hangs keeps its daemon thread until it ends. */
  @Override
  public void close() {
    known.shutdown();
    others.shutdown();
    underWay.values().forEach(waiting -> waiting.cancel(false));
  }
}

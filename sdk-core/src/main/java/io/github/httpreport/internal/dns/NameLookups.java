package io.github.httpreport.internal.dns;

import io.github.httpreport.internal.concurrent.DaemonThreadFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Look-ups by the JDK, which block, on daemon threads of their own.
 *
 * <p>All callers that need one name at a time share one look-up, so a name that hangs holds one
 * thread. A name that was found the last time it was looked up and all other names have separate
 * threads: however many names of one group hang, the nodes of the others are found.
 *
 * <p>No address is kept here. The JDK decides how long an address is good: each new connection
 * looks its name up, and what it finds it uses at once.
 *
 * <p>Any thread calls this. A look-up leaves {@code underWay} before its future completes, so a
 * caller that asks again from a callback begins another one.
 */
public final class NameLookups implements HostNames {

  /** Looks a name up, and may block. */
  public interface Lookup {
    InetAddress[] find(String host) throws UnknownHostException;
  }

  /** For the names found before, which a cache of the JDK's or of the system's answers mostly. */
  private static final int KNOWN_THREADS = 8;

  private static final int OTHER_THREADS = 32;
  private static final int KEEP_ALIVE_SECONDS = 10;

  /** Only a name beyond these, the oldest, counts as never found. */
  private static final int MAX_REMEMBERED = 1024;

  private final Lookup lookup;
  private final ExecutorService known;
  private final ExecutorService others;
  private final Map<String, CompletableFuture<List<InetAddress>>> underWay =
      new ConcurrentHashMap<>();
  private final Set<String> found = Collections.newSetFromMap(boundedMap());

  public NameLookups(String name) {
    this(name, InetAddress::getAllByName);
  }

  public NameLookups(String name, Lookup lookup) {
    this.lookup = lookup;
    DaemonThreadFactory threads = DaemonThreadFactory.named(name + "-dns");
    known = executor(KNOWN_THREADS, threads);
    others = executor(OTHER_THREADS, threads);
  }

  private static ExecutorService executor(int size, DaemonThreadFactory threads) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            size, size, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private static Map<String, Boolean> boundedMap() {
    return Collections.synchronizedMap(
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
          }
        });
  }

  @Override
  public CompletableFuture<List<InetAddress>> addresses(String host) {
    if (Hosts.isLiteral(host)) {
      return ofLiteral(host);
    }
    CompletableFuture<List<InetAddress>> mine = new CompletableFuture<>();
    CompletableFuture<List<InetAddress>> shared = underWay.putIfAbsent(host, mine);
    if (shared != null) {
      return shared;
    }
    try {
      (found.contains(host) ? known : others).execute(() -> find(host, mine));
    } catch (Throwable e) {
      fail(host, mine, e);
    }
    return mine;
  }

  private static CompletableFuture<List<InetAddress>> ofLiteral(String host) {
    try {
      return CompletableFuture.completedFuture(List.of(InetAddress.getAllByName(host)));
    } catch (UnknownHostException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void find(String host, CompletableFuture<List<InetAddress>> result) {
    try {
      List<InetAddress> addresses = List.of(lookup.find(host));
      found.add(host);
      underWay.remove(host, result);
      result.complete(addresses);
    } catch (Throwable e) {
      fail(host, result, e);
    }
  }

  private void fail(String host, CompletableFuture<List<InetAddress>> result, Throwable error) {
    found.remove(host);
    underWay.remove(host, result);
    result.completeExceptionally(error);
  }

  /** A look-up that hangs keeps its daemon thread until it ends. */
  @Override
  public void close() {
    known.shutdown();
    others.shutdown();
    underWay.values().forEach(waiting -> waiting.cancel(false));
  }
}

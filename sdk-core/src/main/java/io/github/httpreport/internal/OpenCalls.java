package io.github.httpreport.internal;

import io.github.httpreport.http.Response;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls of a transport that have no answer yet, and their end when it closes. */
final class OpenCalls {

  /** One of them. */
  interface Call {
    CompletableFuture<Response> answer();

    void start();

    /** The transport is closed. */
    void abandon();
  }

  private static final Logger LOG = LoggerFactory.getLogger(OpenCalls.class);

  private final DaemonThreads threads;
  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param threads those that bring the answers
   */
  OpenCalls(DaemonThreads threads) {
    this.threads = threads;
  }

  CompletableFuture<Response> start(Call call) {
    calls.add(call);
    call.answer().whenComplete((response, error) -> calls.remove(call));
    call.start();
    if (closed) {
      call.abandon();
    }
    return call.answer();
  }

  boolean isClosed() {
    return closed;
  }

  /** Closes the client at once, ends what is open, and waits for the threads. */
  void close(Runnable client, Duration timeout) {
    closed = true;
    client.run();
    // It does not tell them all by itself.
    calls.forEach(Call::abandon);
    try {
      threads.join(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void sayFailed(Exception error) {
    // A reactor that is closed at once stumbles over its own closed selector.
    if (!closed) {
      LOG.error("The I/O reactor failed", error);
    }
  }
}

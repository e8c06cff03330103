package io.github.httpreport.internal.transport;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Origin;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/**
 * Writes one request and reads its answer, bounded. Every method but {@link #abandon} and {@link
 * #abort} runs on one thread at a time, mostly the I/O thread. What becomes of the connection is
 * told to {@link Connection}, before the answer is.
 */
final class ReactorExchange implements AsyncClientExchangeHandler {

  /** The connection under an exchange. */
  interface Connection {
    /** The exchange is over; the connection may carry another one, or must be closed. */
    void done(boolean reusable);

    /** The connection broke before anything of the request left. */
    void neverUsed(Exception cause);
  }

  private static final int FIRST_BUFFER = 256;

  /** Between two writes the connection looks for an early response. */
  private static final int MAX_WRITE = 128 * 1024;

  private final Request request;
  private final Predicate<Response> keepConnection;
  private final boolean reused;
  private final boolean toProxy;
  private final CompletableFuture<Response> answer;
  private final Connection connection;
  private final AtomicBoolean over = new AtomicBoolean();
  private final ByteBuffer unsent;
  private volatile boolean started;
  private @Nullable HttpResponse head;
  private boolean early;
  private byte[] body = {};
  private int length;

  ReactorExchange(
      Request request,
      Predicate<Response> keepConnection,
      boolean reused,
      CompletableFuture<Response> answer,
      Connection connection) {
    this(new Options(keepConnection, reused, false), request, answer, connection);
  }

  private ReactorExchange(
      Options options, Request request, CompletableFuture<Response> answer, Connection connection) {
    this.request = request;
    keepConnection = options.keepConnection;
    reused = options.reused;
    toProxy = options.toProxy;
    this.answer = answer;
    this.connection = connection;
    unsent = ByteBuffer.wrap(request.body());
  }

  /** An exchange with a proxy, which is told the whole address. */
  static ReactorExchange withProxy(
      Request request,
      Predicate<Response> keepConnection,
      CompletableFuture<Response> answer,
      Connection connection) {
    return new ReactorExchange(
        new Options(keepConnection, false, true), request, answer, connection);
  }

  private record Options(Predicate<Response> keepConnection, boolean reused, boolean toProxy) {}

  /** The response that is about to be told began before the request had left whole. */
  void answeredEarly() {
    early = true;
  }

  /** Ends the exchange from outside, unless it is over. */
  void abandon(ExchangeException error) {
    if (over.compareAndSet(false, true)) {
      end(false, () -> answer.completeExceptionally(error));
    }
  }

  @Override
  public void produceRequest(RequestChannel channel, HttpContext context)
      throws HttpException, IOException {
    started = true;
    EntityDetails entity =
        RequestHeaders.hasBody(request)
            ? new BasicEntityDetails(request.body().length, (ContentType) null)
            : null;
    channel.sendRequest(message(), entity, context);
  }

  private HttpRequest message() {
    Origin origin = request.origin();
    URIAuthority authority = toProxy ? new URIAuthority(origin.host(), origin.port()) : null;
    // The constructor without scheme and authority parses the path as a URI.
    BasicHttpRequest message =
        new BasicHttpRequest(
            request.method(), RequestHeaders.scheme(origin), authority, request.path());
    message.setAbsoluteRequestUri(toProxy);
    RequestHeaders.addFields(message, request);
    return message;
  }

  @Override
  public int available() {
    return unsent.remaining();
  }

  @Override
  public void produce(DataStreamChannel channel) throws IOException {
    started = true;
    int end = unsent.limit();
    channel.write(unsent.limit(Math.min(end, unsent.position() + MAX_WRITE)));
    unsent.limit(end);
    if (!unsent.hasRemaining()) {
      channel.endStream();
    }
  }

  @Override
  public void consumeInformation(HttpResponse interim, HttpContext context) {
    // A 100 or 103 says nothing about the messages.
  }

  @Override
  public void consumeResponse(
      HttpResponse response, @Nullable EntityDetails entity, HttpContext context) {
    head = response;
    if (entity == null) {
      finish(false);
    } else if (entity.getContentLength() > 0) {
      body = new byte[(int) Math.min(entity.getContentLength(), request.maxResponseBytes())];
    }
  }

  @Override
  public void updateCapacity(CapacityChannel channel) throws IOException {
    channel.update(Integer.MAX_VALUE);
  }

  @Override
  public void consume(ByteBuffer source) {
    int taken = Math.min(source.remaining(), request.maxResponseBytes() - length);
    if (length + taken > body.length) {
      int grown = Math.max(Math.max(body.length * 2, FIRST_BUFFER), length + taken);
      body = Arrays.copyOf(body, Math.min(grown, request.maxResponseBytes()));
    }
    source.get(body, length, taken);
    length += taken;
    if (source.hasRemaining()) {
      source.position(source.limit());
      finish(true);
    }
  }

  @Override
  public void streamEnd(@Nullable List<? extends Header> trailers) {
    finish(false);
  }

  @Override
  public void failed(Exception cause) {
    if (isRefusedEarly()) {
      finish(true);
    } else {
      abort(cause);
    }
  }

  /** Ends the exchange for this reason, unless it is over; from any thread. */
  void abort(Exception cause) {
    if (over.get()) {
      return;
    }
    if (!started && over.compareAndSet(false, true)) {
      connection.neverUsed(cause);
      return;
    }
    abandon(ExchangeFailures.lost(request.origin(), cause));
  }

  /** A server that refuses a request while it is written may be gone before its words arrive. */
  private boolean isRefusedEarly() {
    HttpResponse received = head;
    return early && received != null && received.getCode() >= HttpStatus.SC_REDIRECTION;
  }

  @Override
  public void cancel() {
    failed(new IOException("cancelled"));
  }

  @Override
  public void releaseResources() {
    // Called after every exchange: an exception is made only for one that is not over.
    if (!over.get()) {
      failed(new IOException("closed"));
    }
  }

  private void finish(boolean truncated) {
    HttpResponse received = head;
    if (received == null || !over.compareAndSet(false, true)) {
      return;
    }
    Response response;
    boolean reusable;
    try {
      response = response(received, truncated);
      // An answer that says close, or that ends with the connection, has closed it by now.
      boolean whole = !truncated && !early;
      // Asks a protocol, which may be the application's own.
      reusable = keepConnection.test(response) && whole;
    } catch (Throwable e) {
      end(false, () -> answer.completeExceptionally(ExchangeFailures.lost(request.origin(), e)));
      return;
    }
    end(reusable, () -> answer.complete(response));
  }

  private Response response(HttpResponse received, boolean truncated) {
    return Response.status(received.getCode())
        .headers(new ResponseHeaders(received))
        .body(length == body.length ? body : Arrays.copyOf(body, length))
        .truncated(truncated)
        .reusedConnection(reused)
        .early(early)
        .build();
  }

  /** The answer is told even where the connection cannot be put away. */
  private void end(boolean reusable, Runnable completion) {
    try {
      connection.done(reusable);
    } finally {
      completion.run();
    }
  }
}

package io.github.httpreport.internal.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.ExchangeException.Kind;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.internal.concurrent.Scheduler;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers reports from a script and from then on by a rule, and probes by another rule. */
public final class FakeTransport implements Transport {

  private static final Pattern BODY = Pattern.compile("&body=([^&]*)&");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Scheduler timer;
  private final Queue<CompletableFuture<Response>> script = new ConcurrentLinkedQueue<>();
  private final List<Call> reports = new CopyOnWriteArrayList<>();
  private final List<Call> probes = new CopyOnWriteArrayList<>();
  private volatile Function<Request, CompletableFuture<Response>> rule =
      request -> CannedResponses.ok();
  private volatile Function<Request, CompletableFuture<Response>> probeRule =
      request -> CannedResponses.ok();
  private final AtomicInteger here = new AtomicInteger();
  private volatile boolean closed;

  public FakeTransport(Scheduler timer) {
    this.timer = timer;
  }

  /** The next answers to reports. */
  @SafeVarargs
  public final void then(CompletableFuture<Response>... answers) {
    for (CompletableFuture<Response> answer : answers) {
      script.add(answer);
    }
  }

  /** The answer to every report that the script has none for. */
  public void always(Function<Request, CompletableFuture<Response>> value) {
    rule = value;
  }

  public void onProbe(Function<Request, CompletableFuture<Response>> value) {
    probeRule = value;
  }

  public List<Call> reports() {
    return reports;
  }

  public Call lastReport() {
    return reports.get(reports.size() - 1);
  }

  public List<Call> probes() {
    return probes;
  }

  /** How many reports could have been exchanged on the calling thread. */
  public int here() {
    return here.get();
  }

  public boolean closed() {
    return closed;
  }

  @Override
  public CompletableFuture<Response> execute(Request request, Predicate<Response> keepConnection) {
    return execute(request, keepConnection, TIMEOUT);
  }

  @Override
  public CompletableFuture<Response> execute(
      Request request, Predicate<Response> keepConnection, Duration limit) {
    Duration timeout = limit.compareTo(TIMEOUT) < 0 ? limit : TIMEOUT;
    boolean probe = request.method().equals("GET");
    (probe ? probes : reports).add(new Call(request, timeout, timer.nanoTime()));
    CompletableFuture<Response> result = new CompletableFuture<>();
    Scheduler.Scheduled end =
        timer.schedule(
            timeout,
            () ->
                result.completeExceptionally(
                    new ExchangeException(Kind.TIMED_OUT, "no answer in time", null)));
    (probe ? probeRule.apply(request) : answer(request))
        .whenComplete(
            (response, error) -> {
              end.cancel();
              complete(result, keepConnection, response, error);
            });
    return result;
  }

  @Override
  public CompletableFuture<Response> executeHere(
      Request request, Predicate<Response> keepConnection, Duration limit) {
    here.incrementAndGet();
    return execute(request, keepConnection, limit);
  }

  private CompletableFuture<Response> answer(Request request) {
    CompletableFuture<Response> scripted = script.poll();
    return scripted != null ? scripted : rule.apply(request);
  }

  private static void complete(
      CompletableFuture<Response> result,
      Predicate<Response> keepConnection,
      Response response,
      Throwable error) {
    if (error != null) {
      result.completeExceptionally(error);
    } else if (!result.isDone()) {
      try {
        boolean unused = keepConnection.test(response);
        result.complete(response);
      } catch (Throwable e) {
        result.completeExceptionally(e);
      }
    }
  }

  @Override
  public void close(Duration timeout) {
    closed = true;
  }

  /** One request, the time it was given, and when it was made. */
  public record Call(Request request, Duration timeout, long atNanos) {

    public String node() {
      return request.origin().host();
    }

    public int size() {
      return request.body().length;
    }

    /** The bodies of a report as the server would read them. */
    public List<String> messages() {
      Matcher matcher = BODY.matcher(new String(request.body(), UTF_8));
      if (!matcher.find()) {
        throw new AssertionError("a report without a body");
      }
      return List.of(URLDecoder.decode(matcher.group(1), UTF_8).split("\n", -1));
    }
  }
}

package io.github.httpreport.memphis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.common.Futures;
import io.github.httpreport.common.Printable;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.ExchangeException;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.support.StatusVerdict;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one token that all deliveries share. The gateway keeps a connection to its broker for each
 * authentication, so there is never more than one under way.
 */
final class SharedToken {

  private static final Logger LOG = LoggerFactory.getLogger(SharedToken.class);
  private static final Duration BETWEEN_RENEWALS = Duration.ofSeconds(10);
  private static final Verdict HELD = Verdict.Accepted.of("");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Login login;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile State state = new State(null, false, false, null, Instant.MIN);

  /** The time of the latest attempt: the only clock that tokens are compared with. */
  private volatile Instant latest = Instant.EPOCH;

  private final AtomicBoolean fails = new AtomicBoolean();

  /**
   * What is known. Changed under the lock.
   *
   * @param token the newest; null before the first
   * @param refused whether the gateway has refused it
   * @param suspect whether a request with it was not answered in time: it is used until there is
   *     another, except for the messages of that request
   * @param underWay the authentication that runs; null when none does
   * @param nextRenewal not renewed ahead of its end before this
   */
  private record State(
      @Nullable Token token,
      boolean refused,
      boolean suspect,
      @Nullable CompletableFuture<Verdict> underWay,
      Instant nextRenewal) {

    /** Whether a request may leave with it. */
    boolean holds(Instant now) {
      return token != null && !refused && !token.isOver(now);
    }

    boolean isToBeRenewed(Instant now) {
      boolean due = token != null && (suspect || token.endsSoon(now));
      return due && underWay == null && !now.isBefore(nextRenewal);
    }

    boolean isOf(Request request) {
      return token != null && token.authorized(request);
    }
  }

  /**
   * @param clock gives the time where a response asks to wait until a date
   */
  SharedToken(Login login, Clock clock) {
    this.login = login;
    this.clock = clock;
  }

  boolean isGood(Instant now) {
    latest = now;
    State known = state;
    return known.holds(now) && !known.isToBeRenewed(now);
  }

  /** Adds it to a request. */
  void authorize(Request.Builder request, Instant now) {
    latest = now;
    Token token = state.token();
    if (token != null) {
      token.authorize(request);
    }
  }

  /**
   * See {@code WireProtocol.authenticate}. No delivery waits for a renewal while the old token is
   * good.
   */
  CompletionStage<Verdict> authenticate(Node node, Optional<Request> refused, Exchange exchange) {
    CompletableFuture<Verdict> started = null;
    CompletableFuture<Verdict> result;
    lock.lock();
    try {
      refused.ifPresent(this::noteRefusal);
      State known = state;
      boolean hangs = known.suspect() && refused.filter(known::isOf).isPresent();
      boolean holds = known.holds(latest) && !hangs;
      if (known.underWay() == null && (!holds || known.isToBeRenewed(latest))) {
        started = new CompletableFuture<>();
        state =
            new State(
                known.token(), known.refused(), known.suspect(), started, known.nextRenewal());
      }
      CompletableFuture<Verdict> awaited = state.underWay();
      result = holds || awaited == null ? CompletableFuture.completedFuture(HELD) : awaited.copy();
    } finally {
      lock.unlock();
    }
    if (started != null) {
      ask(node, exchange, started);
    }
    return result;
  }

  /** A refusal of a token that was replaced meanwhile says nothing of the one there is now. */
  private void noteRefusal(Request refused) {
    State known = state;
    if (known.isOf(refused) && !known.suspect()) {
      state = new State(known.token(), true, false, known.underWay(), known.nextRenewal());
    }
  }

  /** Whether a request bears the newest token. */
  boolean isCurrent(Request request) {
    return state.isOf(request);
  }

  /**
   * Has the token of a request renewed that was not answered in time.
   *
   * @return false when it was renewed already
   */
  boolean suspect(Request unanswered) {
    lock.lock();
    try {
      State known = state;
      boolean current = known.isOf(unanswered);
      if (current && !known.suspect()) {
        state = new State(known.token(), known.refused(), true, known.underWay(), Instant.MIN);
      }
      return current;
    } finally {
      lock.unlock();
    }
  }

  private void ask(Node node, Exchange exchange, CompletableFuture<Verdict> result) {
    try {
      exchange
          .execute(login.request(node))
          .whenComplete(
              (response, error) -> {
                try {
                  ended(node, result, response, error);
                } catch (Throwable e) {
                  threw(result, e);
                }
              });
    } catch (Login.NoSecretException e) {
      failed(String.valueOf(e.getMessage()));
      result.complete(Verdict.Rejected.of("", "no credentials: " + e.getMessage()));
    } catch (Throwable e) {
      threw(result, e);
    }
  }

  private void ended(
      Node node,
      CompletableFuture<Verdict> result,
      @Nullable Response response,
      @Nullable Throwable error) {
    if (response == null) {
      Throwable cause = Futures.unwrap(error);
      Throwable named = named(node, cause == null ? new IOException("no response") : cause);
      failed(String.valueOf(named.getMessage()));
      result.completeExceptionally(named);
    } else {
      answered(node, result, response);
    }
  }

  /** No delivery waits for this authentication any more, even after an exception. */
  private void threw(CompletableFuture<Verdict> result, Throwable thrown) {
    try {
      failed(thrown.getClass().getSimpleName());
    } finally {
      result.completeExceptionally(thrown);
    }
  }

  /** The same with what was asked of whom. */
  private Throwable named(Node node, Throwable error) {
    return error instanceof ExchangeException e
        ? new ExchangeException(e.kind(), subject(node) + ": " + e.getMessage(), e)
        : error;
  }

  private String subject(Node node) {
    return "authentication of user " + Printable.quoted(login.user()) + " at " + node + " failed";
  }

  private void answered(Node node, CompletableFuture<Verdict> result, Response response) {
    Optional<Token> token = response.status() == 200 ? tokenOf(response) : Optional.empty();
    if (token.isPresent()) {
      renewed(token.get());
      result.complete(Verdict.Accepted.of("HTTP 200"));
      return;
    }
    String text = subject(node) + ": " + StatusVerdict.describe(response);
    failed(text);
    result.complete(refusal(text, response));
  }

  private Optional<Token> tokenOf(Response response) {
    try {
      JsonNode jwt = JSON.readTree(response.body()).path("jwt");
      return jwt.isTextual() && !response.truncated()
          ? Token.read(jwt.textValue(), latest)
          : Optional.empty();
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }

  /** Leaves the body out: it may echo the request. */
  private Verdict refusal(String text, Response response) {
    Verdict verdict = StatusVerdict.of(response, clock);
    return verdict instanceof Verdict.Retry retry && response.status() != 431
        ? retry
            .retryAfter()
            .map(Verdict.Retry.of(retry.code(), text)::after)
            .orElseGet(() -> Verdict.Retry.of(retry.code(), text))
        : Verdict.Rejected.of(verdict.code(), text);
  }

  private void renewed(Token token) {
    lock.lock();
    try {
      state = new State(token, false, false, null, Instant.MIN);
    } finally {
      lock.unlock();
    }
    if (fails.compareAndSet(true, false)) {
      LOG.info("The Memphis gateway gives tokens again");
    }
  }

  private void failed(String why) {
    lock.lock();
    try {
      Instant nextRenewal = latest.plus(BETWEEN_RENEWALS);
      state = new State(state.token(), state.refused(), state.suspect(), null, nextRenewal);
    } finally {
      lock.unlock();
    }
    if (fails.compareAndSet(false, true)) {
      LOG.warn("The Memphis gateway gives no token: {}", why);
    }
  }
}

package io.github.httpreport.protocol;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How messages are put to one kind of server. It translates and decides nothing: whether to retry,
 * whom to blame and when to give up is the delivery's. Safe for use by many threads; never blocks.
 */
public interface WireProtocol {

  /**
   * Names the form of the encoded batches, for what is kept on disk: a spool is read by a protocol
   * of the same name only. Default the name of the class.
   *
   * @return a name that stays the same as long as {@link #request} and {@link #slice} can read what
   *     {@link #encode} wrote
   */
  default String payloadFormat() {
    return getClass().getName();
  }

  /**
   * How many messages one request holds at most.
   *
   * @return at least 1
   */
  int maxBatchMessages();

  /**
   * How large a request body may be.
   *
   * @param reported the limit that the node source reported, if any
   * @return in bytes, encoded
   */
  long maxRequestBytes(OptionalLong reported);

  /**
   * Checks that messages can be addressed to a destination at this server. Asked by every call of
   * the application, so it must be quick. The default takes every destination.
   *
   * @param destination where the messages belong
   * @throws IllegalArgumentException if they cannot; the text names the id and says why
   */
  default void validate(Destination destination) {}

  /**
   * Checks that the server can take a message whole.
   *
   * @param message the message, its body not null
   * @throws IllegalArgumentException if it cannot; the text says why without the body, and reads on
   *     from "body 3 "
   */
  void validate(Message message);

  /**
   * How many bytes a message adds to a request body, what separates it from its neighbour included.
   *
   * @param message a message that passed {@link #validate(Message)}
   * @return in bytes, encoded
   */
  long sizeOf(Message message);

  /**
   * How many bytes a request body has in addition to its messages, at most.
   *
   * @param destination where the messages belong
   * @return in bytes, encoded
   */
  long overheadOf(Destination destination);

  /**
   * Encodes a batch. Called once for it, on the thread that sealed it.
   *
   * @param destination where the messages belong
   * @param messages at least one, each passed {@link #validate(Message)}
   * @param dataTime the time that the data belongs to
   * @return the request body
   */
  Payload encode(Destination destination, List<Message> messages, Instant dataTime);

  /**
   * Cuts some of the messages out of an encoded batch.
   *
   * @param payload what {@link #encode} or this method made
   * @param from the first message
   * @param to the one after the last
   * @return a request body with these messages
   */
  Payload slice(Payload payload, int from, int to);

  /**
   * Makes a request. Called once for each attempt, so that times and signatures are fresh.
   *
   * @param payload the body
   * @param node the node it goes to
   * @param now the time of the attempt
   * @return the request
   */
  Request request(Payload payload, Node node, Instant now);

  /**
   * What the server sets up for a request, where it cannot do so for several at a time. The
   * delivery sends one request alone until one was accepted; the others of the same scope wait.
   *
   * @param request what {@link #request} made
   * @return empty, the default, when requests may always go side by side
   */
  default Optional<FirstUse> firstUse(Request request) {
    return Optional.empty();
  }

  /**
   * Says what a response to a report means. Must not throw, whatever the response.
   *
   * @param response the response
   * @return its meaning
   */
  Verdict classify(Response response);

  /**
   * A cheap request that shows whether an ejected node is healthy again.
   *
   * @param node the node
   * @return the request, whose response {@link #classify} accepts when the node is healthy; empty,
   *     the default, when the server has none and the next report has to find out
   */
  default Optional<Request> probe(Node node) {
    return Optional.empty();
  }

  /**
   * Whether {@link #request} has the credentials it needs. Asked before each attempt; where they
   * are missing or about to expire, {@link #authenticate} comes first.
   *
   * @param now the time of the attempt
   * @return true, the default, when the request may be made
   */
  default boolean isAuthenticated(Instant now) {
    return true;
  }

  /**
   * Whether the credentials of a refused request are still those that {@link #request} uses. Asked
   * for a second refusal in a row, which ends the delivery only when it concerns credentials that
   * nobody has renewed meanwhile.
   *
   * @param refused a request that was answered with {@link Verdict.Reauthenticate}
   * @return true, the default, when they are
   */
  default boolean isCurrent(Request refused) {
    return true;
  }

  /**
   * Called for a request that was not answered in time, where that may be due to its credentials.
   *
   * @param unanswered the request
   * @return whether {@link #authenticate}, with this request, comes before the next attempt; false,
   *     the default, when credentials have nothing to do with it
   */
  default boolean renewsCredentialsAfter(Request unanswered) {
    return false;
  }

  /**
   * How long a request may take unless the application says otherwise: at least as long as the
   * server takes to answer when something behind it stalls.
   *
   * @return more than zero; default 10 s
   */
  default Duration requestTimeout() {
    return Duration.ofSeconds(10);
  }

  /**
   * Gets credentials, before a request that has none and after {@link Verdict.Reauthenticate}.
   * Several deliveries may ask at once: it is for the protocol to ask the server once for all.
   *
   * @param node the node that the next request goes to
   * @param refused the request that was answered with {@link Verdict.Reauthenticate}, or for which
   *     {@link #renewsCredentialsAfter} said true, if any, so that credentials renewed meanwhile
   *     are not renewed again
   * @param exchange for requests on the sender's connections
   * @return {@link Verdict.Accepted} when the next {@link #request} may be made, which is the
   *     default; {@link Verdict.Retry}, or an {@link io.github.httpreport.http.ExchangeException},
   *     when it is worth another try; every other verdict and error ends the delivery
   */
  default CompletionStage<Verdict> authenticate(
      Node node, Optional<Request> refused, Exchange exchange) {
    return CompletableFuture.completedFuture(Verdict.Accepted.of(""));
  }

  /**
   * Where the server is, when the protocol knows that by itself.
   *
   * @return the nodes to use when the application names none; empty, the default, when it has to
   */
  default Optional<NodeSource> defaultNodes() {
    return Optional.empty();
  }

  /**
   * Something that a server sets up when the first request for it comes, and cannot set up twice,
   * or beside another, at the same time. Immutable where its parts are. Both parts have an {@code
   * equals} of their own, and a {@code toString} without a secret.
   *
   * @param scope where nothing else is set up meanwhile, for example one connection of a server
   * @param resource what is set up there, for example a queue
   */
  public record FirstUse(Object scope, Object resource) {

    /** Refuses null. */
    public FirstUse {
      requireNonNull(scope, "scope");
      requireNonNull(resource, "resource");
    }
  }
}

package io.github.httpreport.protocol;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
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
   * How many messages one request holds at most.
   *
   * @return at least 1
   */
  int maxBatchMessages();

  /**
   * How large a request body may be.
   *
   * @param reported the limit that the node source told, if any
   * @return in bytes, encoded
   */
  long maxBatchBytes(OptionalLong reported);

  /**
   * Checks that the server can take a message whole.
   *
   * @param message the message, its body not null
   * @throws IllegalArgumentException if it cannot; the text says why without the body, and reads on
   *     from "body 3 "
   */
  void check(Message message);

  /**
   * How many bytes a message adds to a request body, what separates it from its neighbour included.
   *
   * @param message a message that passed {@link #check}
   * @return in bytes, encoded
   */
  long sizeOf(Message message);

  /**
   * How many bytes a request body has besides its messages, at most.
   *
   * @param destination where the messages belong
   * @return in bytes, encoded
   */
  long overheadOf(Destination destination);

  /**
   * Encodes a batch. Called once for it, on the thread that sealed it.
   *
   * @param destination where the messages belong
   * @param messages at least one, each passed {@link #check}
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
   * Says what an answer to a report means. Must not throw, whatever the answer.
   *
   * @param response the answer
   * @return its meaning
   */
  Verdict classify(Response response);

  /**
   * A cheap request that tells whether an ejected node is well again.
   *
   * @param node the node
   * @return the request, whose answer {@link #classify} accepts when the node is well; empty, the
   *     default, when the server has none and the next report has to find out
   */
  default Optional<Request> probe(Node node) {
    return Optional.empty();
  }

  /**
   * Gets new credentials after {@link Verdict.Reauthenticate}.
   *
   * @param node the node that asked
   * @param exchange for requests on the sender's connections
   * @return completes when the next {@link #request} may be made, with an error when there are no
   *     credentials to be had. The default has nothing to do
   */
  default CompletionStage<Void> authenticate(Node node, Exchange exchange) {
    return CompletableFuture.completedFuture(null);
  }
}

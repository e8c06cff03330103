package io.github.httpreport.internal.delivery;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.http.Exchange;
import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import io.github.httpreport.inlong.InLongProtocol;
import io.github.httpreport.node.Node;
import io.github.httpreport.protocol.Payload;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.WireProtocol;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** InLong's, for tests to change one thing or another. */
public class FakeProtocol implements WireProtocol {

  private final WireProtocol real = InLongProtocol.create();

  @Override
  public int maxBatchMessages() {
    return real.maxBatchMessages();
  }

  @Override
  public long maxRequestBytes(OptionalLong reported) {
    return real.maxRequestBytes(reported);
  }

  @Override
  public void validate(Message message) {
    real.validate(message);
  }

  @Override
  public long sizeOf(Message message) {
    return real.sizeOf(message);
  }

  @Override
  public long overheadOf(Destination destination) {
    return real.overheadOf(destination);
  }

  @Override
  public Payload encode(Destination destination, List<Message> messages, Instant dataTime) {
    return real.encode(destination, messages, dataTime);
  }

  @Override
  public Payload slice(Payload payload, int from, int to) {
    return real.slice(payload, from, to);
  }

  @Override
  public Request request(Payload payload, Node node, Instant now) {
    return real.request(payload, node, now);
  }

  @Override
  public Verdict classify(Response response) {
    return real.classify(response);
  }

  @Override
  public Optional<Request> probe(Node node) {
    return real.probe(node);
  }

  @Override
  public void validate(Destination destination) {
    real.validate(destination);
  }

  @Override
  public CompletionStage<Verdict> authenticate(
      Node node, Optional<Request> refused, Exchange exchange) {
    return real.authenticate(node, refused, exchange);
  }

  /** A server that cannot be asked whether it is well. */
  public static WireProtocol withoutProbe() {
    return new FakeProtocol() {
      @Override
      public Optional<Request> probe(Node node) {
        return Optional.empty();
      }
    };
  }
}

package io.github.httpreport.examples.doctor;

import io.github.httpreport.http.Exchange;
import io.github.httpreport.inlong.InLongManager;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.node.NodeSourceException.Kind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Asks Managers for the nodes of a group as a sender does, and whether they want credentials. */
final class ManagerCheck {

  private static final String CREDENTIALS = "credentials";
  private static final String RESPONSE = "answer";

  private final String group;
  private final Optional<InLongManager.Credentials> credentials;
  private final Exchange exchange;

  ManagerCheck(String group, Optional<InLongManager.Credentials> credentials, Exchange exchange) {
    this.group = group;
    this.credentials = credentials;
    this.exchange = exchange;
  }

  /**
   * What Managers answered.
   *
   * @param nodes empty where they gave no list
   */
  record Result(List<Finding> findings, Optional<NodeList> nodes) {}

  /** Asks all of them in turn, until one answers. */
  Result check(String subject, List<String> urls) {
    try {
      NodeList list = fetch(urls, credentials);
      return new Result(List.of(accepted(subject, urls), listed(subject, list)), nonEmpty(list));
    } catch (NodeSourceException noList) {
      return new Result(refused(subject, urls, noList), Optional.empty());
    }
  }

  private NodeList fetch(List<String> urls, Optional<InLongManager.Credentials> login)
      throws NodeSourceException {
    InLongManager.Builder manager = InLongManager.builder(urls.toArray(String[]::new));
    login.ifPresent(known -> manager.credentials(() -> known));
    try {
      return manager.build().fetch(group, exchange).toCompletableFuture().join();
    } catch (CompletionException e) {
      if (Text.unwrapped(e) instanceof NodeSourceException noList) {
        throw noList;
      }
      throw new NodeSourceException(Kind.UNAVAILABLE, Text.of(e), e);
    }
  }

  private static Optional<NodeList> nonEmpty(NodeList list) {
    return Optional.of(list).filter(nodes -> !nodes.nodes().isEmpty());
  }

  private Finding listed(String subject, NodeList list) {
    int count = list.nodes().size();
    Finding finding =
        count == 0
            ? Finding.failed(subject, RESPONSE, "the node source lists no node for group " + group)
            : Finding.ok(subject, RESPONSE, "HTTP nodes of group " + group + ": " + count);
    return finding.with("nodes", list.nodes().stream().map(Object::toString).toList());
  }

  private Finding accepted(String subject, List<String> urls) {
    if (credentials.isEmpty()) {
      return Finding.ok(subject, CREDENTIALS, "none given, and none asked for");
    }
    String given = "secretId \"" + credentials.get().secretId() + "\" is ";
    return Finding.ok(
        subject,
        CREDENTIALS,
        given + (asksForCredentials(urls) ? "accepted" : "given, and not asked for"));
  }

  private boolean asksForCredentials(List<String> urls) {
    try {
      fetch(urls, Optional.empty());
      return false;
    } catch (NodeSourceException refused) {
      return refused.kind() == Kind.UNAUTHENTICATED;
    }
  }

  private List<Finding> refused(String subject, List<String> urls, NodeSourceException noList) {
    String text = Text.of(noList);
    return switch (noList.kind()) {
      case UNAUTHENTICATED ->
          List.of(
              Finding.failed(subject, CREDENTIALS, text),
              Finding.skipped(subject, RESPONSE, "there is none without credentials"));
      case REFUSED -> List.of(accepted(subject, urls), Finding.failed(subject, RESPONSE, text));
      case UNAVAILABLE -> List.of(Finding.failed(subject, RESPONSE, text));
    };
  }
}

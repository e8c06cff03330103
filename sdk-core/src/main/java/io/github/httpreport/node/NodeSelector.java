package io.github.httpreport.node;

import io.github.httpreport.Destination;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * Chooses the node for a request. One selector serves all groups and threads of a sender: it must
 * be safe for use by many threads and must not block. The selectors made here are.
 */
@FunctionalInterface
public interface NodeSelector {

  /**
   * Chooses a node.
   *
   * @param candidates the nodes to choose from, at least one, unmodifiable and quick to read at any
   *     index; the same object as before only if it holds the same candidates in the same order; on
   *     a retry without those that were tried before
   * @param destination where the messages belong
   * @return one of the candidates
   */
  Candidate select(List<Candidate> candidates, Destination destination);

  /**
   * Any candidate, each as likely as the others.
   *
   * @return the selector
   */
  static NodeSelector random() {
    return new RandomSelector(ThreadLocalRandom::current);
  }

  /**
   * Each candidate in turn. Every group has its own turn, which starts at a random node, so that
   * many senders started together do not all begin with the same node.
   *
   * @return the selector
   */
  static NodeSelector roundRobin() {
    return new RoundRobinSelector(() -> ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
  }

  /**
   * A random candidate, the likelier the lower its reported load is: with a chance in inverse
   * proportion to the load plus one. A node of unknown load counts as the average of the others;
   * when no load is known, all are equally likely. No node is more than ten times as likely as
   * another, whatever they report. The time of a choice grows with the number of candidates: a few
   * microseconds for a thousand.
   *
   * @return the selector
   */
  static NodeSelector weightedByLoad() {
    return new WeightedByLoadSelector(ThreadLocalRandom::current);
  }

  /**
   * The better of two random candidates: the one with fewer requests of this sender in flight,
   * times the smoothed latency of its responses. Small differences do not decide, so that equal
   * nodes get equal shares. A node without a response yet is compared by its requests in flight
   * alone. Where both nodes report a load, the choice leans to the lower one, by no more than a
   * factor of ten. This is the default of a sender.
   *
   * <p>Of more than 64 candidates a selector uses 64 that stand next to each other in the list,
   * beginning at a place of its own, so that connections are used again before they are closed as
   * idle. Another one takes the place of each that is not a candidate for the time being.
   *
   * <p>A slow node is not forgotten: its latency fades while nothing is sent to it, until it is
   * given a request again.
   *
   * @return the selector
   */
  static NodeSelector leastLoaded() {
    return new LeastLoadedSelector(ThreadLocalRandom::current);
  }

  /**
   * The same candidate for the same key, in this and every other sender, as long as it is there.
   * When a node leaves only its keys move, spread over the others; when a node joins it takes its
   * share from all others. The order of the candidates has no influence. The time of a choice grows
   * with the number of candidates: about two microseconds for a thousand.
   *
   * @param key returns the key of a destination, for example {@code Destination::streamId}; called
   *     once per choice, by many threads; must not return null, or the choice fails with an {@link
   *     IllegalArgumentException}
   * @return the selector
   */
  static NodeSelector consistentHash(Function<Destination, String> key) {
    return new ConsistentHashSelector(key);
  }
}

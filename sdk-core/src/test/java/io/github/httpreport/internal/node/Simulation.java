package io.github.httpreport.internal.node;

import io.github.httpreport.Destination;
import io.github.httpreport.node.Candidate;
import io.github.httpreport.node.NodeSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** One sender and its nodes in virtual time. Everything random in it comes from one seed. */
final class Simulation {

  private static final Destination DESTINATION = new Destination("group", "stream");

  private final RandomGenerator generator;
  private final NodeSelector selector;
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final List<Candidate> candidates;
  private final PriorityQueue<Answer> responses =
      new PriorityQueue<>(Comparator.comparingLong(Answer::dueNanos));
  private long nowNanos;

  Simulation(long seed, int size, Function<RandomGenerator, NodeSelector> selector) {
    generator = new SplittableRandom(seed);
    this.selector = selector.apply(generator);
    for (int i = 0; i < size; i++) {
      nodes.add(new SimulatedNode(i, () -> nowNanos, noisyMillis(10)));
    }
    candidates = Collections.unmodifiableList(nodes);
  }

  int size() {
    return nodes.size();
  }

  SimulatedNode node(int index) {
    return nodes.get(index);
  }

  /** Service times that vary around a mean with a standard deviation of a fifth of it. */
  LongSupplier noisyMillis(double mean) {
    return () -> (long) (mean * 1e6 * Math.max(0.1, 1 + 0.2 * generator.nextGaussian()));
  }

  /** Keeps so many requests in flight: each answer lets the next one go. */
  Shares closedLoop(int inFlight, Duration time) {
    List<Long> before = requests();
    long endNanos = nowNanos + time.toNanos();
    while (responses.size() < inFlight) {
      send();
    }
    while (respondBy(endNanos)) {
      send();
    }
    nowNanos = endNanos;
    return Shares.between(before, requests());
  }

  /** Sends at a fixed rate, whatever is still in flight. */
  Shares openLoop(double perSecond, Duration time) {
    List<Long> before = requests();
    long stepNanos = (long) (1e9 / perSecond);
    long endNanos = nowNanos + time.toNanos();
    for (long at = nowNanos + stepNanos; at <= endNanos; at += stepNanos) {
      respondToAllBy(at);
      nowNanos = at;
      send();
    }
    nowNanos = endNanos;
    return Shares.between(before, requests());
  }

  private void respondToAllBy(long nanos) {
    boolean more = true;
    while (more) {
      more = respondBy(nanos);
    }
  }

  private boolean respondBy(long nanos) {
    Answer next = responses.peek();
    if (next == null || next.dueNanos > nanos) {
      return false;
    }
    responses.remove();
    nowNanos = next.dueNanos;
    next.node.response(next.tookNanos);
    return true;
  }

  private void send() {
    SimulatedNode node = (SimulatedNode) selector.select(candidates, DESTINATION);
    long tookNanos = node.start();
    responses.add(new Answer(nowNanos + tookNanos, tookNanos, node));
  }

  private List<Long> requests() {
    return nodes.stream().map(SimulatedNode::requests).toList();
  }

  private record Answer(long dueNanos, long tookNanos, SimulatedNode node) {}
}

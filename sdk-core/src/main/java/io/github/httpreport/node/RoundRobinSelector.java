package io.github.httpreport.node;

import io.github.httpreport.Destination;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Each candidate in turn. The turn is counted per group, because groups have different nodes: with
 * one count for all, two groups that send alternately would each skip every other node of theirs.
 */
final class RoundRobinSelector implements NodeSelector {

  private final LongSupplier firstTurn;
  private final Map<String, AtomicLong> turns = new ConcurrentHashMap<>();

  RoundRobinSelector(LongSupplier firstTurn) {
    this.firstTurn = firstTurn;
  }

  @Override
  public Candidate select(List<Candidate> candidates, Destination destination) {
    long turn = turnOf(destination.groupId()).getAndIncrement();
    return candidates.get(Math.floorMod(turn, candidates.size()));
  }

  private AtomicLong turnOf(String groupId) {
    AtomicLong known = turns.get(groupId);
    return known != null
        ? known
        : turns.computeIfAbsent(groupId, group -> new AtomicLong(firstTurn.getAsLong()));
  }
}

package io.github.httpreport.node;

import io.github.httpreport.Destination;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Rendezvous hashing: each candidate bids for the key and the highest bid wins. Without the winner
 * all other bids are what they were, so only its keys move. It needs no ring, and spreads the keys
 * more evenly than one.
 */
final class ConsistentHashSelector implements NodeSelector {

  private final Function<Destination, String> key;
  private final Map<String, Bidders> bidders = new ConcurrentHashMap<>();

  ConsistentHashSelector(Function<Destination, String> key) {
    this.key = Objects.requireNonNull(key, "key");
  }

  @Override
  public Candidate select(List<Candidate> candidates, Destination destination) {
    String value = key.apply(destination);
    if (value == null) {
      throw new IllegalArgumentException(
          "the key function of consistentHash returned null for " + destination);
    }
    return bidders(candidates, destination.groupId()).winner(Hashing.of(value));
  }

  /** One entry per group, because groups have different lists and send alternately. */
  private Bidders bidders(List<Candidate> candidates, String groupId) {
    Bidders known = bidders.get(groupId);
    if (known != null && known.candidates == candidates) {
      return known;
    }
    Bidders fresh = new Bidders(candidates);
    bidders.put(groupId, fresh);
    return fresh;
  }

  /** The candidates of a list with the hash of each address, which is costly to compute. */
  private static final class Bidders {

    private final List<Candidate> candidates;
    private final long[] hashes;

    Bidders(List<Candidate> candidates) {
      this.candidates = candidates;
      hashes =
          candidates.stream()
              .mapToLong(candidate -> Hashing.of(candidate.node().origin().toString()))
              .toArray();
    }

    Candidate winner(long keyHash) {
      int winner = 0;
      long highest = Long.MIN_VALUE;
      for (int i = 0; i < hashes.length; i++) {
        long bid = Hashing.mix(hashes[i] ^ keyHash);
        if (bid > highest) {
          highest = bid;
          winner = i;
        }
      }
      return candidates.get(winner);
    }
  }
}

package io.github.httpreport.node;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** Counts how often it is read. */
final class CountingList extends AbstractList<Candidate> implements RandomAccess {

  private final List<Candidate> candidates;
  private int reads;

  CountingList(List<Candidate> candidates) {
    this.candidates = candidates;
  }

  int reads() {
    return reads;
  }

  @Override
  public Candidate get(int index) {
    reads++;
    return candidates.get(index);
  }

  @Override
  public int size() {
    return candidates.size();
  }
}

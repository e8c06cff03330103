package io.github.httpreport.internal.spool;

import io.github.httpreport.internal.batch.MessageRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Neighbouring messages of one entry of the spool that are delivered in one batch. Immutable.
 *
 * @param id the entry
 * @param from the first message
 * @param to the one after the last; {@link #END} for all messages of the entry
 * @param refused whether a server refused their content before
 * @param refusedNanos when a server first refused their content; counts only with {@code refused}
 */
record Portion(long id, int from, int to, boolean refused, long refusedNanos) {

  private static final int END = Integer.MAX_VALUE;

  static Portion whole(long id) {
    return new Portion(id, 0, END, false, 0);
  }

  boolean isWhole() {
    return from == 0 && to == END;
  }

  /** The same with its true end. */
  Portion of(int messages) {
    return new Portion(id, from, Math.min(to, messages), refused, refusedNanos);
  }

  int size() {
    return to - from;
  }

  /** The part of this that a completion names by a range. */
  Portion part(MessageRange range) {
    return new Portion(id, from + range.from(), from + range.to(), refused, refusedNanos);
  }

  /** The same, remembered as refused since a time or the earlier one that is known. */
  Portion refusedAt(long nanos) {
    return refused ? this : new Portion(id, from, to, true, nanos);
  }

  List<Portion> halves() {
    int middle = from + size() / 2;
    return List.of(
        new Portion(id, from, middle, refused, refusedNanos),
        new Portion(id, middle, to, refused, refusedNanos));
  }

  /** The same messages in as few portions as there can be, given those of one entry. */
  static List<Portion> joined(List<Portion> some) {
    List<Portion> joined = new ArrayList<>(some.size());
    for (Portion next : some.stream().sorted(Comparator.comparingInt(Portion::from)).toList()) {
      int last = joined.size() - 1;
      if (last >= 0 && joined.get(last).to == next.from) {
        Portion before = joined.get(last);
        joined.set(
            last, new Portion(next.id, before.from, next.to, next.refused, next.refusedNanos));
      } else {
        joined.add(next);
      }
    }
    return joined;
  }
}

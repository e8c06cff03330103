package io.github.httpreport.internal;

/**
 * A way that messages take into the sender.
 *
 * @param room what they take room in
 * @param ledger accounts for them
 * @param accumulator their open batches
 * @param sink where sealed batches go
 */
record Lane(Room room, Ledger ledger, Accumulator accumulator, Accumulator.Sink sink) {

  /** What so many bytes take of the room, in which everything is to fit. */
  long shareOf(long bytes) {
    return Math.min(bytes, room.maxBytes());
  }

  /** Gives back what was taken for messages of a group that did not get in after all. */
  void release(String groupId, long bytes) {
    room.release(ledger.shareOf(groupId), bytes);
  }
}

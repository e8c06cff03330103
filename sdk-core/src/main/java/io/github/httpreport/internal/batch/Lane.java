package io.github.httpreport.internal.batch;

import io.github.httpreport.Message;
import io.github.httpreport.SendResult;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A way that messages take into the sender.
 *
 * @param room what they take room in
 * @param ledger accounts for them
 * @param accumulator their open batches
 * @param sink where sealed batches go
 */
public record Lane(
    MemoryBudget room, IncompleteBatches ledger, Accumulator accumulator, Accumulator.Sink sink) {

  /** What so many bytes take of the room, in which everything is to fit. */
  public long shareOf(long bytes) {
    return Math.min(bytes, room.maxBytes());
  }

  /**
   * Adds a message, for which room was taken, to the open batch of its key.
   *
   * @return the future of the message; null where no batch is open, and its room is given back
   */
  public @Nullable CompletableFuture<SendResult> join(
      Accumulator.Key key, Message message, long encodedBytes, long roomBytes) {
    CompletableFuture<SendResult> joined = null;
    try {
      joined = accumulator.join(key, message, encodedBytes, roomBytes);
      return joined;
    } finally {
      if (joined == null) {
        release(key.destination().groupId(), roomBytes);
      }
    }
  }

  /**
   * Adds a message, for which room was taken as for a batch of its own. Gives the room of the batch
   * back if one is open, and all of it if the message is not added.
   */
  public CompletableFuture<SendResult> joinOrOpen(
      Accumulator.Key key, Message message, long encodedBytes, long roomBytes, long batchBytes) {
    CompletableFuture<SendResult> joined;
    try {
      joined = accumulator.join(key, message, encodedBytes, roomBytes);
      if (joined == null) {
        return accumulator.add(key, message, encodedBytes, batchBytes);
      }
    } catch (Throwable notAdded) {
      release(key.destination().groupId(), batchBytes);
      throw notAdded;
    }
    release(key.destination().groupId(), batchBytes - roomBytes);
    return joined;
  }

  /** Gives back what was taken for messages of a group that did not get in after all. */
  public void release(String groupId, long bytes) {
    room.release(ledger.shareOf(groupId), bytes);
  }
}

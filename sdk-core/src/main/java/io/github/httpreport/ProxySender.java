package io.github.httpreport;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reports messages to a server. Applications depend on this interface and fake it in their tests.
 *
 * <p>Safe for use by many threads. A wrong argument is an {@link IllegalArgumentException} that
 * names it, by index for a body, and is thrown by the call itself before anything is sent; a call
 * after {@link #close()} is an {@link IllegalStateException}. Every other failure is a {@link
 * io.github.httpreport.error.SendException}, thrown by {@code send} and the failure of the futures
 * of the other methods. Futures complete on a thread of the sender that may run callbacks of the
 * application; a callback may call any method of the sender. There are two such threads: callbacks
 * that block both of them, other than in {@code join()} on a future or in a call of this sender,
 * hold up the callbacks of all other messages and the futures that have yet to complete, though not
 * the delivery. {@code join()} in a callback may wait for a future of {@code sendAsync} in any
 * number; for other futures in 256 callbacks at once, and then throws {@link
 * java.util.concurrent.RejectedExecutionException}. What takes long belongs on a thread of the
 * application, as with {@code thenAcceptAsync}. Cancelling a future does not recall the message.
 */
public interface ProxySender extends AutoCloseable {

  /**
   * Reports one batch and waits for its end. Blocks for as long as room and delivery take, at most
   * the buffer's time to block plus the retry policy's deadline.
   *
   * @param bodies the messages: not empty, none null, blank or holding what the server cannot take
   * @param groupId the group, not blank
   * @param streamId the stream, not blank
   * @return what came of it
   * @throws io.github.httpreport.error.SendException if the batch was not acknowledged
   * @throws IllegalArgumentException if an argument is wrong
   * @throws IllegalStateException if the sender is closed
   */
  default SendResult send(List<String> bodies, String groupId, String streamId) {
    return send(bodies, groupId, streamId, null);
  }

  /**
   * Like {@link #send(List, String, String)} with the time that the data belongs to.
   *
   * @param bodies the messages
   * @param groupId the group
   * @param streamId the stream
   * @param dataTime the time of the data, kept in milliseconds; null for the time of sealing
   * @return what came of it
   */
  SendResult send(List<String> bodies, String groupId, String streamId, @Nullable Instant dataTime);

  /**
   * Reports one batch and returns at once, unless the buffer is full and set to block. A batch over
   * the server's size limit is split, and completes or fails as one.
   *
   * @param bodies the messages: not empty, none null, blank or holding what the server cannot take
   * @param groupId the group, not blank
   * @param streamId the stream, not blank
   * @return the end of the batch
   * @throws IllegalArgumentException if an argument is wrong
   * @throws IllegalStateException if the sender is closed
   */
  default CompletableFuture<SendResult> sendAsync(
      List<String> bodies, String groupId, String streamId) {
    return sendAsync(bodies, groupId, streamId, null);
  }

  /**
   * Like {@link #sendAsync(List, String, String)} with the time that the data belongs to.
   *
   * @param bodies the messages
   * @param groupId the group
   * @param streamId the stream
   * @param dataTime the time of the data, kept in milliseconds; null for the time of sealing
   * @return the end of the batch
   */
  CompletableFuture<SendResult> sendAsync(
      List<String> bodies, String groupId, String streamId, @Nullable Instant dataTime);

  /**
   * Puts one message into the open batch of its destination and returns at once, unless the buffer
   * is full and set to block. The batch leaves when it is full or has lingered.
   *
   * @param body the message: not null, not blank, without what the server cannot take
   * @param groupId the group, not blank
   * @param streamId the stream, not blank
   * @return the end of this message
   * @throws IllegalArgumentException if an argument is wrong
   * @throws IllegalStateException if the sender is closed
   */
  default CompletableFuture<SendResult> enqueue(String body, String groupId, String streamId) {
    return enqueue(body, groupId, streamId, null);
  }

  /**
   * Like {@link #enqueue(String, String, String)} with the time that the data belongs to. Messages
   * of one destination share a batch only with equal data times: a producer that passes the time of
   * each event sends about one message a request, unless {@link
   * Batching.Builder#dataTimeGranularity(Duration)} rounds the times down.
   *
   * @param body the message
   * @param groupId the group
   * @param streamId the stream
   * @param dataTime the time of the data, kept in milliseconds; null for the time of sealing
   * @return the end of this message
   */
  CompletableFuture<SendResult> enqueue(
      String body, String groupId, String streamId, @Nullable Instant dataTime);

  /**
   * Like {@link #send(List, String, String)} for messages that may have keys.
   *
   * @param messages the messages: not empty, none null; a key is refused where the server has no
   *     place for one
   * @param destination where they belong
   * @return what came of it
   */
  default SendResult send(List<Message> messages, Destination destination) {
    return send(messages, destination, null);
  }

  /**
   * Like {@link #send(List, String, String, Instant)} for messages that may have keys.
   *
   * @param messages the messages: not empty, none null; a key is refused where the server has no
   *     place for one
   * @param destination where they belong
   * @param dataTime the time of the data, kept in milliseconds; null for the time of sealing
   * @return what came of it
   */
  SendResult send(List<Message> messages, Destination destination, @Nullable Instant dataTime);

  /**
   * Like {@link #sendAsync(List, String, String)} for messages that may have keys.
   *
   * @param messages the messages: not empty, none null; a key is refused where the server has no
   *     place for one
   * @param destination where they belong
   * @return the end of the batch
   */
  default CompletableFuture<SendResult> sendAsync(List<Message> messages, Destination destination) {
    return sendAsync(messages, destination, null);
  }

  /**
   * Like {@link #sendAsync(List, String, String, Instant)} for messages that may have keys.
   *
   * @param messages the messages: not empty, none null; a key is refused where the server has no
   *     place for one
   * @param destination where they belong
   * @param dataTime the time of the data, kept in milliseconds; null for the time of sealing
   * @return the end of the batch
   */
  CompletableFuture<SendResult> sendAsync(
      List<Message> messages, Destination destination, @Nullable Instant dataTime);

  /**
   * Like {@link #enqueue(String, String, String)} for a message that may have a key.
   *
   * @param message the message; a key is refused where the server has no place for one
   * @param destination where it belongs
   * @return the end of this message
   */
  default CompletableFuture<SendResult> enqueue(Message message, Destination destination) {
    return enqueue(message, destination, null);
  }

  /**
   * Like {@link #enqueue(String, String, String, Instant)} for a message that may have a key.
   *
   * @param message the message; a key is refused where the server has no place for one
   * @param destination where it belongs
   * @param dataTime the time of the data, kept in milliseconds; null for the time of sealing
   * @return the end of this message
   */
  CompletableFuture<SendResult> enqueue(
      Message message, Destination destination, @Nullable Instant dataTime);

  /**
   * Seals every open batch at once. Callbacks that the application attached to its futures may
   * still run when this completes, so that a callback may wait for it.
   *
   * @return completes, never with an error, when everything accepted before this call is complete,
   *     well or badly
   */
  CompletableFuture<Void> flush();

  /**
   * Reads the state of the sender, for health checks and dashboards. Does no I/O and does not wait
   * for what the sender does; the cost grows with the number of nodes and groups in use. May be
   * called at any time, after {@link #close()} too.
   *
   * @return the state of this moment
   */
  SenderStatus status();

  /**
   * Takes no more messages, waits for the accepted ones, and frees connections and threads. Always
   * returns in time. Idempotent: a second call waits for the first and returns the same. May be
   * called from a callback.
   *
   * @param timeout how long to wait for accepted messages at most; zero to abandon them at once
   * @return where every message went
   * @throws IllegalArgumentException if the time is negative
   */
  CloseSummary close(Duration timeout);

  /** Closes with the close timeout that the sender was built with. */
  @Override
  void close();
}

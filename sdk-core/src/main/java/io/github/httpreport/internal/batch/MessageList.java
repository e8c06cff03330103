package io.github.httpreport.internal.batch;

import io.github.httpreport.Message;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a batch. Keeps what they are made of, and makes each one when it is asked for,
 * only to be gone when its bytes are written: kept as objects, they would be most of what a batch
 * allocates. The compiler sees that as long as all batches are of this one class.
 */
final class MessageList extends AbstractList<Message> implements RandomAccess {

  private static final int LEAST_GROWTH = 10;

  private @Nullable String[] bodies;
  private @Nullable String @Nullable [] keys;
  private int size;

  /**
   * @param size how many are to be expected
   */
  MessageList(int size) {
    this(new String[size], 0);
  }

  private MessageList(String[] bodies, int size) {
    this.bodies = bodies;
    this.size = size;
  }

  /** A copy of texts that have no keys. */
  static MessageList of(List<String> bodies) {
    String[] copy = bodies.toArray(String[]::new);
    return new MessageList(copy, copy.length);
  }

  @Override
  public boolean add(Message message) {
    if (size == bodies.length) {
      bodies = Arrays.copyOf(bodies, size + Math.max(LEAST_GROWTH, size >> 1));
    }
    if (message.key() != null || keys != null) {
      addKey(message.key());
    }
    bodies[size] = message.body();
    size++;
    return true;
  }

  /** Takes back the message that was added last. */
  void removeLast() {
    size--;
    bodies[size] = null;
    if (keys != null) {
      keys[size] = null;
    }
  }

  private void addKey(@Nullable String key) {
    @Nullable String[] all = keys == null ? new String[bodies.length] : keys;
    if (all.length <= size) {
      all = Arrays.copyOf(all, bodies.length);
    }
    all[size] = key;
    keys = all;
  }

  @Override
  public Message get(int index) {
    Objects.checkIndex(index, size);
    return Message.keyed(bodies[index], keys == null ? null : keys[index]);
  }

  @Override
  public int size() {
    return size;
  }
}

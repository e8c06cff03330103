package io.github.httpreport.internal.batch;

import io.github.httpreport.Message;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a batch, kept as arrays of bodies and keys. A message object is made when it is asked
 * for and is garbage once its bytes are written; kept, the objects would be most of what a batch
 * allocates. The compiler removes that allocation as long as all batches are of this one class.
 *
 * <p>Not safe for use by several threads at once: the lock of the open batch guards it until the
 * batch is sealed, and after that it does not change.
 */
final class MessageList extends AbstractList<Message> implements RandomAccess {

  /** Growth of a short list; a long one grows by half. */
  private static final int MIN_GROWTH = 10;

  private @Nullable String[] bodies;

  /** Keys by index; null while no message has a key. */
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
      bodies = Arrays.copyOf(bodies, size + Math.max(MIN_GROWTH, size >> 1));
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

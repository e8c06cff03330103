package io.github.httpreport.internal;

import io.github.httpreport.Message;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * A copy of the bodies of a batch as messages. Each message is made when it is asked for, and gone
 * when its bytes are written: with the objects of a batch kept, they would be most of what it
 * allocates.
 */
final class Bodies extends AbstractList<Message> implements RandomAccess {

  private final String[] bodies;

  Bodies(List<String> bodies) {
    this.bodies = bodies.toArray(String[]::new);
  }

  @Override
  public Message get(int index) {
    return Message.of(bodies[index]);
  }

  @Override
  public int size() {
    return bodies.length;
  }
}

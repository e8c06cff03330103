package io.github.httpreport.internal.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.httpreport.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageListTest {

  @Test
  void of_listThatChangesLater_keepsWhatItHeld() {
    List<String> bodies = new ArrayList<>(List.of("a", "b"));
    MessageList messages = MessageList.of(bodies);
    bodies.set(0, "changed");
    bodies.add("c");

    assertThat(messages).containsExactly(Message.of("a"), Message.of("b"));
  }

  @Test
  void add_messagesWithAndWithoutKeys_areTheSameWhenAskedFor() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int withoutKeys = random.nextInt(30);
      MessageList messages = new MessageList(2);
      List<Message> expected = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        boolean keyed = i >= withoutKeys && random.nextBoolean();
        Message message = Message.keyed("body" + i, keyed ? "key" + i : null);
        messages.add(message);
        expected.add(message);

        assertThat(messages).as("seed " + seed).isEqualTo(expected);
      }
      assertThat(messages.subList(7, 41)).isEqualTo(expected.subList(7, 41));
    }
  }

  @Test
  void get_behindTheLast_isRefused() {
    MessageList messages = MessageList.of(List.of("a"));

    assertThatThrownBy(() -> messages.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}

package io.github.httpreport.internal.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.node.Seed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdQueueTest {

  @Test
  void addAndPoll_anyIdsInAnyMix_comeInOrder() {
    Random random = new Random(Seed.next());
    IdQueue queue = new IdQueue();
    Deque<Long> expected = new ArrayDeque<>();
    long last = 0;
    for (int i = 0; i < 50_000; i++) {
      boolean mostlyAdds = i / 5_000 % 2 == 0;
      if (random.nextInt(10) < (mostlyAdds ? 8 : 2)) {
        last += 1 + (random.nextLong() & ((1L << random.nextInt(1, 45)) - 1));
        queue.add(last);
        expected.add(last);
      } else if (!expected.isEmpty()) {
        assertThat(queue.poll()).isEqualTo(expected.remove());
      }
      assertThat(queue.isEmpty()).isEqualTo(expected.isEmpty());
    }
  }

  @Test
  void clear_afterLargeIds_beginsWithSmallOnes() {
    IdQueue queue = new IdQueue();
    queue.add(Long.MAX_VALUE);
    queue.clear();
    queue.add(1);

    assertThat(queue.poll()).isEqualTo(1);
    assertThat(queue.isEmpty()).isTrue();
  }
}

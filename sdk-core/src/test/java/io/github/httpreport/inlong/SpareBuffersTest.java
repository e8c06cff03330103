package io.github.httpreport.inlong;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpareBuffersTest {

  private final SpareBuffers spare = new SpareBuffers();

  @Test
  void take_afterGiveBack_isTheSameBufferEmptied() {
    FormBuffer buffer = spare.take().plain("something");
    spare.giveBack(buffer);

    FormBuffer again = spare.take();

    assertThat(again).isSameAs(buffer);
    assertThat(again.toBytes()).isEmpty();
  }

  @Test
  void take_whileInUse_isAnother() {
    FormBuffer buffer = spare.take();
    spare.giveBack(buffer);

    assertThat(spare.take()).isSameAs(buffer);
    assertThat(spare.take()).isNotSameAs(buffer);
  }

  @Test
  void giveBack_bufferOverTheLimit_isNotKept() {
    FormBuffer largest = new FormBuffer().plain("x".repeat(SpareBuffers.MAX_KEPT));
    FormBuffer larger = new FormBuffer().plain("x".repeat(SpareBuffers.MAX_KEPT + 1));

    spare.giveBack(larger);
    assertThat(spare.take()).isNotSameAs(larger);
    spare.giveBack(largest);
    assertThat(spare.take()).isSameAs(largest);
  }

  @Test
  void take_severalInUseBefore_findsEachOnceAndNoMoreThanAreKept() {
    List<FormBuffer> buffers =
        IntStream.range(0, SpareBuffers.MAX + 1).mapToObj(i -> spare.take()).toList();
    buffers.forEach(spare::giveBack);

    List<FormBuffer> again =
        IntStream.range(0, SpareBuffers.MAX + 1).mapToObj(i -> spare.take()).toList();

    assertThat(again).doesNotHaveDuplicates();
    assertThat(again.subList(0, SpareBuffers.MAX))
        .hasSameElementsAs(buffers.subList(0, SpareBuffers.MAX));
    assertThat(buffers).doesNotContain(again.get(SpareBuffers.MAX));
  }
}

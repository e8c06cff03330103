package io.github.httpreport.inlong;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpareBufferTest {

  private final SpareBuffer spare = new SpareBuffer();

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
    FormBuffer largest = new FormBuffer().plain("x".repeat(SpareBuffer.MOST_KEPT));
    FormBuffer larger = new FormBuffer().plain("x".repeat(SpareBuffer.MOST_KEPT + 1));

    spare.giveBack(larger);
    assertThat(spare.take()).isNotSameAs(larger);
    spare.giveBack(largest);
    assertThat(spare.take()).isSameAs(largest);
  }
}

package io.github.httpreport.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.http.Origin;
import io.github.httpreport.internal.concurrent.ManualScheduler;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdleConnectionsTest {

  private static final Origin NODE = new Origin(false, "node", 1);

  private final IdleConnections<Kept> idle =
      new IdleConnections<>(Duration.ofSeconds(30), new ManualScheduler());

  @Test
  void take_notOpenAnyMore_isClosedAndTheNextIsTaken() {
    Kept quiet = new Kept(true);
    Kept loud = new Kept(false);
    idle.keep(NODE, quiet);
    idle.keep(NODE, loud);

    assertThat(idle.take(NODE)).isSameAs(quiet);

    assertThat(loud.closed).isTrue();
    assertThat(quiet.closed).isFalse();
    assertThat(idle.take(NODE)).isNull();
  }

  /** As the last call of a sender that closes does, when its answer comes that late. */
  @Test
  void keep_afterClose_isClosed() {
    Kept before = new Kept(true);
    Kept after = new Kept(true);
    idle.keep(NODE, before);

    idle.close();
    idle.keep(NODE, after);

    assertThat(before.closed).isTrue();
    assertThat(after.closed).isTrue();
    assertThat(idle.take(NODE)).isNull();
  }

  private static final class Kept implements IdleConnections.Pooled {
    private final boolean quiet;
    private boolean closed;

    Kept(boolean quiet) {
      this.quiet = quiet;
    }

    @Override
    public boolean isOpen() {
      return quiet;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}

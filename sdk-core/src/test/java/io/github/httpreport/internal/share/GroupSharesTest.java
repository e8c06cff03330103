package io.github.httpreport.internal.share;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.internal.concurrent.ManualScheduler;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GroupSharesTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ManualScheduler scheduler = new ManualScheduler();
  private final GroupShares shares = new GroupShares(64, 0.2, scheduler);

  @Test
  void of_sameGroup_isTheSameShare() {
    assertThat(shares.of("a")).isSameAs(shares.of("a")).isNotSameAs(shares.of("b"));
  }

  @Test
  void used_groupsOutOfUse_areDropped() {
    for (int i = 0; i < 10_000; i++) {
      shares.used(shares.of("group-" + i), scheduler.nanoTime());
    }
    scheduler.advance(MINUTE.plusSeconds(1));

    shares.used(shares.of("group-0"), scheduler.nanoTime());
    scheduler.advance(MINUTE.plusSeconds(1));
    shares.used(shares.of("group-0"), scheduler.nanoTime());

    assertThat(shares.size()).isEqualTo(1);
  }

  @Test
  void used_groupHoldsSomething_isKept() {
    shares.of("buffered").addBuffered(1);
    shares.of("onTheWay").places().enter(() -> {});
    RetryBudget budget = shares.of("retries").budget();
    while (budget.tryRetry()) {
      scheduler.advance(Duration.ZERO);
    }
    budget.await(() -> {});
    shares.of("nothing");
    GroupShare used = shares.of("used");

    for (int i = 0; i < 1_000; i++) {
      // In one step the scheduler would serve the retry before the shares are looked through.
      shares.used(used, scheduler.nanoTime() + MINUTE.toNanos() * (2 + 2 * i));
    }

    assertThat(shares.size()).isEqualTo(4);
    assertThat(shares.of("onTheWay").places().retire()).isFalse();
  }

  @Test
  void failing_groupDropped_isNotCountedAnyMore() {
    GroupShare dead = shares.of("dead");
    dead.places().failed();
    dead.places().failed();
    scheduler.advance(Duration.ofMillis(251));
    dead.places().failed();
    assertThat(shares.failing()).isEqualTo(1);

    GroupShare used = shares.of("used");
    scheduler.advance(MINUTE.multipliedBy(2));
    shares.used(used, scheduler.nanoTime());

    assertThat(shares.failing()).isZero();
    assertThat(shares.size()).isEqualTo(1);
  }
}

package io.github.httpreport.killtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.node.Seed;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a future promised is stored, however often the process is killed. Four times in every build;
 * {@code -Dkills=50} for the whole of it.
 */
class SpoolKillTest {

  @TempDir private Path temp;

  @Test
  void killedOverAndOver_everyMessageWhoseFutureCompleted_isStored() throws Exception {
    int kills = Integer.getInteger("kills", 4);
    long seed = Seed.next();

    KillRun.Outcome outcome = new KillRun(seed, temp).runInTrouble(kills);

    check(seed, kills, outcome);
  }

  @Test
  void killedWhenAFutureCompletes_noNodeIsThere_itsMessageIsOnDisk() throws Exception {
    int kills = Integer.getInteger("kills", 4);
    long seed = Seed.next();

    KillRun.Outcome outcome = new KillRun(seed, temp).runInTheDark(kills);

    check(seed, kills, outcome);
  }

  private static void check(long seed, int kills, KillRun.Outcome outcome) {
    System.out.println("seed " + seed + ": " + outcome);
    assertThat(outcome.kills()).isEqualTo(kills);
    assertThat(outcome.promised()).as("seed %d", seed).isPositive();
    assertThat(outcome.missing()).as("seed %d: %s", seed, outcome).isZero();
    assertThat(outcome.left()).as("seed %d: %s", seed, outcome).isZero();
  }
}

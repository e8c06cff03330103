package io.github.httpreport.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.protocol.WireProtocol.FirstUse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FirstRequestsTest {

  private static final FirstUse A = new FirstUse("scope", "a");
  private static final FirstUse B = new FirstUse("scope", "b");
  private static final FirstUse ELSEWHERE = new FirstUse("other scope", "a");

  private final FirstRequests requests = new FirstRequests();
  private final List<String> resumed = new ArrayList<>();

  private boolean enter(FirstUse use, String name) {
    return requests.enter(use, () -> resumed.add(name));
  }

  @Test
  void enter_whileOneIsUnderWay_waitsInItsScopeOnly() {
    assertThat(enter(A, "first")).isTrue();
    assertThat(enter(A, "second")).isFalse();
    assertThat(enter(B, "another resource")).isFalse();
    assertThat(enter(ELSEWHERE, "another scope")).isTrue();
    assertThat(requests.isKnown(A)).isFalse();
  }

  @Test
  void ended_accepted_resumesThoseThatWaitAndIsRemembered() {
    enter(A, "first");
    enter(A, "second");
    enter(A, "third");

    requests.ended(A, true);

    assertThat(resumed).containsExactly("second", "third");
    assertThat(requests.isKnown(A)).isTrue();
    assertThat(requests.isKnown(B)).isFalse();
  }

  @Test
  void ended_notAccepted_resumesOneThatGoesAloneThen() {
    enter(A, "first");
    requests.enter(A, () -> resumed.add("second " + enter(A, "")));
    requests.enter(A, () -> resumed.add("third " + enter(A, "")));

    requests.ended(A, false);
    assertThat(resumed).containsExactly("second true");

    requests.ended(A, true);
    assertThat(resumed).containsExactly("second true", "third true");
  }

  @Test
  void ended_theNextHasGivenUp_resumesTheOneBehindIt() {
    enter(A, "first");
    enter(A, "has given up");
    requests.enter(B, () -> resumed.add("another " + enter(B, "")));

    requests.ended(A, false);

    assertThat(resumed).containsExactly("has given up", "another true");
  }

  @Test
  void ended_oneThrowsWhenItIsResumed_resumesTheOthers() {
    enter(A, "first");
    requests.enter(
        A,
        () -> {
          throw new StackOverflowError("for a test");
        });
    enter(A, "third");

    requests.ended(A, false);

    assertThat(resumed).containsExactly("third");
    assertThat(enter(A, "a new one")).isTrue();
  }

  /** Each of them ends as soon as it starts. */
  @Test
  void ended_manyThatEndAtOnce_isNoRecursion() {
    AtomicInteger ends = new AtomicInteger();
    enter(A, "first");
    for (int i = 0; i < 100_000; i++) {
      requests.enter(
          A,
          () -> {
            enter(A, "");
            ends.incrementAndGet();
            requests.ended(A, false);
          });
    }

    requests.ended(A, false);

    assertThat(ends).hasValue(100_000);
  }

  @Test
  void known_moreThanAreKept_goAloneOnceMore() {
    for (int i = 0; i <= 10_000; i++) {
      FirstUse use = new FirstUse("scope", i);
      enter(use, "");
      requests.ended(use, true);
    }

    assertThat(requests.isKnown(new FirstUse("scope", 0))).isFalse();
    assertThat(requests.isKnown(new FirstUse("scope", 10_000))).isTrue();
  }
}

package io.github.httpreport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreTest {

  @Test
  void add_withoutListener_keepsInOrderAndCounts() {
    Store<String> store = new Store<>(null, String::length);

    store.add(List.of("a", "bcd"));
    store.add(List.of("ef"));

    assertThat(store.all()).containsExactly("a", "bcd", "ef");
    assertThat(store.messages()).isEqualTo(6);
  }

  @Test
  void add_withListener_countsAndKeepsNothing() {
    List<String> stored = new ArrayList<>();
    Store<String> store = new Store<>(stored::add);

    store.add(List.of("a", "bcd"));

    assertThat(stored).containsExactly("a", "bcd");
    assertThat(store.all()).isEmpty();
    assertThat(store.messages()).isEqualTo(2);
  }

  @Test
  void add_listenerThrows_countsNothingOfTheRequest() {
    Store<String> store =
        new Store<>(
            stored -> {
              if (stored.equals("bad")) {
                throw new IllegalStateException("not stored");
              }
            });

    assertThatIllegalStateException().isThrownBy(() -> store.add(List.of("good", "bad")));

    assertThat(store.messages()).isZero();
  }

  @Test
  void clear_forgetsWhatWasKeptAndItsCount() {
    Store<String> store = new Store<>(null);
    store.add(List.of("a"));

    store.clear();

    assertThat(store.all()).isEmpty();
    assertThat(store.messages()).isZero();
  }
}

package io.github.httpreport.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.httpreport.internal.spool.store.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolSettingsTest {

  private static final SpoolSettings DEFAULTS = SpoolSettings.in(Path.of("spool"));

  @TempDir private Path temp;

  private static SpoolSettings.Builder builder() {
    return SpoolSettings.builder(Path.of("spool"));
  }

  @Test
  void in_directory_hasTheDocumentedDefaults() {
    assertThat(DEFAULTS.directory()).isEqualTo(Path.of("spool").toAbsolutePath());
    assertThat(DEFAULTS.maxBytes()).isEqualTo(1L << 30);
    assertThat(DEFAULTS.maxAge()).isEqualTo(Duration.ofDays(7));
    assertThat(DEFAULTS.writeAhead()).isFalse();
  }

  @Test
  void build_values_changesThemAndNoOther() {
    SpoolSettings changed =
        builder().maxBytes(2 << 20).maxAge(Duration.ofHours(1)).writeAhead(true).build();

    assertThat(changed.directory()).isEqualTo(DEFAULTS.directory());
    assertThat(changed.maxBytes()).isEqualTo(2 << 20);
    assertThat(changed.maxAge()).isEqualTo(Duration.ofHours(1));
    assertThat(changed.writeAhead()).isTrue();
    assertThat(DEFAULTS.maxBytes()).isEqualTo(1L << 30);
    assertThat(changed).hasToString(changed.toString()).asString().contains("write-ahead");
  }

  @Test
  void builder_badValues_areRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().maxBytes((1 << 20) - 1))
        .withMessageContaining("maxBytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().maxAge(Duration.ZERO))
        .withMessageContaining("maxAge");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().maxAge(Duration.ofDays(366)))
        .withMessageContaining("maxAge");
  }

  @Test
  void open_withoutTheStore_namesWhatIsMissing() throws Exception {
    ClassLoader loader = new WithoutStore();
    Class<?> settings = loader.loadClass(SpoolSettings.class.getName());
    Object made = settings.getMethod("in", Path.class).invoke(null, temp.resolve("spool"));
    Method open = loader.loadClass(Spool.class.getName()).getMethod("open", settings, String.class);

    Throwable error =
        catchThrowableOfType(
                InvocationTargetException.class, () -> open.invoke(null, made, "InLong"))
            .getCause();

    assertThat(error).hasMessageContaining("com.h2database:h2-mvstore");
    assertThat(error.getClass().getMethod("kind").invoke(error)).hasToString("STORE_ABSENT");
  }

  /** Loads the spool once more, and nothing of H2. */
  private static final class WithoutStore extends ClassLoader {

    WithoutStore() {
      super(SpoolSettingsTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("org.h2.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith(SpoolSettings.class.getPackageName())
          && !name.startsWith(Spool.class.getPackageName())) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void open_whereAFileIs_saysThatItCannotBeUsed() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));

    assertThatThrownBy(() -> Spool.open(SpoolSettings.in(file), "InLong"))
        .isInstanceOfSatisfying(
            SpoolException.class, e -> assertThat(e.kind()).isEqualTo(SpoolException.Kind.UNUSABLE))
        .hasMessageContaining(file.toString());
  }
}

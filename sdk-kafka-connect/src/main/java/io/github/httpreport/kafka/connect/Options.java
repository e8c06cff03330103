package io.github.httpreport.kafka.connect;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * Builder of the connector's {@link ConfigDef}: every option gets a group, its place in the group,
 * a validator, a documentation text, and recommended values where they can be listed. An option
 * without a default is optional: null, which its validator never sees.
 */
final class Options {

  private final ConfigDef definition;
  private final String group;
  private int order;

  private Options(ConfigDef definition, String group) {
    this.definition = definition;
    this.group = group;
  }

  static Options of(ConfigDef definition, String group) {
    return new Options(definition, group);
  }

  Options text(String name, @Nullable Object byDefault, Importance importance, String doc) {
    return add(name, ConfigDef.Type.STRING, byDefault, notBlank(), importance, doc, List.of());
  }

  Options pattern(String name, Importance importance, String doc) {
    return add(name, ConfigDef.Type.STRING, null, regularExpression(), importance, doc, List.of());
  }

  Options secret(String name, Importance importance, String doc) {
    return add(name, ConfigDef.Type.PASSWORD, null, notBlankSecret(), importance, doc, List.of());
  }

  Options list(String name, Importance importance, String doc) {
    return add(name, ConfigDef.Type.LIST, List.of(), notBlankItems(), importance, doc, List.of());
  }

  Options choice(String name, String byDefault, Importance importance, String doc, String... all) {
    ConfigDef.Validator validator = optional(ConfigDef.ValidString.in(all));
    return add(
        name,
        ConfigDef.Type.STRING,
        byDefault,
        validator,
        importance,
        doc,
        List.of((Object[]) all));
  }

  Options flag(String name, boolean byDefault, String doc) {
    List<Object> both = List.of(true, false);
    return add(name, ConfigDef.Type.BOOLEAN, byDefault, null, Importance.LOW, doc, both);
  }

  Options integer(String name, @Nullable Integer byDefault, int least, String doc) {
    return add(name, ConfigDef.Type.INT, byDefault, atLeast(least), Importance.LOW, doc, List.of());
  }

  Options number(
      String name, @Nullable Long byDefault, long least, Importance importance, String doc) {
    return add(name, ConfigDef.Type.LONG, byDefault, atLeast(least), importance, doc, List.of());
  }

  private Options add(
      String name,
      ConfigDef.Type type,
      @Nullable Object byDefault,
      ConfigDef.@Nullable Validator validator,
      Importance importance,
      String doc,
      List<Object> recommended) {
    definition.define(
        name,
        type,
        byDefault,
        validator,
        importance,
        doc,
        group,
        ++order,
        type == ConfigDef.Type.STRING || type == ConfigDef.Type.LIST ? Width.LONG : Width.SHORT,
        name,
        recommended.isEmpty() ? null : new FixedValues(recommended));
    return this;
  }

  /** Values that a user interface may offer; none depends on another option. */
  private record FixedValues(List<Object> values) implements ConfigDef.Recommender {
    @Override
    public List<Object> validValues(String name, Map<String, Object> parsed) {
      return values;
    }

    @Override
    public boolean visible(String name, Map<String, Object> parsed) {
      return true;
    }
  }

  private static ConfigDef.Validator optional(ConfigDef.Validator validator) {
    return described(
        validator.toString(),
        (name, value) -> {
          if (value != null) {
            validator.ensureValid(name, value);
          }
        });
  }

  private static ConfigDef.Validator described(String text, ConfigDef.Validator validator) {
    return ConfigDef.LambdaValidator.with(validator::ensureValid, () -> text);
  }

  private static ConfigDef.Validator atLeast(long least) {
    return optional(ConfigDef.Range.atLeast(least));
  }

  private static ConfigDef.Validator notBlank() {
    return described(
        "text, not blank",
        (name, value) -> {
          if (value instanceof String text && text.isBlank()) {
            throw new ConfigException(name, value, "must not be blank");
          }
        });
  }

  private static ConfigDef.Validator notBlankItems() {
    return described(
        "items, none blank",
        (name, value) -> {
          if (value instanceof List<?> items
              && items.stream().anyMatch(item -> String.valueOf(item).isBlank())) {
            throw new ConfigException(name, value, "must hold no blank item");
          }
        });
  }

  /** Never with the value, whatever is wrong with it. */
  private static ConfigDef.Validator notBlankSecret() {
    return described(
        "a secret, not blank",
        (name, value) -> {
          if (value instanceof Password secret && secret.value().isBlank()) {
            throw new ConfigException(name, Password.HIDDEN, "must not be blank");
          }
        });
  }

  private static ConfigDef.Validator regularExpression() {
    return described(
        "a regular expression",
        (name, value) -> {
          try {
            if (value instanceof String text) {
              Pattern.compile(text);
            }
          } catch (PatternSyntaxException e) {
            throw new ConfigException(
                name, value, "is no regular expression: " + e.getDescription());
          }
        });
  }
}

package io.github.httpreport.ekuiper;

import io.github.httpreport.Destination;
import io.github.httpreport.common.PercentEncoding;
import java.util.function.Function;

/** Where the messages of a destination go. Immutable. */
abstract class EkuiperEndpoint {

  /** The streamId is the one segment of the path. */
  static final EkuiperEndpoint BY_STREAM =
      new EkuiperEndpoint() {
        @Override
        void check(Destination destination) {
          EkuiperPath.checkSegment(destination.streamId(), "streamId");
        }

        @Override
        String path(Destination destination) {
          return PercentEncoding.path('/' + destination.streamId());
        }

        @Override
        public String toString() {
          return "/{streamId}";
        }
      };

  static EkuiperEndpoint fixed(String path) {
    EkuiperPath.check(path, "path");
    String escaped = PercentEncoding.path(path);
    return new EkuiperEndpoint() {
      @Override
      void check(Destination destination) {}

      @Override
      String path(Destination destination) {
        return escaped;
      }

      @Override
      public String toString() {
        return escaped;
      }
    };
  }

  static EkuiperEndpoint byRule(Function<Destination, String> rule) {
    return new EkuiperEndpoint() {
      @Override
      void check(Destination destination) {
        EkuiperPath.check(rule.apply(destination), "the path that the rule tells");
      }

      @Override
      String path(Destination destination) {
        String path = rule.apply(destination);
        EkuiperPath.check(path, "the path that the rule tells");
        return PercentEncoding.path(path);
      }

      @Override
      public String toString() {
        return "a path by rule";
      }
    };
  }

  /**
   * Refuses a destination that has no endpoint.
   *
   * @throws IllegalArgumentException if it has none
   */
  abstract void check(Destination destination);

  /** The path of the request, percent-encoded. */
  abstract String path(Destination destination);
}

package io.github.httpreport.benchmarks;

/** What the messages say. */
enum Body {
  /** 200 characters that look like a line of a log. */
  ASCII("ascii", filled("2026-01-01 12:00:00.000 INFO  [worker-7] GET /orders/4711?page=2 ", 200)),
  /** An object of 1 KB. */
  JSON(
      "json",
      "{\"id\":4711,\"text\":\""
          + filled("the quick brown fox jumps over the lazy dog, ", 1024 - 21)
          + "\"}"),
  /** 300 Chinese characters. */
  CHINESE("chinese", filled("春眠不觉晓处处闻啼鸟夜来风雨声花落知多少", 300));

  private final String label;
  private final String text;

  Body(String label, String text) {
    this.label = label;
    this.text = text;
  }

  private static String filled(String pattern, int length) {
    return pattern.repeat(length / pattern.length() + 1).substring(0, length);
  }

  String label() {
    return label;
  }

  String text() {
    return text;
  }
}

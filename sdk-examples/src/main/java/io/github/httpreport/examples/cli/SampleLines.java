package io.github.httpreport.examples.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes lines as a web server logs them, with everything in them that is hard to carry in a form.
 * The same number gives the same line always; the file that ships with the tool is the first 5,000.
 */
final class SampleLines implements LineSource {

  private static final Instant START = Instant.parse("2026-03-12T00:00:00Z");

  private static final String[] NETWORKS = {"192.0.2.", "198.51.100.", "203.0.113."};
  private static final String[] REQUESTS = {
    "GET / HTTP/1.1",
    "GET /search?q=tea%20pot&page=2 HTTP/1.1",
    "GET /search?q=C%2B%2B&lang=en HTTP/1.1",
    "GET /搜索?关键词=笔记本电脑&排序=价格 HTTP/1.1",
    "GET /产品/茶叶/龙井?规格=250克 HTTP/1.1",
    "GET /docs;v=2/index.html#top HTTP/1.1",
    "POST /api/orders?dry-run=true HTTP/1.1",
    "POST /api/cart?coupon=50%25+off&qty=3 HTTP/1.1",
    "PUT /api/users/7/name HTTP/1.1",
    "DELETE /api/cart/4711 HTTP/1.1"
  };
  private static final int[] STATUSES = {200, 200, 200, 200, 201, 204, 302, 304, 404, 500};
  private static final String[] AGENTS = {"Mozilla/5.0 (X11; Linux)", "curl/8.5.0", "Safari/17"};
  private static final String[] NOTES = {
    "",
    "",
    " note=\"100% & more; a+b=c #1\"",
    " note=\"他说:“很好”👍\"",
    " note=\"it's \\\"quoted\\\"\"",
    " note=\"tab\there\"",
    " note=\"größer als é\"",
    " note=\"🚀 发货了\""
  };

  private final long count;
  private long made;

  SampleLines(long count) {
    this.count = count;
  }

  @Override
  public @Nullable Line next() {
    if (made == count) {
      return null;
    }
    made++;
    return new Line.TextLine(made, line(made));
  }

  static String line(long number) {
    SplittableRandom random = new SplittableRandom(number);
    return String.join(
        "",
        pick(NETWORKS, random) + random.nextInt(1, 255),
        " u" + random.nextInt(1000, 10_000),
        " [" + START.plus(number * 37, ChronoUnit.MILLIS) + "] \"",
        pick(REQUESTS, random),
        "\" " + STATUSES[random.nextInt(STATUSES.length)],
        " " + random.nextInt(100_000),
        " \"" + pick(AGENTS, random) + '"',
        pick(NOTES, random));
  }

  private static String pick(String[] from, SplittableRandom random) {
    return from[random.nextInt(from.length)];
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}

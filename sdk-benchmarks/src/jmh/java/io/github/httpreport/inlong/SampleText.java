package io.github.httpreport.inlong;

import org.apache.commons.lang3.StringUtils;

/** What applications report, in three kinds. */
public enum SampleText {
  /** A log line of 200 characters. */
  ASCII(
      StringUtils.rightPad(
          "2026-03-01 12:00:00,123 INFO  [http-nio-8080-exec-7] c.e.shop.OrderService - order"
              + " 8812734 of customer 55120 accepted in 37 ms, 3 items, total 129.90 EUR, next step"
              + " payment; node eu-west-1b ",
          200,
          "trace-4711 ")),
  /** Five nested objects in 1,024 characters. */
  JSON(
      StringUtils.rightPad(
              "{\"events\":["
                  + ("{\"id\":\"8f14e45f-ceea-467f\",\"type\":\"order.accepted\",\"at\":1700000000001,\"customer\":{\"id\":55120,\"name\":\"Jane"
                          + " Doe\",\"tags\":[\"new\",\"eu\"]},\"amount\":129.90,\"currency\":\"EUR\",\"note\":\"next"
                          + " step payment & mail\"},")
                      .repeat(5),
              1022,
              "0123456789")
          + "]}"),
  /** 300 characters, nearly all of them Chinese. */
  CHINESE(
      "\u6570\u636e\u4e0a\u62a5\u670d\u52a1\u5df2\u7ecf\u63a5\u6536\u8ba2\u5355\uff0c\u5ba2\u6237\u4e0b\u4e00\u6b65\u652f\u4ed8\u3002"
          .repeat(15)
          .substring(0, 300));

  final String body;

  SampleText(String body) {
    this.body = body;
  }
}

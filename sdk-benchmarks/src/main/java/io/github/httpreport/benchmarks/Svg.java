package io.github.httpreport.benchmarks;

import java.util.Locale;

/**
 * A picture that is written line by line. Has no background, and is meant for colours that show on
 * a light one and on a dark one. Used by one thread.
 */
public final class Svg {

  private final StringBuilder text = new StringBuilder();

  /**
   * An empty picture.
   *
   * @param title what it shows, without characters that XML reserves
   * @param width in units
   * @param height in units
   */
  public Svg(String title, int width, int height) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"13\" fill=\"#808080\">%n",
        width, height);
    add("<title>%s</title>%n", title);
  }

  /**
   * Adds an element.
   *
   * @param format of the element, as for {@link String#format(String, Object...)}
   * @param values without characters that XML reserves
   */
  public void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }

  /**
   * Ends the picture.
   *
   * @return the whole of it
   */
  public String finish() {
    return text.append("</svg>").append(System.lineSeparator()).toString();
  }
}

package io.github.httpreport.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.httpreport.ProxySender;

/** The classes of this module, without those of its tests. */
final class MainClasses {

  static final String ROOT = "io.github.httpreport";
  static final String INTERNAL = ROOT + ".internal";
  static final String COMMON = ROOT + ".common";

  static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importUrl(ProxySender.class.getProtectionDomain().getCodeSource().getLocation());

  /**
   * The class that puts the parts together, and the stand-in for it in tests, which fails as it
   * does; with what is nested in them.
   */
  static final DescribedPredicate<JavaClass> ASSEMBLY =
      DescribedPredicate.describe(
          "HttpProxySender, and MockProxySender with its parts",
          type ->
              type.getName().matches("\\Q" + ROOT + ".\\E(HttpProxySender|Mock[A-Z]\\w*)(\\$.*)?"));

  private MainClasses() {}

  /** The part of a package name after the root, empty for the root. */
  static String shortName(String packageName) {
    return packageName.equals(ROOT) ? "" : packageName.substring(ROOT.length() + 1);
  }

  static String fullName(String shortName) {
    return shortName.isEmpty() ? ROOT : ROOT + '.' + shortName;
  }
}

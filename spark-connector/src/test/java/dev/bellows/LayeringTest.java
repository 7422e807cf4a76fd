package dev.bellows;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom in the connector. */
@AnalyzeClasses(packages = "dev.bellows", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
  @ArchTest static final ArchRule STATICS_ON_PUBLIC_CLASSES = PublicStatics.ON_PUBLIC_CLASSES;

  @ArchTest
  static final ArchRule COLLECTIVES_KNOW_NO_SPARK =
      noClasses()
          .that()
          .resideInAPackage("dev.bellows.comm..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark..",
              "org.apache.hadoop..",
              "dev.bellows.spark..",
              "dev.bellows.cli..");

  @ArchTest
  static final ArchRule JOBS_KNOW_NO_COMMAND_LINE =
      noClasses()
          .that()
          .resideInAPackage("dev.bellows.spark..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.bellows.cli..", "picocli..");

  @ArchTest
  static final ArchRule NETTY_STAYS_WITH_THE_WIRE =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.bellows.comm..", "dev.bellows.spark.coordinator..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");

  @ArchTest
  static final ArchRule WORKERS_KNOW_NO_DRIVER =
      noClasses()
          .that()
          .resideInAPackage("dev.bellows.spark.worker..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("org.apache.spark.SparkContext");
}

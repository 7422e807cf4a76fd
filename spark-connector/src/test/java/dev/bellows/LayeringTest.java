package dev.bellows;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

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
  static final ArchRule ROOMS_OF_COLLECTIVES =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.bellows.comm..")
          .layer("comm")
          .definedBy("dev.bellows.comm")
          .layer("wire")
          .definedBy("dev.bellows.comm.wire..")
          .layer("shared")
          .definedBy("dev.bellows.comm.shared..")
          .layer("admission")
          .definedBy("dev.bellows.comm.admission..")
          .layer("transport")
          .definedBy("dev.bellows.comm.transport..")
          .layer("algorithms")
          .definedBy("dev.bellows.comm.algorithms..")
          .layer("group")
          .definedBy("dev.bellows.comm.group..")
          .whereLayer("comm")
          .mayNotAccessAnyLayer()
          .whereLayer("wire")
          .mayOnlyAccessLayers("comm")
          .whereLayer("shared")
          .mayOnlyAccessLayers("comm")
          .whereLayer("admission")
          .mayOnlyAccessLayers("comm", "wire")
          .whereLayer("transport")
          .mayOnlyAccessLayers("comm", "wire", "shared")
          .whereLayer("algorithms")
          .mayOnlyAccessLayers("comm", "wire");

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

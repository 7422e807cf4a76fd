package dev.bellows;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.bellows.memory.Device;

/** Who may know whom. */
@AnalyzeClasses(packages = "dev.bellows", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
  @ArchTest static final ArchRule STATICS_ON_PUBLIC_CLASSES = PublicStatics.ON_PUBLIC_CLASSES;

  @ArchTest
  static final ArchRule LAYERS =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.bellows..")
          .withOptionalLayers(true)
          .layer("errors")
          .definedBy("dev.bellows.errors..")
          .layer("memory")
          .definedBy("dev.bellows.memory..")
          .layer("reduction")
          .definedBy("dev.bellows.reduction..")
          .layer("backend")
          .definedBy("dev.bellows.backend..")
          .layer("core")
          .definedBy("dev.bellows.tensor..", "dev.bellows.ops..", "dev.bellows.autograd..")
          .layer("nn")
          .definedBy("dev.bellows.nn..")
          .layer("optim")
          .definedBy("dev.bellows.optim..")
          .layer("data")
          .definedBy("dev.bellows.data..")
          .layer("serialize")
          .definedBy("dev.bellows.serialize..")
          .layer("train")
          .definedBy("dev.bellows.train..")
          .layer("trace")
          .definedBy("dev.bellows.trace..")
          .layer("amp")
          .definedBy("dev.bellows.amp..")
          .whereLayer("errors")
          .mayNotAccessAnyLayer()
          .whereLayer("memory")
          .mayOnlyAccessLayers("errors")
          .whereLayer("reduction")
          .mayOnlyAccessLayers("errors")
          .whereLayer("backend")
          .mayOnlyAccessLayers("errors", "memory")
          .whereLayer("core")
          .mayOnlyAccessLayers("errors", "memory", "backend")
          .whereLayer("nn")
          .mayOnlyAccessLayers("errors", "memory", "backend", "core")
          .whereLayer("optim")
          .mayOnlyAccessLayers("errors", "memory", "backend", "core", "nn")
          .whereLayer("data")
          .mayOnlyAccessLayers("errors", "memory", "backend", "core", "nn")
          .whereLayer("serialize")
          .mayOnlyAccessLayers("errors", "memory", "backend", "core", "nn")
          .whereLayer("trace")
          .mayOnlyAccessLayers("errors", "memory", "core", "nn", "serialize")
          .whereLayer("amp")
          .mayOnlyAccessLayers("errors", "memory", "core", "optim", "trace")
          .because(
              "imports flow one way: errors, memory, backend, core, nn, {optim, data, serialize},"
                  + " {train, trace}, amp; reduction knows errors alone");

  @ArchTest
  static final ArchRule LAYERS_NAME_NO_KERNELS =
      noClasses()
          .that()
          .resideInAPackage("dev.bellows.nn..")
          .should()
          .dependOnClassesThat()
          .haveSimpleNameEndingWith("Kernels")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("dev.bellows.backend.Backends")
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("dev.bellows.backend.*..");

  @ArchTest
  static final ArchRule LAYERS_NAME_NO_DEVICE =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.bellows.ops..",
              "dev.bellows.autograd..",
              "dev.bellows.nn..",
              "dev.bellows.optim..",
              "dev.bellows.data..",
              "dev.bellows.serialize..",
              "dev.bellows.train..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.bellows.backend.cuda..")
          .orShould()
          .accessField(Device.Type.class, "CUDA")
          .orShould()
          .callMethod(Device.class, "cuda", int.class)
          .because("what works on one device works on all");

  @ArchTest
  static final ArchRule UNSAFE_IN_ONE_CLASS =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.bellows.memory.Memory")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("sun.misc..");

  @ArchTest
  static final ArchRule BINDINGS_IN_THEIR_PACKAGES =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.bellows.memory", "dev.bellows.backend.cpu..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..");

  @ArchTest
  static final ArchRule VECTORS_IN_THEIR_PACKAGE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.bellows.backend.cpu.vector")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator..");

  @ArchTest
  static final ArchRule ENGINE_KNOWS_NEITHER_SPARK_NOR_NETTY =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "io.netty..", "org.apache.hadoop..");

  @ArchTest
  static final ArchRule NO_EXIT =
      noClasses()
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "halt", int.class)
          .because("whoever embeds the engine decides when its process ends");

  @ArchTest
  static final ArchRule NO_UNSEEDED_RANDOM =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.Random")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
          .orShould()
          .callMethod(Math.class, "random")
          .because("random numbers come from a Generator");
}

package dev.bellows.scalauser

import dev.bellows.autograd.{Autograd, FunctionContext, GradMode, Function => GradFunction}
import dev.bellows.data.Batch
import dev.bellows.memory.{DType, Device}
import dev.bellows.nn.{Functional, Init, Module, Parameter, StateDict}
import dev.bellows.nn.layer.{Linear, ReLU, Sequential}
import dev.bellows.optim.{Adam, ParamGroup, SGD}
import dev.bellows.spark.{TrainingJob, TrainingResult}
import dev.bellows.spark.data.Column.column
import dev.bellows.tensor.{Generator, Index, PrintOptions, Tensor, TensorScope}
import java.util.List
import org.apache.spark.sql.{Dataset, Row, SparkSession}
import scala.util.Using

/** A module as a Scala user writes it. */
class Net(width: Int) extends Module {
  val fc1 = new Linear(6, width)
  val fc2 = new Linear(width, 3)
  val scale = Parameter.of(Tensor.ones(1))

  override def forward(x: Tensor): Tensor = fc2.call(fc1.call(x).relu()).mul(scale)
}

/** What a Scala user calls; each method answers what the test compares. */
object UserCode {
  def factories(): String = {
    Tensor.manualSeed(3)
    val made = Seq(
      Tensor.ones(2, 3),
      Tensor.zeros(DType.INT64, 2),
      Tensor.full(1.5, DType.FLOAT32, 2),
      Tensor.of(Array(1f, 2f)),
      Tensor.of(Array(1L, 2L, 3L, 4L), 2, 2),
      Tensor.of(Array(Array(1.0, 2.0), Array(3.0, 4.0))),
      Tensor.of(Array(true, false)),
      Tensor.scalar(7),
      Tensor.arange(3),
      Tensor.linspace(0, 1, 5),
      Tensor.eye(2),
      Tensor.emptyLike(Tensor.ones(2)),
      Tensor.rand(2),
      Tensor.randn(Generator.current(), DType.FLOAT64, 2),
      Tensor.randint(10, 2),
      Tensor.randperm(4),
      Tensor.on(Device.CPU).zeros(2),
      Tensor.trilIndices(2, 2, 0),
      Tensor.asTensor(Array(1f))
    )
    made.map(_.numel()).sum.toString
  }

  def joined(): String = {
    val a = Tensor.of(Array(1f, 2f))
    val b = Tensor.of(Array(3f, 4f))
    val parts = Seq(
      Tensor.cat(List.of(a, b), 0),
      Tensor.stack(List.of(a, b), 0).sum(0),
      Tensor.where(a.gt(1), a, b),
      Tensor.einsum("i,i->", a, b),
      Tensor.addOut(Tensor.empty(2), a, b),
      a.get(Index.at(1)),
      a.add(1).mul(b).neg()
    )
    parts.map(_.toFloatArray.mkString(" ")).mkString("; ")
  }

  def gradients(): String = {
    val x = Tensor.of(Array(1f, 2f)).setRequiresGrad(true)
    Functional.relu(x.mul(x)).sum().backward()
    val off = GradMode.noGrad()
    try x.sub_(x.grad()) finally off.close()
    val scope = TensorScope.open()
    try x.add(1) finally scope.close()
    x.detach().toFloatArray.mkString(" ")
  }

  def overloads(): String = {
    val x = Tensor.arange(6).reshape(2, 3).to(DType.FLOAT32)
    x.set(9, 0, 0)
    val y: Tensor = GradMode.noGrad(() => x.add(1))
    Using.resource(GradMode.noGrad()) { _ => y.zero_() }
    val parts = Seq(x.sum(), x.sum(0), x.sum(0, 1), x.mean(0, true), x.norm(2, 0, 1), x.get(1, 2), x.get(1))
    val group = ParamGroup.of(List.of(y), SGD.options().lr(0.5))
    parts.map(_.numel()).mkString(" ") + " " + SGD.ofGroups(List.of(group), SGD.options()).lr()
  }

  def trained(): Boolean = {
    Tensor.manualSeed(1)
    val net = new Net(8)
    Init.zeros(net.fc2.namedParameters().get("bias"))
    val optimizer = new SGD(net.parameters(), SGD.options().lr(0.1).momentum(0.9))
    val x = Tensor.randn(16, 6)
    val label = Tensor.randint(3, 16)
    val before = Functional.crossEntropy(net.call(x), label).item()
    for (_ <- 1 to 20) {
      optimizer.zeroGrad()
      Functional.crossEntropy(net.call(x), label).backward()
      optimizer.step()
    }
    val copy = new Net(8)
    copy.loadStateDict(net.stateDict())
    val after = Functional.crossEntropy(copy.call(x), label).item()
    val sequential = new Sequential(new Linear(6, 4), new ReLU(), new Linear(4, 1))
    after < before && net.parameters().size == 5 && sequential.call(x).size(1) == 1
  }

  def job(spark: SparkSession, frame: Dataset[Row]): TrainingResult =
    TrainingJob
      .builder(spark)
      .model(() => new Net(8))
      .loss((net: Net, batch: Batch) =>
        Functional.crossEntropy(net.call(batch.input("x")), batch.input("y")))
      .optimizer(parameters => new Adam(parameters, 0.01))
      .data(frame, column("x", DType.FLOAT32, 6), column("y", DType.INT64))
      .globalBatch(16)
      .shards(2)
      .executors(2)
      .epochs(1)
      .seed(7)
      .build()
      .run()
}

package dev.bellows.examples;

import static dev.bellows.errors.Messages.message;
import static dev.bellows.nn.Functional.crossEntropy;
import static dev.bellows.spark.data.Column.column;

import dev.bellows.data.Batch;
import dev.bellows.data.text.CharTokenizer;
import dev.bellows.memory.DType;
import dev.bellows.nn.Parameter;
import dev.bellows.nn.StateDict;
import dev.bellows.nn.models.GPT2Config;
import dev.bellows.nn.models.GPT2LMHeadModel;
import dev.bellows.nn.models.GenerationOptions;
import dev.bellows.optim.AdamW;
import dev.bellows.optim.Optimizer;
import dev.bellows.optim.ParamGroup;
import dev.bellows.optim.schedule.CosineAnnealingLR;
import dev.bellows.optim.schedule.SequentialLR;
import dev.bellows.serialize.SafeTensors;
import dev.bellows.spark.LearningRate;
import dev.bellows.spark.TrainingJob;
import dev.bellows.spark.TrainingResult;
import dev.bellows.tensor.Generator;
import dev.bellows.tensor.Tensor;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A GPT of four layers that learns to write like Shakespeare, character by character, and writes a
 * page at the end. {@code --data} names the text of tiny Shakespeare, about 1.1 million characters;
 * the last tenth is for validation.
 */
public final class TinyShakespeare {
  static final String NAME = "tiny-shakespeare";

  private static final int SLICES = 16;
  private static final int WARMUP = 100;
  private static final double TEMPERATURE = 0.8;

  private TinyShakespeare() {}

  /**
   * Sizes of the model and of its training.
   *
   * @param block characters that the model sees
   * @param width features of a character
   * @param stride characters from the start of one training row to that of the next
   */
  record Settings(int block, int width, int stride, int batch, int epochs, double lr)
      implements Serializable {
    private static final Settings FULL = new Settings(64, 128, 32, 32, 3, 3e-3);
    private static final Settings QUICK = new Settings(32, 64, 32, 32, 1, 5e-3);

    static Settings of(Options options) {
      var preset = options.has("--quick") ? QUICK : FULL;
      return new Settings(
          preset.block,
          preset.width,
          preset.stride,
          options.count("--global-batch", preset.batch),
          options.count("--epochs", preset.epochs),
          options.real("--lr", preset.lr));
    }

    GPT2LMHeadModel model(int characters) {
      return new GPT2LMHeadModel(
          new GPT2Config()
              .vocabSize(characters)
              .nPositions(block)
              .nEmbd(width)
              .nLayer(4)
              .nHead(4)
              .residPdrop(0)
              .embdPdrop(0)
              .attnPdrop(0));
    }
  }

  /** Trains the model; see {@code --help}. */
  public static void main(String[] args) {
    Launcher.main(NAME, options(), args, TinyShakespeare::train);
  }

  static Options options() {
    return new Options(
        NAME,
        "validation",
        Launcher.options(
            Map.of(
                "--data", "file of the text",
                "--quick", "[a smaller model and one pass: about a minute]",
                "--sample", "characters to write at the end (default 500)")));
  }

  static TrainingResult train(SparkSession spark, Options options) {
    var text = read(options.text("--data", null));
    var settings = Settings.of(options);
    var tokenizer = CharTokenizer.of(text);
    var characters = tokenizer.vocabSize();
    var tokens = tokenizer.encode(text);
    var split = tokens.length / 10 * 9;
    var rows = rows(tokens, 0, split, settings.block, settings.stride);
    var steps = (rows.size() + settings.batch - 1L) / settings.batch * settings.epochs;
    var lr = settings.lr;
    var job =
        TrainingJob.builder(spark)
            .model(() -> settings.model(characters))
            .loss(TinyShakespeare::loss)
            .optimizer(parameters -> optimizer(parameters, lr))
            .learningRate(
                LearningRate.of(
                    lr,
                    optimizer ->
                        SequentialLR.warmup(
                            WARMUP,
                            1.0 / WARMUP,
                            new CosineAnnealingLR(
                                optimizer, Math.max(1, steps - WARMUP), lr / 10))))
            .maxGradNorm(1)
            .data(frame(spark, rows), column("tokens", DType.UINT8, settings.block + 1))
            .evaluation(
                frame(spark, rows(tokens, split, tokens.length, settings.block, settings.block)))
            .metric((model, batch) -> batch.size() * loss(model, batch).item())
            .evaluateEpochs(true)
            .globalBatch(settings.batch)
            .epochs(settings.epochs);
    var result = Launcher.configure(job, options).build().run();
    var model = settings.model(characters);
    write(model, tokenizer, result, options);
    return result;
  }

  /** Returns the mean loss of each character but the first of each row. */
  private static Tensor loss(GPT2LMHeadModel model, Batch batch) {
    var tokens = batch.input("tokens").to(DType.INT64);
    var length = tokens.size(1) - 1;
    var logits = model.call(tokens.narrow(1, 0, length));
    return crossEntropy(logits.flatten(0, 1), tokens.narrow(1, 1, length).flatten());
  }

  /** Returns AdamW that leaves biases and normalisations without weight decay. */
  private static Optimizer optimizer(List<Parameter> parameters, double lr) {
    var matrices = parameters.stream().filter(p -> p.dim() >= 2).toList();
    var vectors = parameters.stream().filter(p -> p.dim() < 2).toList();
    return AdamW.ofGroups(
        List.of(ParamGroup.of(matrices), ParamGroup.of(vectors, AdamW.options().weightDecay(0))),
        AdamW.options().lr(lr).betas(0.9, 0.99).weightDecay(0.1));
  }

  private static String read(String file) {
    if (file == null) {
      throw new IllegalArgumentException(
          "tiny-shakespeare: --data must name the file of the text; got none");
    }
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          message("tiny-shakespeare: --data must name the file of the text; %s", e), e);
    }
  }

  /** Returns rows of block + 1 characters that start at every stride-th one. */
  private static List<Row> rows(long[] tokens, int from, int to, int block, int stride) {
    List<Row> rows = new ArrayList<>();
    for (int start = from; start + block < to; start += stride) {
      var row = new byte[block + 1];
      for (int i = 0; i <= block; i++) {
        row[i] = (byte) tokens[start + i];
      }
      rows.add(RowFactory.create((Object) row));
    }
    return rows;
  }

  private static Dataset<Row> frame(SparkSession spark, List<Row> rows) {
    return spark.createDataFrame(
        JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(rows, SLICES),
        new StructType().add("tokens", DataTypes.BinaryType, false));
  }

  /** Prints what the trained model writes. */
  private static void write(
      GPT2LMHeadModel model, CharTokenizer tokenizer, TrainingResult result, Options options) {
    try {
      model.loadStateDict(StateDict.of(SafeTensors.load(result.modelFile()).tensors()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    model.eval();
    var start = Tensor.of(tokenizer.encode("\n"), 1, 1);
    var draws =
        new GenerationOptions()
            .temperature(TEMPERATURE)
            .generator(new Generator(options.number("--seed", 1)));
    var written = model.generate(start, options.count("--sample", 500), draws);
    System.out.println(tokenizer.decode(written.toLongArray()));
  }
}

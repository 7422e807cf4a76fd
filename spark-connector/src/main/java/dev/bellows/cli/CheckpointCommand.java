package dev.bellows.cli;

import static dev.bellows.errors.Messages.message;

import dev.bellows.serialize.SafeTensors;
import dev.bellows.spark.checkpoint.CheckpointDirectory;
import dev.bellows.spark.checkpoint.CheckpointException;
import dev.bellows.spark.checkpoint.CheckpointInfo;
import dev.bellows.spark.checkpoint.CheckpointManifest;
import dev.bellows.spark.checkpoint.DirectoryLease;
import dev.bellows.spark.checkpoint.FileCheck;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bellows checkpoint}: inspects the checkpoints of a run on any Hadoop file system. */
@Command(
    name = "checkpoint",
    description = "Lists, shows and verifies checkpoints.",
    mixinStandardHelpOptions = true,
    subcommands = {
      CheckpointCommand.ListCommand.class,
      CheckpointCommand.ShowCommand.class,
      CheckpointCommand.VerifyCommand.class,
    })
final class CheckpointCommand implements Runnable {
  private static final String PATH_HELP = "Directory of checkpoints, or one step-... in it.";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "checkpoint: list, show or verify is needed; got none");
  }

  /** Runs a command on the store and the attempts that a path selects, newest first. */
  private static int with(String path, Function<Selection, Integer> command) {
    try {
      Path given = new Path(path);
      boolean one = given.getParent() != null && CheckpointDirectory.isAttemptName(given.getName());
      // Picocli inspects commands by reflection, and Hadoop may be absent: no lambda may take a
      // Path.
      String name = given.getName();
      String directory = one ? given.getParent().toString() : path;
      CheckpointDirectory store = new CheckpointDirectory(directory, new Configuration());
      List<CheckpointInfo> attempts =
          store.list().stream().filter(i -> !one || i.name().equals(name)).toList();
      if (attempts.isEmpty()) {
        throw new CliException("checkpoint: path must hold checkpoints; found none in " + path);
      }
      String holder =
          DirectoryLease.holder(directory, new Configuration())
              .map(h -> (h.released() ? "was last used by " : "in use by ") + h.owner())
              .orElse("");
      return command.apply(new Selection(store, attempts, holder));
    } catch (CheckpointException | IllegalArgumentException e) {
      throw new CliException(e.getMessage(), e);
    }
  }

  private record Selection(
      CheckpointDirectory store, List<CheckpointInfo> attempts, String holder) {}

  /** Prints left-aligned columns, two spaces apart; the last one may contain spaces. */
  private static void print(PrintWriter out, List<List<String>> table) {
    int[] width = new int[table.get(0).size()];
    for (List<String> row : table) {
      for (int c = 0; c < width.length; c++) {
        width[c] = Math.max(width[c], row.get(c).length());
      }
    }
    for (List<String> row : table) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < width.length; c++) {
        line.append(row.get(c)).append(" ".repeat(width[c] - row.get(c).length() + 2));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /** {@code bellows checkpoint list}. */
  @Command(
      name = "list",
      description = "Lists checkpoints, newest first. Contents are not read.",
      mixinStandardHelpOptions = true)
  static final class ListCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "PATH", description = PATH_HELP)
    private String path;

    @Override
    public Integer call() {
      return with(path, this::list);
    }

    private int list(Selection selection) {
      List<List<String>> table = new ArrayList<>();
      table.add(List.of("STEP", "EPOCH", "CREATED", "BYTES", "FILES", "NAME", "STATUS"));
      for (CheckpointInfo info : selection.attempts()) {
        CheckpointManifest manifest = info.manifest();
        Optional<String> problem = selection.store().problem(info);
        String status = info.incomplete() ? "" : problem.map(p -> "damaged: ").orElse("");
        table.add(
            List.of(
                Long.toString(info.step()),
                manifest == null ? "-" : Long.toString(manifest.epoch()),
                manifest == null ? "-" : manifest.createdAt(),
                manifest == null ? "-" : Long.toString(manifest.bytes()),
                manifest == null ? "-" : Integer.toString(manifest.files().size()),
                info.name(),
                status + problem.orElse("complete")));
      }
      print(spec.commandLine().getOut(), table);
      if (!selection.holder().isEmpty()) {
        spec.commandLine().getOut().println("directory " + selection.holder());
      }
      return 0;
    }
  }

  /** {@code bellows checkpoint show}. */
  @Command(
      name = "show",
      description = "Shows the content of a checkpoint; for a directory, of the newest one.",
      mixinStandardHelpOptions = true)
  static final class ShowCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "PATH", description = PATH_HELP)
    private String path;

    @Override
    public Integer call() {
      return with(path, this::show);
    }

    private int show(Selection selection) {
      CheckpointDirectory store = selection.store();
      CheckpointInfo newest =
          selection.attempts().stream()
              .filter(CheckpointInfo::committed)
              .findFirst()
              .orElse(selection.attempts().get(0));
      CheckpointManifest manifest = store.read(newest.name());
      PrintWriter out = spec.commandLine().getOut();
      print(out, fields(manifest));
      out.println();
      List<List<String>> table = new ArrayList<>();
      table.add(List.of("TENSOR", "TYPE", "SHAPE", "BYTES", "FILE"));
      store
          .headers(manifest)
          .forEach(
              (file, header) ->
                  header.slots().forEach((key, slot) -> table.add(row(key, slot, file.name()))));
      print(out, table);
      return 0;
    }

    private static List<String> row(String key, SafeTensors.Slot slot, String file) {
      String bytes = Long.toString(slot.end() - slot.begin());
      return List.of(key, slot.dtype().toString(), Arrays.toString(slot.shape()), bytes, file);
    }

    private static List<List<String>> fields(CheckpointManifest m) {
      List<List<String>> fields = new ArrayList<>();
      fields.add(List.of("name", m.name()));
      fields.add(List.of("run", m.lineage().toString()));
      fields.add(List.of("step", Long.toString(m.step())));
      fields.add(List.of("epoch", Long.toString(m.epoch())));
      fields.add(List.of("cursor", Long.toString(m.cursor())));
      fields.add(List.of("seed", Long.toString(m.seed())));
      fields.add(List.of("shards", Integer.toString(m.shards())));
      fields.add(List.of("global batch", Integer.toString(m.globalBatch())));
      fields.add(List.of("world size", Integer.toString(m.worldSize())));
      fields.add(List.of("rows", Long.toString(m.rows())));
      fields.add(List.of("snapshot", m.snapshotDirectory() + " " + m.snapshotFingerprint()));
      fields.add(List.of("model", m.modelClass() + " " + m.modelHash()));
      fields.add(List.of("optimizer", m.optimizer() + ""));
      for (Map.Entry<String, String> value : m.optimizerValues().entrySet()) {
        fields.add(List.of("optimizer." + value.getKey(), value.getValue()));
      }
      fields.add(List.of("lr", Double.toString(m.lr())));
      m.metric()
          .ifPresent(
              metric ->
                  fields.add(List.of("metric", message("%s (%s)", metric, m.evaluatedWith()))));
      fields.add(List.of("created", m.createdAt()));
      fields.add(List.of("bytes", Long.toString(m.bytes())));
      return fields;
    }
  }

  /** {@code bellows checkpoint verify}. */
  @Command(
      name = "verify",
      description = {
        "Reads every file of the checkpoints and compares lengths and checksums.",
        "Exit code 1 if one is bad. Uncommitted attempts are listed, but not checked."
      },
      mixinStandardHelpOptions = true)
  static final class VerifyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "PATH", description = PATH_HELP)
    private String path;

    @Override
    public Integer call() {
      return with(path, this::verify);
    }

    private int verify(Selection selection) {
      List<List<String>> table = new ArrayList<>();
      table.add(List.of("VERDICT", "FILE", "BYTES", "REASON"));
      boolean bad = false;
      for (CheckpointInfo info : selection.attempts()) {
        if (info.incomplete()) {
          table.add(List.of("SKIPPED", info.name(), "-", info.problem()));
          continue;
        }
        for (FileCheck check : selection.store().verify(info.name())) {
          bad |= !check.ok();
          table.add(
              List.of(
                  check.ok() ? "OK" : "BAD",
                  info.name() + "/" + check.name(),
                  Long.toString(check.bytes()),
                  check.ok() ? "-" : check.problem()));
        }
      }
      print(spec.commandLine().getOut(), table);
      return bad ? 1 : 0;
    }
  }
}

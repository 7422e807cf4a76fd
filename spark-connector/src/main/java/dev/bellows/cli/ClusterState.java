package dev.bellows.cli;

import static dev.bellows.errors.Messages.message;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The state of a running cluster, stored so that later commands find it.
 *
 * <p>The file {@code state} is UTF-8 text with one entry per line: {@code bellows-cluster 1} first,
 * then {@code master URL}, {@code ui URL}, {@code workers N}, and for each process {@code process
 * ROLE PID START LOG}, where the log's path extends to the end of the line. The file is replaced
 * atomically.
 *
 * @param master address for {@code --master}
 * @param ui the master's web page
 * @param workers number of requested workers
 */
record ClusterState(String master, String ui, int workers, List<ProcessRecord> processes) {
  private static final String FIRST_LINE = "bellows-cluster 1";
  private static final String FILE = "state";

  ClusterState {
    processes = List.copyOf(processes);
  }

  ClusterState with(ProcessRecord added) {
    List<ProcessRecord> more = new ArrayList<>(processes);
    more.add(added);
    return new ClusterState(master, ui, workers, more);
  }

  List<ProcessRecord> running() {
    return processes.stream().filter(ProcessRecord::alive).toList();
  }

  Optional<ProcessRecord> process(String role) {
    return processes.stream().filter(p -> p.role().equals(role)).findFirst();
  }

  void write(Path directory) {
    List<String> lines = new ArrayList<>();
    lines.add(FIRST_LINE);
    lines.add("master " + master);
    lines.add("ui " + ui);
    lines.add("workers " + workers);
    for (ProcessRecord p : processes) {
      lines.add("process " + p.role() + " " + p.pid() + " " + p.start() + " " + p.log());
    }
    try {
      Files.createDirectories(directory);
      Path next = directory.resolve(FILE + ".next");
      Files.write(next, lines);
      replace(next, directory.resolve(FILE));
    } catch (IOException e) {
      throw new CliException(
          message("cluster state: cannot write %s: %s", directory.resolve(FILE), e), e);
    }
  }

  static void replace(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  static void delete(Path directory) {
    try {
      Files.deleteIfExists(directory.resolve(FILE));
    } catch (IOException e) {
      throw new CliException(
          message("cluster state: cannot delete %s: %s", directory.resolve(FILE), e), e);
    }
  }

  /** Reads the state file of a directory, if there is one. */
  static Optional<ClusterState> read(Path directory) {
    Path file = directory.resolve(FILE);
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new CliException(message("cluster state: cannot read %s: %s", file, e), e);
    }
    return Optional.of(parse(lines, file));
  }

  private static ClusterState parse(List<String> lines, Path file) {
    if (lines.isEmpty() || !lines.get(0).equals(FIRST_LINE)) {
      String first = lines.isEmpty() ? "an empty file" : "'" + lines.get(0) + "'";
      throw new CliException(
          message(
              "cluster state: %s must begin with '%s'; got %s; end the processes of that cluster by"
                  + " hand, then delete the file",
              file, FIRST_LINE, first));
    }
    String master = "";
    String ui = "";
    int workers = 0;
    List<ProcessRecord> processes = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] word = line.split(" ", 5);
      try {
        switch (word[0]) {
          case "master" -> master = word[1];
          case "ui" -> ui = word[1];
          case "workers" -> workers = Integer.parseInt(word[1]);
          case "process" -> processes.add(process(word));
          default -> throw new IllegalArgumentException("unknown fact");
        }
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
        throw new CliException(message("cluster state: %s: cannot read line '%s'", file, line), e);
      }
    }
    return new ClusterState(master, ui, workers, processes);
  }

  private static ProcessRecord process(String[] word) {
    return new ProcessRecord(
        word[1], Long.parseLong(word[2]), Long.parseLong(word[3]), Path.of(word[4]));
  }
}

package dev.bellows.cli;

import dev.bellows.memory.Device;
import dev.bellows.nn.StateDict;
import dev.bellows.serialize.StateDicts;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bellows convert}: writes a model's weights in another format. */
@Command(
    name = "convert",
    description = {
      "Converts weights between safetensors and PyTorch's format.",
      "The format of the input is recognised; that of the output is its name's: .safetensors, .pt,"
          + " .pth, .bin or .ckpt."
    },
    mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "INPUT",
      description = "A file, an index of several (.index.json), or a directory with one.")
  private Path input;

  @Parameters(index = "1", paramLabel = "OUTPUT", description = "The file to write.")
  private Path output;

  @Option(
      names = "--key",
      defaultValue = "",
      description = "The entry of a PyTorch file that is the state dict, such as state_dict.")
  private String key;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try {
      StateDict dict = StateDicts.load(input, Device.CPU, key);
      StateDicts.save(dict, output);
      spec.commandLine().getOut().println(output + ": " + dict.size() + " tensors");
      return 0;
    } catch (NoSuchFileException e) {
      throw new CliException("convert: the file must exist; got " + e.getFile(), e);
    } catch (IOException | IllegalArgumentException e) {
      throw new CliException("convert: " + e.getMessage(), e);
    }
  }
}

package dev.bellows.data.text;

import static dev.bellows.errors.Messages.message;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Byte-pair encoding of UTF-8, as GPT-2 does it: text is cut into words, numbers, punctuation and
 * white space, and the bytes of each piece are joined by the merges that were learned, the earliest
 * first. Every text can be encoded, and decoding gives it back (but for unpaired surrogates, which
 * become "?"). Special tokens in a text are encoded as such; {@code <|endoftext|>} is one if the
 * vocabulary has it. Source: Radford et al., Language models are unsupervised multitask learners,
 * 2019; Hugging Face's {@code GPT2Tokenizer}.
 */
public final class BpeTokenizer implements Tokenizer {
  /** The token between texts, of GPT-2's vocabulary. */
  public static final String END_OF_TEXT = "<|endoftext|>";

  private static final Pattern PIECES =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private final Map<String, Integer> vocabulary;
  private final Map<Integer, byte[]> bytes = new LinkedHashMap<>();
  private final BpeMerges merges;
  private final Set<String> specials = new LinkedHashSet<>();
  private Pattern special;

  /**
   * Creates a tokenizer.
   *
   * @param vocabulary the number of each token; bytes are written as GPT-2 writes them
   * @param merges pairs of tokens, separated by a space, the earliest first
   * @throws IllegalArgumentException if the vocabulary lacks a byte or a token of a merge, or two
   *     tokens have one number
   */
  public BpeTokenizer(Map<String, Integer> vocabulary, List<String> merges) {
    this.vocabulary = new LinkedHashMap<>(vocabulary);
    this.vocabulary.forEach(
        (token, id) -> {
          if (id == null || id < 0 || bytes.put(id, ByteSymbols.bytes(token)) != null) {
            throw new IllegalArgumentException(
                message(
                    "BpeTokenizer: each token must have its own number; got %s for %s", id, token));
          }
        });
    this.merges = new BpeMerges(this.vocabulary, merges);
    if (this.vocabulary.containsKey(END_OF_TEXT)) {
      addSpecialTokens(END_OF_TEXT);
    }
  }

  /**
   * Reads a vocabulary and merges.
   *
   * @param vocabulary a {@code vocab.json}
   * @param merges a {@code merges.txt}
   * @throws IOException if a file cannot be read or the first is not of that form
   */
  public static BpeTokenizer load(Path vocabulary, Path merges) throws IOException {
    Map<String, Integer> ids =
        new ObjectMapper()
            .readValue(
                Files.readString(vocabulary),
                new TypeReference<LinkedHashMap<String, Integer>>() {});
    List<String> lines =
        Files.readString(merges)
            .lines()
            .filter(line -> !line.isEmpty() && !line.startsWith("#version"))
            .toList();
    return new BpeTokenizer(ids, lines);
  }

  /** Reads {@code vocab.json} and {@code merges.txt} of a directory. */
  public static BpeTokenizer load(Path directory) throws IOException {
    return load(directory.resolve("vocab.json"), directory.resolve("merges.txt"));
  }

  /**
   * Makes texts special tokens: those that the vocabulary lacks get the numbers after the greatest.
   *
   * @return this tokenizer
   * @throws IllegalArgumentException if a text is empty
   */
  public BpeTokenizer addSpecialTokens(String... tokens) {
    for (String token : tokens) {
      if (token.isEmpty()) {
        throw new IllegalArgumentException(
            "addSpecialTokens: must not be empty; got an empty text");
      }
      if (!vocabulary.containsKey(token)) {
        int next = bytes.keySet().stream().max(Comparator.naturalOrder()).orElse(-1) + 1;
        vocabulary.put(token, next);
      }
      bytes.put(vocabulary.get(token), token.getBytes(StandardCharsets.UTF_8));
      specials.add(token);
    }
    // a longer token wins over one that it starts with
    special =
        Pattern.compile(
            specials.stream()
                .sorted(Comparator.comparing(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
    return this;
  }

  @Override
  public long[] encode(String text) {
    Ids ids = new Ids();
    int from = 0;
    if (special != null) {
      Matcher matcher = special.matcher(text);
      while (matcher.find()) {
        encode(text.substring(from, matcher.start()), ids);
        ids.add(vocabulary.get(matcher.group()));
        from = matcher.end();
      }
    }
    encode(text.substring(from), ids);
    return ids.toArray();
  }

  private void encode(String text, Ids ids) {
    Matcher matcher = PIECES.matcher(text);
    while (matcher.find()) {
      merges.encode(matcher.group().getBytes(StandardCharsets.UTF_8), ids::add);
    }
  }

  /**
   * Returns the text of tokens, special ones too. Bytes that are no UTF-8 become U+FFFD.
   *
   * @throws IllegalArgumentException if a number is not that of a token
   */
  @Override
  public String decode(long... ids) {
    return decode(false, ids);
  }

  /** Works like {@link #decode(long...)}, without special tokens if {@code skipSpecialTokens}. */
  public String decode(boolean skipSpecialTokens, long... ids) {
    Set<Integer> skipped =
        skipSpecialTokens
            ? specials.stream().map(vocabulary::get).collect(Collectors.toSet())
            : Set.of();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (long id : ids) {
      byte[] token = id == (int) id ? bytes.get((int) id) : null;
      if (token == null) {
        throw new IllegalArgumentException(
            message("decode: ids must be those of the %s tokens; got %s", bytes.size(), id));
      }
      if (!skipped.contains((int) id)) {
        all.writeBytes(token);
      }
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** Returns the number of a token, a special one or one as the vocabulary writes it, or null. */
  public Integer id(String token) {
    return vocabulary.get(token);
  }

  /** Returns the special tokens, in order. */
  public List<String> specialTokens() {
    return new ArrayList<>(specials);
  }

  @Override
  public int vocabSize() {
    return bytes.size();
  }

  /** A growing list of numbers. */
  private static final class Ids {
    private long[] ids = new long[16];
    private int size;

    void add(int id) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, 2 * size);
      }
      ids[size++] = id;
    }

    long[] toArray() {
      return Arrays.copyOf(ids, size);
    }
  }
}

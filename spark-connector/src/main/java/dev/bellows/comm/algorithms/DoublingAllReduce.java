package dev.bellows.comm.algorithms;

import static dev.bellows.errors.Messages.message;

import dev.bellows.comm.TreePartial;
import dev.bellows.comm.wire.Target;
import dev.bellows.comm.wire.Target.Held;
import dev.bellows.proto.comm.Frame;
import dev.bellows.reduction.ReductionTree;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The reduction of a small buffer by recursive doubling in tree order. In hop k each rank exchanges
 * all the nodes it has with the rank at distance 2^k, after which both have the nodes of 2^(k+1)
 * ranks, siblings joined; the last hop leaves the root everywhere. A node that has no sibling among
 * these ranks travels on as it is, so any assignment of leaves to ranks gives the same bits.
 *
 * <p>If the number of ranks N is no power of two, the first 2·(N − 2^⌊log2 N⌋) ranks form pairs:
 * the even one gives its nodes to the odd one first, stands aside, and gets the result last.
 *
 * <p>Frames: one PART for each node, or START if there is none; RESULT to those who stood aside.
 */
final class DoublingAllReduce extends Operation {
  private static final int NOBODY = -1;

  private final Reduction reduction;
  private final List<TreePartial> partials;
  private final ByteBuffer out;
  private final PartialSet set;

  /** The rank that this one stands aside for, or NOBODY. */
  private final int deputy;

  /** The rank that stands aside for this one, or NOBODY. */
  private final int aside;

  /** Whom this rank gets nodes from, hop by hop. */
  private final int[] partners;

  private final int[] announced;
  private final List<List<TreePartial>> inbox = new ArrayList<>();
  private int hop;

  /** The data of a node that is being taken and that others may overwrite afterwards, or null. */
  private ByteBuffer lent;

  private boolean resultCame;

  DoublingAllReduce(
      GroupContext group, Reduction reduction, List<TreePartial> partials, ByteBuffer out) {
    super(group, out.remaining());
    this.reduction = reduction;
    this.partials = partials;
    this.out = out;
    this.set = new PartialSet(reduction, out.remaining());
    var power = Integer.highestOneBit(worldSize);
    var pairs = worldSize - power;
    var paired = me < 2 * pairs;
    this.deputy = paired && me % 2 == 0 ? me + 1 : NOBODY;
    this.aside = paired && me % 2 == 1 ? me - 1 : NOBODY;
    this.partners = deputy == NOBODY ? partners(power, pairs) : new int[0];
    this.announced = new int[partners.length];
    Arrays.fill(announced, NOBODY);
    for (var i = 0; i < partners.length; i++) {
      inbox.add(new ArrayList<>());
    }
  }

  private int[] partners(int power, int pairs) {
    var hops = Integer.numberOfTrailingZeros(power);
    var first = aside == NOBODY ? 0 : 1;
    var ranks = new int[first + hops];
    var place = me < 2 * pairs ? me / 2 : me - pairs;
    for (var k = 0; k < hops; k++) {
      var other = place ^ 1 << k;
      ranks[first + k] = other < pairs ? 2 * other + 1 : other + pairs;
    }
    if (first == 1) {
      ranks[0] = aside;
    }
    return ranks;
  }

  @Override
  String name() {
    return "allReduce";
  }

  @Override
  public Algorithm algorithm() {
    return Algorithm.DOUBLING;
  }

  @Override
  Frame.Builder describe() {
    return describe(reduction).setOp(Frame.Op.ALL_REDUCE).setPartials(partials.size());
  }

  @Override
  void start() {
    partials.forEach(partial -> set.add(partial, false, null));
    if (aside != NOBODY) {
      post(aside, header(Frame.Kind.START), null);
    } else {
      sendSet(deputy == NOBODY ? partners[0] : deputy);
    }
  }

  private void sendSet(int peer) {
    var nodes = set.nodes();
    if (nodes.isEmpty()) {
      post(peer, header(Frame.Kind.START).setPartials(0), null);
    }
    for (var node : nodes) {
      post(
          peer,
          header(Frame.Kind.PART)
              .setPartials(nodes.size())
              .setFirstLeaf(node.firstLeaf())
              .setEndLeaf(node.endLeaf()),
          node.data());
    }
  }

  /** Returns the hop in which a peer sends its nodes, or NOBODY. */
  private int hopOf(int peer) {
    for (var i = 0; i < partners.length; i++) {
      if (partners[i] == peer) {
        return i;
      }
    }
    return NOBODY;
  }

  @Override
  void admit(int from, Frame header, int payloadBytes) {
    var first = header.getFirstLeaf();
    var end = header.getEndLeaf();
    var hopOfPeer = hopOf(from);
    var fits =
        header.getKind() == Frame.Kind.RESULT
            ? from == deputy && !resultCame && payloadBytes == totalBytes
            : hopOfPeer != NOBODY
                && ReductionTree.isNode(reduction.leaves(), first, end)
                && payloadBytes == totalBytes * reduction.widening(end - first)
                && header.getPartials() > inbox.get(hopOfPeer).size();
    if (!fits) {
      throw refused(
          message(
              "each node comes whole and once, from a partner; got %s of rank %s, leaves [%s, %s)"
                  + " of %s, %s bytes of %s",
              header.getKind(), from, first, end, reduction.leaves(), payloadBytes, totalBytes));
    }
  }

  @Override
  ByteBuffer place(Frame header, int payloadBytes) {
    return header.getKind() == Frame.Kind.PART ? null : out;
  }

  @Override
  void hear(int from, Frame header) {
    var hopOfPeer = hopOf(from);
    if (hopOfPeer != NOBODY) {
      announced[hopOfPeer] = header.getPartials();
      if (header.getKind() == Frame.Kind.START) {
        advance();
      }
    }
  }

  @Override
  void take(int from, Frame header, Target got) {
    if (header.getKind() == Frame.Kind.RESULT) {
      resultCame = true;
      return;
    }
    if (got.held() == Held.SCRATCH) {
      set.own(got.buffer());
    }
    var hopOfPeer = hopOf(from);
    var nodes = inbox.get(hopOfPeer);
    var node = new TreePartial(header.getFirstLeaf(), header.getEndLeaf(), got.buffer());
    var last = hopOfPeer == hop && nodes.size() + 1 == announced[hop];
    nodes.add(got.held() == Held.LENT && !last ? set.copy(node) : node);
    lent = got.held() == Held.LENT && last ? got.buffer() : null;
    advance();
    lent = null;
  }

  private void advance() {
    while (hop < partners.length && inbox.get(hop).size() == announced[hop]) {
      var begin = group.nanoTime();
      // Which may be the memory of a partial that is on its way.
      var free = aside == NOBODY && allSent() ? out : null;
      inbox.get(hop).forEach(node -> set.add(node, node.data() == lent, free));
      group.countReduce(group.nanoTime() - begin);
      hop++;
      if (hop < partners.length) {
        sendSet(partners[hop]);
      } else {
        finishSet();
      }
    }
  }

  private void finishSet() {
    if (!set.complete()) {
      throw refused("all leaves must come; there are " + set.nodes().size() + " nodes without one");
    }
    if (aside != NOBODY) {
      // Not into out, which may not be free.
      var result = group.scratch().take((int) totalBytes);
      set.own(result);
      set.finish(result);
      post(aside, header(Frame.Kind.RESULT), result);
    }
  }

  @Override
  boolean complete() {
    return deputy == NOBODY ? hop == partners.length : resultCame;
  }

  @Override
  public void finish() {
    if (deputy == NOBODY) {
      set.finish(out); // Of which all that was in it has been sent by now.
    }
    set.release();
  }

  @Override
  public boolean needs(int peer) {
    if (peer == deputy) {
      return !resultCame;
    }
    var hopOfPeer = hopOf(peer);
    return hopOfPeer >= hop && inbox.get(hopOfPeer).size() != announced[hopOfPeer];
  }

  @Override
  public String progress(int peer) {
    var hopOfPeer = hopOf(peer);
    return hopOfPeer == NOBODY
        ? ", the result has not come"
        : ", "
            + inbox.get(hopOfPeer).size()
            + " of "
            + (announced[hopOfPeer] == NOBODY ? "?" : announced[hopOfPeer])
            + " partial sums read";
  }
}

/** The power of ½ or −½. */
KERNEL(ROOT_S, WithScalar) {
  each1<A, A>(p.walk, p.a, p.out, [&](C x) {
    double root = sqrt((double)x);
    return p.real < 0 ? 1 / root : root;
  });
}


/** out[i] = a[i] + alpha · b[i]. */
KERNEL(ADD_SCALED, Binary) {
#ifdef FLOATING
  C alpha = (C)p.real;
  map2<A, A>(p.walk, p.a, p.b, p.out, [&](C x, C y) { return x + alpha * y; });
#else
  map2<A, A>(p.walk, p.a, p.b, p.out, [&](C x, C y) {
    return (i64)((u64)x + (u64)p.whole * (u64)y);
  });
#endif
}


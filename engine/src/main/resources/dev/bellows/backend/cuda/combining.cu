// Operations that reductions and scans combine elements by. S is the type of results during the
// computation, R their type in memory; a precedes b.

typedef A::T T;
typedef A::C C;

/** An element and its position; a position below 0 means none. */
template <class V> struct Best {
  V value;
  i64 place;
};

struct Sum {
  typedef Wide<C>::S S;
  typedef T R;
  DEVICE S none() { return 0; }
  DEVICE S of(C x, i64) { return x; }
  DEVICE S both(S a, S b) { return a + b; }
  DEVICE R store(S s) { return A::store(s); }
};

struct Product {
  typedef Wide<C>::S S;
  typedef T R;
  DEVICE S none() { return 1; }
  DEVICE S of(C x, i64) { return x; }
  DEVICE S both(S a, S b) { return a * b; }
  DEVICE R store(S s) { return A::store(s); }
};

/** Common part of operations that return a position: they combine elements with their positions. */
struct Placed {
  typedef Best<C> S;
  typedef i64 R;
  DEVICE S none() { return of(0, -1); }
  DEVICE S of(C x, i64 place) {
    S s;
    s.value = x;
    s.place = place;
    return s;
  }
  DEVICE S chosen(S a, S b, bool second) {
    return of(second ? b.value : a.value, second ? b.place : a.place);
  }
  DEVICE R store(S s) { return s.place; }
};


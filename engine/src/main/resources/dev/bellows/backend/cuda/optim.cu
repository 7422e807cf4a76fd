// Optimizer steps in place, one pass each, in doubles; parameters and state of the element type A
// are rounded when stored. The scalars are parameters, or in device memory for launches that are
// repeated with other values.

/** Factors computed from the settings of a step; see the host's class. */
struct SgdNumbers {
  double lr;
  double momentum;
  double rest;
  double decay;
};

struct Sgd {
  Address param;
  Address grad;
  /** Null without momentum. */
  Address buffer;
  /** SgdNumbers in device memory, or null to use those of this struct. */
  Address onDevice;
  i64 numel;
  SgdNumbers numbers;
  int nesterov;
  int firstStep;
  int packed;
};

struct AdamNumbers {
  double beta1;
  double rest1;
  double beta2;
  double rest2;
  double eps;
  double stepSize;
  double root;
  double decay;
};

struct Adam {
  Address param;
  Address grad;
  Address m;
  Address v;
  Address onDevice;
  i64 numel;
  AdamNumbers numbers;
  int decoupled;
  int packed;
};

template <class N> DEVICE N numbersOf(const N& given, Address onDevice) {
  return onDevice == nullptr ? given : (N)as<N>(onDevice)[0];
}

/** Processes packs and then single elements: f(first element, count). */
template <class Packed, class Single>
DEVICE void steps(i64 numel, int packed, Packed forPack, Single forOne) {
  const int N = 16 / sizeof(A::T);
  i64 step = globalThreads();
  i64 done = 0;
  if (packed) {
    for (i64 k = globalThread(); k < numel / N; k += step) {
      forPack(k);
    }
    done = numel / N * N;
  }
  for (i64 i = done + globalThread(); i < numel; i += step) {
    forOne(i);
  }
}

DEVICE void sgd(const Sgd& p, const SgdNumbers& n, A::T& param, A::T grad, A::T& buffer) {
  double x = A::load(param);
  double g = A::load(grad);
  if (n.decay != 0) {
    g = g + n.decay * x;
  }
  if (p.buffer != nullptr) {
    double b = p.firstStep ? g : n.momentum * (double)A::load(buffer) + n.rest * g;
    g = p.nesterov ? g + n.momentum * b : b;
    buffer = A::store(b);
  }
  param = A::store(x - n.lr * g);
}

KERNEL(SGD, Sgd) {
  typedef A::T T;
  typedef Pack<T, 16 / sizeof(T)> P;
  SgdNumbers n = numbersOf(p.numbers, p.onDevice);
  Global<T> param = as<T>(p.param);
  Global<T> grad = as<T>(p.grad);
  Global<T> buffer = as<T>(p.buffer);
  bool momentum = p.buffer != nullptr;
  bool reads = momentum && !p.firstStep;
  steps(
      p.numel, p.packed,
      [&](i64 k) {
        P x = packs<P>(param)[k];
        P g = packs<P>(grad)[k];
        P b = x;
        if (reads) {
          b = packs<P>(buffer)[k];
        }
        for (int e = 0; e < 16 / (int)sizeof(T); e++) {
          sgd(p, n, x.v[e], g.v[e], b.v[e]);
        }
        packs<P>(param)[k] = x;
        if (momentum) {
          packs<P>(buffer)[k] = b;
        }
      },
      [&](i64 i) {
        T x = param[i];
        T g = grad[i];
        T b = x;
        if (reads) {
          b = buffer[i];
        }
        sgd(p, n, x, g, b);
        param[i] = x;
        if (momentum) {
          buffer[i] = b;
        }
      });
}

DEVICE void adam(
    const Adam& p, const AdamNumbers& n, A::T& param, A::T grad, A::T& m, A::T& v) {
  double x = A::load(param);
  double g = A::load(grad);
  if (n.decay != 0) {
    if (p.decoupled) {
      x = x * (1 - n.decay);
    } else {
      g = g + n.decay * x;
    }
  }
  double first = n.beta1 * (double)A::load(m) + n.rest1 * g;
  double second = n.beta2 * (double)A::load(v) + n.rest2 * g * g;
  param = A::store(x - n.stepSize * first / (sqrt(second) / n.root + n.eps));
  m = A::store(first);
  v = A::store(second);
}

KERNEL(ADAM, Adam) {
  typedef A::T T;
  typedef Pack<T, 16 / sizeof(T)> P;
  AdamNumbers n = numbersOf(p.numbers, p.onDevice);
  Global<T> param = as<T>(p.param);
  Global<T> grad = as<T>(p.grad);
  Global<T> m = as<T>(p.m);
  Global<T> v = as<T>(p.v);
  steps(
      p.numel, p.packed,
      [&](i64 k) {
        P x = packs<P>(param)[k];
        P g = packs<P>(grad)[k];
        P first = packs<P>(m)[k];
        P second = packs<P>(v)[k];
        for (int e = 0; e < 16 / (int)sizeof(T); e++) {
          adam(p, n, x.v[e], g.v[e], first.v[e], second.v[e]);
        }
        packs<P>(param)[k] = x;
        packs<P>(m)[k] = first;
        packs<P>(v)[k] = second;
      },
      [&](i64 i) {
        T x = param[i];
        T g = grad[i];
        T first = m[i];
        T second = v[i];
        adam(p, n, x, g, first, second);
        param[i] = x;
        m[i] = first;
        v[i] = second;
      });
}

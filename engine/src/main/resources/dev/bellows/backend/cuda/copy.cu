// out[i] = a[i] where out has the element type A: one kernel for each type of a.

#define FROM(TYPE) \
  KERNEL(TYPE##_TO, Unary) { \
    map1<TYPE, A>(p.walk, p.a, p.out, [](TYPE::C x) { return x; }); \
  }

FROM(FLOAT32)
FROM(FLOAT64)
FROM(FLOAT16)
FROM(BFLOAT16)
FROM(INT64)
FROM(INT32)
FROM(INT16)
FROM(INT8)
FROM(UINT8)
FROM(BOOL)

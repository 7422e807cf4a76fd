package dev.bellows.backend.cuda;

import dev.bellows.memory.DType;

/**
 * A batch of matrix products as BLAS describes them: matrices are column-major; a leading dimension
 * is the distance between columns in elements.
 *
 * @param type element type: FLOAT32, FLOAT64, FLOAT16 or BFLOAT16
 * @param tf32 whether FLOAT32 inputs may be rounded to 10 bits of precision
 * @param transA whether a is read as its transpose
 * @param transB whether b is read as its transpose
 * @param m rows of c
 * @param n columns of c
 * @param k columns of op(a) and rows of op(b)
 * @param a address of the first a
 * @param lda leading dimension of a
 * @param strideA elements from one a to the next
 * @param b address of the first b
 * @param ldb leading dimension of b
 * @param strideB elements from one b to the next
 * @param beta factor of c before the product is added; 0: c is not read
 * @param c address of the first c
 * @param ldc leading dimension of c
 * @param strideC elements from one c to the next
 * @param batch number of products
 */
record Gemm(
    DType type,
    boolean tf32,
    boolean transA,
    boolean transB,
    int m,
    int n,
    int k,
    long a,
    int lda,
    long strideA,
    long b,
    int ldb,
    long strideB,
    float beta,
    long c,
    int ldc,
    long strideC,
    int batch) {}

/* All-reduce of FLOAT32 by MPI: mpirun -n N mpi BYTES SECONDS... prints "BYTES<TAB>MS" for each size. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

static double batch(float *in, float *out, int n, int times) {
  double start = MPI_Wtime();
  for (int i = 0; i < times; i++) {
    MPI_Allreduce(in, out, n, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
  }
  return (MPI_Wtime() - start) / times;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  int rank, size;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  double seconds = atof(argv[1]);
  for (int a = 2; a < argc; a++) {
    long bytes = atol(argv[a]);
    int n = (int)(bytes / 4);
    float *in = malloc(bytes), *out = malloc(bytes);
    for (int i = 0; i < n; i++) in[i] = (float)(rank + 1);
    double once = batch(in, out, n, 3);
    if (out[n - 1] != size * (size + 1) / 2.0f) {
      fprintf(stderr, "mpi: wrong sum %f\n", out[n - 1]);
      MPI_Abort(MPI_COMM_WORLD, 1);
    }
    MPI_Bcast(&once, 1, MPI_DOUBLE, 0, MPI_COMM_WORLD);
    int times = (int)(0.03 / once) + 1;
    int batches = (int)(seconds / (times * once)) + 1;
    if (batches > 1000) batches = 1000;
    double *all = malloc(sizeof(double) * batches);
    for (int b = 0; b < batches; b++) batch(in, out, n, times);
    for (int b = 0; b < batches; b++) all[b] = batch(in, out, n, times);
    qsort(all, batches, sizeof(double), compare);
    if (rank == 0) printf("%ld\t%.6f\n", bytes, all[batches / 2] * 1e3);
    free(all);
    free(in);
    free(out);
  }
  MPI_Finalize();
  return 0;
}

#!/bin/sh
# Side-by-side benchmarks: benchmarks/run.sh [mlp] [lenet] [resnet18] [gpt] [lstm] [mlp.sgd ...], or
# benchmarks/run.sh ops [--cold] [--only REGEX] [--seed N], which compares single operations, or
# benchmarks/run.sh allreduce [RANKS ...] (2 and 4 by default), or
# benchmarks/run.sh job, which trains on local Spark clusters of one and two executors, or
# benchmarks/run.sh gpu [--python python3] [...], on a machine with a GPU (docs/gpu.md), or
# benchmarks/run.sh scaling [MOST_RANKS] (1024 by default), which simulates and writes docs/scaling*
# Settings: CORE=1 (processor to pin to), ROUNDS=7, SECONDS_EACH=1.5 (of ops 0.3);
# of a job STEPS=120, BATCH=128, SHARDS=4, and PIN=true: each executor on one processor
set -eu
cd "$(dirname "$0")/.."
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
if [ "${1:-}" = scaling ]; then
  # The simulator uses package-private classes of the collectives, and is part of their tests.
  mvn -q -B -pl spark-connector -am -DskipTests -Dspotless.check.skip=true test-compile \
    dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/test-classpath.txt >&2
  classes=spark-connector/target/test-classes:spark-connector/target/classes
  exec "$java" -Xmx8g -XX:+UseParallelGC -cp "$classes:$(cat spark-connector/target/test-classpath.txt)" \
    dev.bellows.comm.group.ScalingReport docs "${2:-1024}"
fi
cp_file=benchmarks/target/classpath.txt
mvn -q -B -pl benchmarks -am -DskipTests -Dspotless.check.skip=true package \
  dependency:build-classpath -Dmdep.outputFile=target/classpath.txt >&2
main=dev.bellows.benchmarks.SideBySide
if [ "${1:-}" = ops ]; then
  shift
  main=dev.bellows.benchmarks.OpsSideBySide
  SECONDS_EACH="${SECONDS_EACH:-0.3}"
elif [ "${1:-}" = allreduce ]; then
  shift
  main=dev.bellows.benchmarks.allreduce.AllReduceSideBySide
elif [ "${1:-}" = job ]; then
  shift
  main=dev.bellows.benchmarks.job.JobScaling
elif [ "${1:-}" = gpu ]; then
  shift
  main=dev.bellows.benchmarks.gpu.GpuBenchmark
fi
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE || true
exec "$java" -Dcore="${CORE:-1}" -Drounds="${ROUNDS:-7}" \
  -Dseconds="${SECONDS_EACH:-1.5}" -Dsteps="${STEPS:-120}" -Dbatch="${BATCH:-128}" \
  -Dshards="${SHARDS:-4}" -Dpin="${PIN:-true}" -cp "benchmarks/target/classes:$(cat $cp_file)" \
  "$main" "$@"

#!/bin/sh
# Side-by-side benchmarks: benchmarks/run.sh [mlp] [lenet] [mlp.sgd ...], or
# benchmarks/run.sh allreduce [RANKS ...] (2 and 4 by default)
# Settings: CORE=1 (processor to pin training steps to), ROUNDS=7, SECONDS_EACH=1.5
set -eu
cd "$(dirname "$0")/.."
cp_file=benchmarks/target/classpath.txt
mvn -q -B -pl benchmarks -am -DskipTests -Dspotless.check.skip=true package \
  dependency:build-classpath -Dmdep.outputFile=target/classpath.txt >&2
main=dev.bellows.benchmarks.SideBySide
if [ "${1:-}" = allreduce ]; then
  shift
  main=dev.bellows.benchmarks.allreduce.AllReduceSideBySide
fi
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE || true
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Dcore="${CORE:-1}" -Drounds="${ROUNDS:-7}" \
  -Dseconds="${SECONDS_EACH:-1.5}" -cp "benchmarks/target/classes:$(cat $cp_file)" \
  "$main" "$@"

#!/usr/bin/env bash
# Runs the bellows command and checks its behaviour. Takes some minutes; needs a JDK, and Maven or SPARK_HOME.
#   deploy/src/test/smoke.sh [path of bin/bellows, of a clone or an unpacked distribution]
set -uo pipefail
bellows="${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/bin/bellows}"
work="$(mktemp -d)"
state=(--state-dir "$work/cluster")
failures=0

cleanup() {
  "$bellows" cluster stop "${state[@]}" >/dev/null 2>&1
  rm -rf "$work"
}
trap cleanup EXIT

expect() { # EXIT-CODE COMMAND…; the output is kept in $work/out
  local wanted="$1" got
  shift
  "$@" >"$work/out" 2>&1
  got=$?
  if [ "$got" -eq "$wanted" ]; then
    echo "ok      $*"
  else
    echo "FAILED  $*: exit code $got, not $wanted"
    sed 's/^/        /' "$work/out"
    failures=$((failures + 1))
  fi
}

pid_of() { # ROLE
  sed -n "s/^ *$1 *pid \([0-9]*\).*/\1/p" "$work/out"
}

gone() { # PID; a zombie that is never reaped counts as gone
  case "$(ps -o stat= -p "$1")" in
    '' | Z*) return 0 ;;
    *) return 1 ;;
  esac
}

expect 0 "$bellows" --version
expect 2 "$bellows" cluster
expect 0 env CUDA_VISIBLE_DEVICES=3,5 "$(dirname "$bellows")/bellows-gpus"
cp "$work/out" "$work/gpus"
expect 0 grep -qx '{"name": "gpu", "addresses": \["0", "1"\]}' "$work/gpus"
expect 0 env CUDA_VISIBLE_DEVICES= "$(dirname "$bellows")/bellows-gpus"
cp "$work/out" "$work/gpus"
expect 0 grep -qx '{"name": "gpu", "addresses": \[\]}' "$work/gpus"
expect 1 "$bellows" demo --executors 3 --shards 2
expect 0 "$bellows" submit --dry-run --class A a.jar
expect 3 "$bellows" cluster status "${state[@]}"
expect 0 "$bellows" cluster start --workers 2 --memory 512m "${state[@]}"
expect 1 "$bellows" cluster start "${state[@]}"
expect 0 "$bellows" cluster status "${state[@]}"
master="$(pid_of master)"
worker="$(pid_of worker-1)"
expect 0 kill -KILL "$worker"
sleep 2
expect 1 "$bellows" cluster status "${state[@]}"
expect 0 "$bellows" cluster stop "${state[@]}"
expect 0 gone "$master"
expect 3 "$bellows" cluster status "${state[@]}"

[ "$failures" -eq 0 ] || { echo "$failures checks failed"; exit 1; }
echo "all checks passed"

#!/usr/bin/env bash
# Everything worth knowing on a CUDA machine, in under 8 minutes; a short table comes last.
#   bash benchmarks/gpu_check.sh [-o DIR] [--backend NAME] [--cells N] [--validate NAME ...]
# -o          folder of logs and results (default runs/gpu_check)
# --backend   another backend than cuda, to try the script out (native)
# --cells     cells of the largest box (default 1e9)
# --validate  afterwards also these validation cases, however long they take
# Needs Python with cupy, numpy, scipy, psutil and pytest. Parts that read case files also need pydantic, pint and
# tomlkit; where these are missing the parts are skipped in one line. $PYTHON picks the interpreter.
set -u
cd "$(dirname "$0")/.."
out=runs/gpu_check backend=cuda cells=1e9 validate=()
while [ $# -gt 0 ]; do
    case $1 in
        -o) out=$2; shift 2 ;;
        --backend) backend=$2; shift 2 ;;
        --cells) cells=$2; shift 2 ;;
        --validate) shift; validate=("$@"); break ;;
        *) echo "gpu_check.sh: unknown argument $1" >&2; exit 2 ;;
    esac
done
python=${PYTHON:-python3}
export PYTHONPATH=. PYTHONUNBUFFERED=1
mkdir -p "$out"
rm -f "$out"/*.log "$out/go"
: >"$out/table.txt"
failures=0

row() {  # row NAME OUTCOME SECONDS
    printf '%-16s %-40s %4s s\n' "$1" "$2" "$3" | tee -a "$out/table.txt"
}

outcome() {  # outcome STATUS: in words, and counted
    case $1 in
        0) state=passed ;;
        124) state="FAILED (out of time)"; failures=$((failures + 1)) ;;
        *) state="FAILED ($1)"; failures=$((failures + 1)) ;;
    esac
}

part() {  # part NAME SECONDS COMMAND...: run for at most so long, keep the log, note the outcome
    local name=$1 limit=$2 start=$SECONDS
    shift 2
    timeout -k 5 "$limit" "$@" >"$out/$name.log" 2>&1
    outcome $?
    row "$name" "$state" $((SECONDS - start))
}

missing() {  # missing MODULE...: those that cannot be imported
    "$python" -c 'import sys
from importlib.util import find_spec
print(*[name for name in sys.argv[1:] if not find_spec(name)])' "$@"
}

bench() {  # bench PART SECONDS
    part "$1" "$2" "$python" -m benchmarks --backend "$backend" -o "$out" --limit $(($2 * 2 / 3)) "$1"
}

# The largest box is set up on the host beside the tests; its steps wait until the measurements are done.
giant_start=$SECONDS
timeout -k 5 450 "$python" -m benchmarks.giant --backend "$backend" --cells "$cells" --steps 10 --after "$out/go" \
    >"$out/giant.log" 2>&1 &
giant=$!

if lacking=$(missing pytest) && [ -z "$lacking" ]; then
    part tests 90 "$python" -m pytest -q tests/kernels/test_agreement.py tests/flow/test_backends.py -k "$backend"
else
    row tests "skipped: $lacking not installed" 0
fi
bench bandwidth 30
bench kernels 70
bench sizes 110
bench headline 60
bench memory 40
part beside_native 60 "$python" -m benchmarks.beside_native --backend "$backend"
part profile 40 "$python" -m cProfile -s tottime -m benchmarks --quick --backend "$backend" -o "$out/profile" sizes

touch "$out/go"
wait "$giant"
outcome $?
row giant "$state" $((SECONDS - giant_start))

lacking=$(missing pydantic pint tomlkit)
for name in ${validate[@]+"${validate[@]}"}; do
    if [ -n "$lacking" ]; then
        row "$name" "skipped: $lacking not installed" 0
    else
        part "$name" 7200 "$python" -m benchmarks.validation "$name"
    fi
done

echo "--------"
for log in tests bandwidth kernels sizes headline memory beside_native giant; do
    [ -f "$out/$log.log" ] && { echo "$log:"; grep -v '^results in' "$out/$log.log" | tail -n 7; }
done
echo "profile:"
grep -A 12 'tottime' "$out/profile.log"
echo "--------"
cat "$out/table.txt"
exit $((failures > 0))

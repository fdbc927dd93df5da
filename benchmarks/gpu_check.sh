#!/usr/bin/env bash
# Everything worth knowing on a CUDA machine, in under 8 minutes; a short table comes last.
#   bash benchmarks/gpu_check.sh [RESULT_FOLDER]
# Needs Python with cupy, numpy, h5py, scipy, pydantic, pint, tomlkit, rich, psutil, xarray, h5netcdf and pytest.
set -u
cd "$(dirname "$0")/.."
out=${1:-benchmarks/results/gpu}
mkdir -p "$out"
python=${PYTHON:-python3}
export PYTHONPATH=. PYTHONUNBUFFERED=1

part() {  # part NAME SECONDS COMMAND...: run, keep the log, remember the outcome
    local name=$1 limit=$2 start=$SECONDS
    shift 2
    if timeout "$limit" "$@" >"$out/$name.log" 2>&1; then state=passed; else state="FAILED ($?)"; fi
    printf '%-28s %-12s %4d s\n' "$name" "$state" $((SECONDS - start)) | tee -a "$out/table.txt"
}

: >"$out/table.txt"
part kernels_agree 150 "$python" -m pytest -q tests/kernels/test_agreement.py -k cuda
part speed_cuda 100 "$python" -m benchmarks.speed --backend cuda --cells 0.1 0.05 0.025 0.0125 --json "$out/speed_cuda.json"
part speed_native 40 "$python" -m benchmarks.speed --backend native --cells 0.1 0.05 --json "$out/speed_native.json"
part hot_aisle_cuda 60 "$python" -m thermo run cases/tutorials/hot_aisle.toml --backend cuda -o "$out/hot_aisle_cuda"
part hot_aisle_native 60 "$python" -m thermo run cases/tutorials/hot_aisle.toml --backend native -o "$out/hot_aisle_native"

echo "--------"
for log in kernels_agree speed_cuda speed_native; do echo "$log:"; tail -n 6 "$out/$log.log"; done
cat "$out/table.txt"

"""Every kernel compiles for NVIDIA GPUs: NVRTC called directly, which needs neither driver nor device."""

import ctypes
import importlib.util
from functools import cache
from pathlib import Path

import pytest

from kernels.backend_cuda import OPTIONS
from kernels.shells import PRECISIONS, cuda_source
from kernels.table import TABLE

ARCHITECTURES = ("sm_70", "sm_80", "sm_90")


@cache
def _nvrtc() -> ctypes.CDLL | None:
    """The NVRTC library of the package nvidia-cuda-nvrtc-cu12, or None."""
    package = importlib.util.find_spec("nvidia")
    for root in package.submodule_search_locations if package else ():
        for library in sorted(Path(root, "cuda_nvrtc", "lib").glob("libnvrtc.so.12*")):
            return ctypes.CDLL(str(library))
    return None


def _compile(source: str, architecture: str) -> str:
    """The log of a compilation, empty without warnings; raises AssertionError with the log on an error."""
    nvrtc = _nvrtc()
    program = ctypes.c_void_p()
    status = nvrtc.nvrtcCreateProgram(ctypes.byref(program), source.encode(), b"kernel.cu", 0, None, None)
    assert status == 0, f"nvrtcCreateProgram: {status}"
    flags = (f"--gpu-architecture={architecture}", *OPTIONS)
    options = [flag.encode() for flag in flags]
    status = nvrtc.nvrtcCompileProgram(program, len(options), (ctypes.c_char_p * len(options))(*options))
    size = ctypes.c_size_t()
    nvrtc.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetProgramLog(program, log)
    nvrtc.nvrtcDestroyProgram(ctypes.byref(program))
    text = log.value.decode()
    assert status == 0, text
    return text


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("name", TABLE)
def test_compiles_without_remark(name, precision, architecture):
    if _nvrtc() is None:
        pytest.skip("NVRTC 12 is not installed (package nvidia-cuda-nvrtc-cu12)")
    for switches in TABLE[name].variants():
        log = _compile(cuda_source(TABLE[name], switches, precision), architecture)
        # NVRTC 12.9 says of sm_70 that a later release drops it, as release 13 does.
        remarks = [line for line in log.splitlines() if "warning" in line and "Architectures prior to" not in line]
        assert not remarks, log


def test_an_error_is_reported():
    if _nvrtc() is None:
        pytest.skip("NVRTC 12 is not installed (package nvidia-cuda-nvrtc-cu12)")
    with pytest.raises(AssertionError, match="undefined_name"):
        _compile('extern "C" __global__ void f(float* x) { x[0] = undefined_name; }', "sm_80")

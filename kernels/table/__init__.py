"""The signature table: `TABLE[name]` is the `Kernel`, `TOPIC[name]` the module that declares it.

Every module of this package whose name has no leading underscore lists its kernels in `KERNELS`; the modules of the
same name in `kernels.reference` hold their references.
"""

from importlib import import_module
from pkgutil import iter_modules

from kernels.signature import Kernel

TABLE: dict[str, Kernel] = {}
TOPIC: dict[str, str] = {}

for _topic in sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_")):
    for _kernel in import_module(f"{__name__}.{_topic}").KERNELS:
        if _kernel.name in TABLE:
            raise ValueError(f"kernel {_kernel.name} is declared in {TOPIC[_kernel.name]}.py and in {_topic}.py")
        TABLE[_kernel.name] = _kernel
        TOPIC[_kernel.name] = _topic

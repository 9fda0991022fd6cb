"""What pyproject.toml cannot say: the inner loops in C are built where a compiler is at hand, and else left out."""

from pathlib import Path

from setuptools import Extension, setup

# Products and sums are rounded one by one, as Python rounds them, also where the machine could do both at once.
setup(
    ext_modules=[
        Extension(
            "mojimend.kernel._loops",
            ["src/mojimend/kernel/_loops.c"],
            depends=[str(path) for path in Path("src/mojimend/kernel/loops").glob("*.h")],
            extra_compile_args=["-ffp-contract=off"],
            optional=True,
        )
    ]
)

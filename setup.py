"""What pyproject.toml cannot say: the inner loops in C are built where a compiler is at hand, and else left out."""

from setuptools import Extension, setup

setup(ext_modules=[Extension("mojimend.kernel._loops", ["src/mojimend/kernel/_loops.c"], optional=True)])

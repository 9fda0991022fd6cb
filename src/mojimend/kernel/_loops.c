/* The inner loops over characters, for where a C compiler was at hand when mojimend was installed.

   They stand in `loops/`, a file for each type, and are compiled as one, so that one can be inlined in another. Each does
   what a Python function of the same package does, which stays and is used elsewhere; the tests hold the two against each
   other. `kernel/__init__.py` tells what stands for what. Clean text is told by a look at every character, and Python's
   regular expressions take 5 ns for each where this takes 1; to weigh text the model's numbers are looked up 30 times as
   fast.

   Nothing here is global, so it works in subinterpreters and without the GIL. What a cache holds for a character or for
   two bytes is worked out again if two threads ask at once, is the same for both, and is written and read in one piece;
   whole tables are written once, under a lock. */

#include "loops/characters.h"
#include "loops/scan.h"
#include "loops/costs.h"
#include "loops/suspicion.h"
#include "loops/bytes.h"
#include "loops/utf_8.h"
#include "loops/pairs.h"
#include "loops/runs.h"
#include "loops/glance.h"
#include "loops/gains.h"
#include "loops/walks.h"
#include "loops/leaves.h"
#include "loops/words.h"

static int
add_types(PyObject *module)
{
    PyType_Spec *specs[] = {&characters_spec, &scan_spec, &costs_spec, &suspicion_spec, &bytes_spec,
                            &pairs_spec,      &runs_spec, &glance_spec, &gains_spec, &walks_spec};
    for (size_t i = 0; i < Py_ARRAY_LENGTH(specs); i++) {
        PyObject *type = PyType_FromModuleAndSpec(module, specs[i], NULL);
        int added = type == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)type);
        Py_XDECREF(type);
        if (added < 0)
            return -1;
    }
    return 0;
}

static PyMethodDef module_methods[] = {
    {"left_of_utf_8", left_of_utf_8, METH_O, NULL},
    {"lost_of_utf_8", lost_of_utf_8, METH_VARARGS, NULL},
    {"find_utf_8", find_utf_8, METH_VARARGS, NULL},
    {"has_word", has_word, METH_VARARGS, NULL},
    {"leaf", (PyCFunction)(void (*)(void))leaf, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, add_types},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
#if PY_VERSION_HEX >= 0x030D0000
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "mojimend.kernel._loops",
    .m_size = 0,
    .m_methods = module_methods,
    .m_slots = module_slots,
};

PyMODINIT_FUNC
PyInit__loops(void)
{
    return PyModuleDef_Init(&module);
}

/* Named tuples that lead to nothing but text and numbers. */

#pragma once

#include "python.h"

/* Make a tuple of a type from a plain one, and take it out of what the garbage collector goes through again and again:
   there is no way back from it, so it is in no cycle. Python does so itself with plain tuples, but with no others. */
static PyObject *
leaf(PyObject *module, PyObject *args)
{
    (void)module;
    PyTypeObject *type;
    PyObject *items;
    if (!PyArg_ParseTuple(args, "O!O!:leaf", &PyType_Type, &type, &PyTuple_Type, &items))
        return NULL;
    if (!PyType_IsSubtype(type, &PyTuple_Type))
        return PyErr_Format(PyExc_TypeError, "a type of tuples is needed");
    PyObject *wrapped = PyTuple_Pack(1, items);
    PyObject *made = wrapped == NULL ? NULL : PyTuple_Type.tp_new(type, wrapped, NULL);
    Py_XDECREF(wrapped);
    if (made != NULL)
        PyObject_GC_UnTrack(made);
    return made;
}

/* Named tuples that lead to nothing but text and numbers. */

#pragma once

#include "python.h"

/* Make a tuple of a type from a plain one, and take it out of what the garbage collector goes through again and again:
   there is no way back from it, so it is in no cycle. Python does so itself with plain tuples, but with no others. */
static PyObject *
make_leaf(PyTypeObject *type, PyObject *items)
{
    if (!PyType_IsSubtype(type, &PyTuple_Type) || !PyTuple_Check(items))
        return PyErr_Format(PyExc_TypeError, "a type of tuples and a tuple are needed");
    Py_ssize_t size = PyTuple_GET_SIZE(items);
    PyObject *made = type->tp_alloc(type, size);
    if (made == NULL)
        return NULL;
    PyObject_GC_UnTrack(made);
    for (Py_ssize_t i = 0; i < size; i++)
        PyTuple_SET_ITEM(made, i, Py_NewRef(PyTuple_GET_ITEM(items, i)));
    return made;
}

static PyObject *
leaf(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count != 2 || !PyType_Check(args[0]))
        return PyErr_Format(PyExc_TypeError, "a type of tuples and a tuple are needed");
    return make_leaf((PyTypeObject *)args[0], args[1]);
}

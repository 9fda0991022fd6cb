/* What all loops stand on: Python itself, and what differs from one compiler or build of it to the next. */

#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>
#include <stdint.h>
#include <structmember.h>

#define CODE_POINTS 0x110000
#define BMP 0x10000

/* Ask for memory before it is needed. Tables are large and looked up all over, so that most of the time goes into waiting
   for it, and what is asked for at once comes at once. */
#if defined(__GNUC__)
#define FETCH(address) __builtin_prefetch(address)
#else
#define FETCH(address) ((void)(address))
#endif

/* Where there is no lock for the whole interpreter, one for the object. */
#if PY_VERSION_HEX >= 0x030D0000
#define BEGIN_CRITICAL_SECTION Py_BEGIN_CRITICAL_SECTION
#define END_CRITICAL_SECTION Py_END_CRITICAL_SECTION
#else
#define BEGIN_CRITICAL_SECTION(object)
#define END_CRITICAL_SECTION()
#endif

/* Without that lock, who sees that something is there must see what is in it, too. */
#if defined(Py_GIL_DISABLED) && defined(__GNUC__)
#define SHARED(place) __atomic_load_n(&(place), __ATOMIC_ACQUIRE)
#define SHARE(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELEASE)
#else
#define SHARED(place) (place)
#define SHARE(place, value) ((void)((place) = (value)))
#endif

/* A number of two bytes in a file of tables, the lower first. */
typedef uint8_t Number[2];

static inline unsigned
read_number(const Number *number)
{
    return (*number)[0] | (*number)[1] << 8;
}

static inline Py_ssize_t
smaller(Py_ssize_t one, Py_ssize_t other)
{
    return one < other ? one : other;
}

/* Add to a list where something stands. Return -1 where Python raised. */
static int
add_place(PyObject *list, Py_ssize_t at)
{
    PyObject *place = PyLong_FromSsize_t(at);
    int added = place == NULL ? -1 : PyList_Append(list, place);
    Py_XDECREF(place);
    return added;
}

/* Add to a list where something begins and ends. Return -1 where Python raised. */
static int
add_range(PyObject *list, Py_ssize_t start, Py_ssize_t end)
{
    PyObject *from = PyLong_FromSsize_t(start), *to = PyLong_FromSsize_t(end);
    PyObject *range = from == NULL || to == NULL ? NULL : PyTuple_Pack(2, from, to);
    int added = range == NULL ? -1 : PyList_Append(list, range);
    Py_XDECREF(from);
    Py_XDECREF(to);
    Py_XDECREF(range);
    return added;
}

/* Tell whether an object is of a type of this module; -1 where Python raised. */
static int
is_of(PyTypeObject *type, PyObject *object, const char *name)
{
    PyObject *module = PyType_GetModule(type);
    PyObject *wanted = module == NULL ? NULL : PyObject_GetAttrString(module, name);
    int is_so = wanted == NULL ? -1 : PyObject_TypeCheck(object, (PyTypeObject *)wanted);
    Py_XDECREF(wanted);
    return is_so;
}

/* Tell whether an object is of a type of this module; raise where it is not. */
static int
is_one(PyTypeObject *type, PyObject *object, const char *name)
{
    int is_so = is_of(type, object, name);
    if (is_so == 0)
        PyErr_Format(PyExc_TypeError, "a %s is needed", name);
    return is_so == 1;
}

/* Characters: a set of them, a bit for each. */

#pragma once

#include "python.h"

/* Read the range of characters that begins at a place of what stands in the brackets of a regular expression: a-z, or
   one character. Return where the next begins. */
static Py_ssize_t
read_range(PyObject *inside, Py_ssize_t at, Py_UCS4 *first, Py_UCS4 *last)
{
    *first = *last = PyUnicode_READ_CHAR(inside, at);
    if (at + 2 >= PyUnicode_GET_LENGTH(inside) || PyUnicode_READ_CHAR(inside, at + 1) != '-')
        return at + 1;
    *last = PyUnicode_READ_CHAR(inside, at + 2);
    return at + 3;
}

typedef struct {
    Py_UCS4 first, last;
} Range;

enum { FEW_RANGES = 4 };

typedef struct {
    PyObject_HEAD
    Py_UCS4 size;      /* of so many characters it is told by a bit each */
    int has_rest;      /* and of all others at once: to take memory for all planes takes longer than to set the bits */
    uint8_t *bits;
    int ranges;        /* how many ranges they are, and which, where each of a few begins behind the one before */
    int are_few;
    Range few[FEW_RANGES];
} Characters;

static inline int
has(const Characters *self, Py_UCS4 c)
{
    return c < self->size ? self->bits[c >> 3] >> (c & 7) & 1 : self->has_rest;
}

/* Set the bits of a range; some reach over several planes. */
static void
set_bits(uint8_t *bits, Py_UCS4 c, Py_UCS4 last)
{
    for (; c <= last && c % 8 != 0; c++)
        bits[c >> 3] |= 1 << (c & 7);
    if (c <= last) {
        memset(bits + (c >> 3), 0xFF, (last + 1 - c) / 8);
        c += (last + 1 - c) / 8 * 8;
    }
    for (; c <= last; c++)
        bits[c >> 3] |= 1 << (c & 7);
}

static PyObject *
characters_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *inside;
    static char *names[] = {"inside", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "U", names, &inside))
        return NULL;
    Characters *self = (Characters *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    Py_UCS4 c, last;
    self->are_few = 1;
    for (Py_ssize_t at = 0; at < PyUnicode_GET_LENGTH(inside); self->ranges++) {
        at = read_range(inside, at, &c, &last);
        self->are_few &= c <= last && self->ranges < FEW_RANGES &&
                         (self->ranges == 0 || c > self->few[self->ranges - 1].last);
        if (self->are_few)
            self->few[self->ranges] = (Range){c, last};
        Py_UCS4 end = last < CODE_POINTS - 1 ? last + 1 : c;
        self->has_rest |= last == CODE_POINTS - 1;
        if (end > self->size)
            self->size = end;
    }
    self->bits = PyMem_Calloc(self->size / 8 + 1, 1);
    if (self->bits == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    for (Py_ssize_t at = 0; at < PyUnicode_GET_LENGTH(inside) && self->size > 0;) {
        at = read_range(inside, at, &c, &last);
        set_bits(self->bits, c, last < self->size ? last : self->size - 1);
    }
    return (PyObject *)self;
}

static void
characters_dealloc(Characters *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyMem_Free(self->bits);
    type->tp_free(self);
    Py_DECREF(type);
}

/* Count a range in what has two bytes a character, as nearly all of CJK has: eight are compared at once where nothing is
   wider, so that each block is counted by itself, no longer than such a number reaches. */
static Py_ssize_t
count_in_two_bytes(const Py_UCS2 *data, Py_ssize_t start, Py_ssize_t end, Py_UCS2 first, Py_UCS2 last)
{
    Py_ssize_t found = 0;
    for (Py_UCS2 span = last - first; start < end;) {
        Py_ssize_t end_of_block = smaller(end, start + UINT16_MAX);
        uint16_t in_block = 0;
        for (; start < end_of_block; start++)
            in_block += (Py_UCS2)(data[start] - first) <= span;
        found += in_block;
    }
    return found;
}

static inline Py_ssize_t
count_in(const Characters *self, const int kind, const void *data, Py_ssize_t start, Py_ssize_t end)
{
    Py_ssize_t found = 0;
    Py_UCS4 first = self->few[0].first, span = self->few[0].last - first;
    /* What is in a range a processor compares several of at once: of a few ranges this is faster than to look up a bit. */
    if (self->are_few && kind == PyUnicode_2BYTE_KIND)
        for (const Range *one = self->few; one < self->few + self->ranges && one->first < BMP; one++)
            found += count_in_two_bytes(data, start, end, one->first, one->last < BMP ? one->last : BMP - 1);
    else if (self->are_few && self->ranges == 1)
        for (Py_ssize_t i = start; i < end; i++)
            found += PyUnicode_READ(kind, data, i) - first <= span;
    else
        for (Py_ssize_t i = start; i < end; i++)
            found += has(self, PyUnicode_READ(kind, data, i));
    return found;
}

static PyObject *
characters_count(Characters *self, PyObject *args)
{
    PyObject *text;
    Py_ssize_t start = 0, end = PY_SSIZE_T_MAX;
    if (!PyArg_ParseTuple(args, "U|nn:count", &text, &start, &end))
        return NULL;
    const void *data = PyUnicode_DATA(text);
    if (end > PyUnicode_GET_LENGTH(text))
        end = PyUnicode_GET_LENGTH(text);
    if (start < 0)
        start = 0;
    switch (PyUnicode_KIND(text)) {
    case PyUnicode_1BYTE_KIND:
        return PyLong_FromSsize_t(count_in(self, PyUnicode_1BYTE_KIND, data, start, end));
    case PyUnicode_2BYTE_KIND:
        return PyLong_FromSsize_t(count_in(self, PyUnicode_2BYTE_KIND, data, start, end));
    default:
        return PyLong_FromSsize_t(count_in(self, PyUnicode_4BYTE_KIND, data, start, end));
    }
}

static inline int
ends_line(Py_UCS4 c)
{
    return c == '\n' || c == '\r';
}

/* Most characters end no line, and so many are compared at once. */
enum { AT_ONCE = 16 };

/* Return where the line ends that a place is in. */
static inline Py_ssize_t
find_line_end(const int kind, const void *data, Py_ssize_t i, Py_ssize_t size)
{
    for (; i + AT_ONCE <= size; i += AT_ONCE) {
        int ends = 0;
        for (int k = 0; k < AT_ONCE; k++)
            ends |= ends_line(PyUnicode_READ(kind, data, i + k));
        if (ends)
            break;
    }
    while (i < size && !ends_line(PyUnicode_READ(kind, data, i)))
        i++;
    return i;
}

/* Add the lines to a list in which one in so many characters, or at least one, is one of them. Return -1 where Python
   raised. */
static inline int
add_lines_in(const Characters *self, const int kind, const void *data, Py_ssize_t size, Py_ssize_t one_in, PyObject *list)
{
    for (Py_ssize_t start = 0, i = 0; i <= size; start = ++i) {
        Py_UCS4 c = '\n';
        while (i < size && !ends_line(c = PyUnicode_READ(kind, data, i)) && !has(self, c))
            i++;
        if (i == size || ends_line(c))
            continue;
        Py_ssize_t first = i;
        i = find_line_end(kind, data, first + 1, size);
        int are_enough = one_in >= i - start || count_in(self, kind, data, first, i) >= (i - start + one_in - 1) / one_in;
        if (are_enough && add_range(list, start, i) < 0)
            return -1;
    }
    return 0;
}

/* Tell where the lines of a text begin and end that have one of the characters, or one in so many; they end before CR, LF
   or both. */
static PyObject *
characters_lines(Characters *self, PyObject *args)
{
    PyObject *text;
    Py_ssize_t one_in = PY_SSIZE_T_MAX;
    if (!PyArg_ParseTuple(args, "U|n:lines", &text, &one_in))
        return NULL;
    if (one_in < 1)
        return PyErr_Format(PyExc_ValueError, "one in %zd is no share", one_in);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    PyObject *list = PyList_New(0);
    int added = -1;
    switch (list == NULL ? 0 : PyUnicode_KIND(text)) {
    case PyUnicode_1BYTE_KIND:
        added = add_lines_in(self, PyUnicode_1BYTE_KIND, data, size, one_in, list);
        break;
    case PyUnicode_2BYTE_KIND:
        added = add_lines_in(self, PyUnicode_2BYTE_KIND, data, size, one_in, list);
        break;
    case PyUnicode_4BYTE_KIND:
        added = add_lines_in(self, PyUnicode_4BYTE_KIND, data, size, one_in, list);
    }
    if (added < 0)
        Py_CLEAR(list);
    return list;
}

/* Tell where the characters stand in a text. */
static PyObject *
characters_places(Characters *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "a text is needed");
    const void *data = PyUnicode_DATA(text);
    int kind = PyUnicode_KIND(text), failed = 0;
    PyObject *places = PyList_New(0);
    for (Py_ssize_t i = 0; places != NULL && !failed && i < PyUnicode_GET_LENGTH(text); i++)
        failed = has(self, PyUnicode_READ(kind, data, i)) && add_place(places, i) < 0;
    if (failed)
        Py_CLEAR(places);
    return places;
}

/* Put what is none of the characters into a buffer, and return how many those are. Each is put there, and the next in its
   place if it is one of them: no processor guesses which are. */
static inline Py_ssize_t
leave_out_in(const Characters *self, const int kind, const void *data, Py_ssize_t size, void *left)
{
    Py_ssize_t length = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        PyUnicode_WRITE(kind, left, length, c);
        length += !has(self, c);
    }
    return length;
}

/* Return a text without the characters. */
static PyObject *
characters_without(Characters *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "a text is needed");
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text), length;
    int kind = PyUnicode_KIND(text);
    void *left = PyMem_Malloc(size * kind + 1);
    if (left == NULL)
        return PyErr_NoMemory();
    switch (kind) {
    case PyUnicode_1BYTE_KIND:
        length = leave_out_in(self, PyUnicode_1BYTE_KIND, data, size, left);
        break;
    case PyUnicode_2BYTE_KIND:
        length = leave_out_in(self, PyUnicode_2BYTE_KIND, data, size, left);
        break;
    default:
        length = leave_out_in(self, PyUnicode_4BYTE_KIND, data, size, left);
    }
    PyObject *told = length == size ? Py_NewRef(text) : PyUnicode_FromKindAndData(kind, left, length);
    PyMem_Free(left);
    return told;
}

static PyMethodDef characters_methods[] = {
    {"lines", (PyCFunction)characters_lines, METH_VARARGS, NULL},
    {"places", (PyCFunction)characters_places, METH_O, NULL},
    {"without", (PyCFunction)characters_without, METH_O, NULL},
    {"count", (PyCFunction)characters_count, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot characters_slots[] = {
    {Py_tp_new, characters_new},
    {Py_tp_dealloc, characters_dealloc},
    {Py_tp_methods, characters_methods},
    {0, NULL},
};

static PyType_Spec characters_spec = {
    .name = "mojimend.kernel._loops.Characters",
    .basicsize = sizeof(Characters),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = characters_slots,
};

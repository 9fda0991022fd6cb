/* Bytes: what a text was read from, and what its characters cost up to each byte. */

#pragma once

#include "costs.h"
#include "pairs.h"

/* Four bytes of GB18030 do not count: they have digits in them, as two characters of nothing else have. */
#define MOST_BYTES 3

/* Which bytes characters have: see encodings/bytes_of.py, which has it as it lies in the file. For each block of
   characters, in the BMP and in plane 2, it tells which table it has in each encoding, and then has the tables. */
enum { BLOCK = 0x40, BLOCKS = 2 * BMP / BLOCK };

typedef struct {
    PyObject_HEAD
    Costs *costs;
    Py_buffer told;
    int which, of;     /* which of how many encodings it is, */
    int is_single;     /* and whether each character that has bytes has one */
    Py_ssize_t count;  /* how many tables there are */
} Bytes;

static int
bytes_traverse(Bytes *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->costs);
    return 0;
}

static int
bytes_clear(Bytes *self)
{
    Py_CLEAR(self->costs);
    return 0;
}

static void
bytes_dealloc(Bytes *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    bytes_clear(self);
    PyBuffer_Release(&self->told);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
bytes_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *costs, *told;
    int which, of, is_single;
    static char *names[] = {"costs", "told", "which", "of", "is_single", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO$iip", names, &costs, &told, &which, &of, &is_single) ||
        !is_one(type, costs, "Costs"))
        return NULL;
    Bytes *self = (Bytes *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->costs = (Costs *)Py_NewRef(costs);
    self->which = which;
    self->of = of;
    self->is_single = is_single;
    if (PyObject_GetBuffer(told, &self->told, PyBUF_SIMPLE) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    self->count = self->told.len / (Py_ssize_t)sizeof(Number[BLOCK]) - (Py_ssize_t)of * BLOCKS / BLOCK;
    if (which < 0 || which >= of || self->count <= 0) {
        Py_DECREF(self);
        return PyErr_Format(PyExc_ValueError, "the tables of each block are needed, and one of the encodings");
    }
    return (PyObject *)self;
}

/* Return where the number of a character stands; NULL where it has no bytes in any encoding. */
static inline const Number *
number_at(const Bytes *self, Py_UCS4 c)
{
    Py_UCS4 place = c < BMP ? c : c - PLANE_2 + BMP;
    if (c >= BMP && (c < PLANE_2 || place >= 2 * BMP))
        return NULL;
    const Number *tables = self->told.buf;
    unsigned table = read_number(tables + place / BLOCK * self->of + self->which);
    return table < self->count ? tables + (Py_ssize_t)self->of * BLOCKS + table * BLOCK + place % BLOCK : NULL;
}

/* Return the number of a character beyond ASCII, 0 where it has no bytes. */
static inline unsigned
number_of(const Bytes *self, Py_UCS4 c)
{
    const Number *at = number_at(self, c);
    return at == NULL ? 0 : read_number(at);
}

/* Write the bytes of a character; return how many. */
static inline Py_ssize_t
bytes_of(const Bytes *self, Py_UCS4 c, uint8_t *out)
{
    unsigned number = c < 0x80 ? c : number_of(self, c), lead = number >> 8;
    if (lead == 0) {
        *out = (uint8_t)number;
        return c < 0x80 || number > 0;
    }
    /* Three bytes are told as the last two, less the bit that each pair begins with. */
    int has_three = lead < FIRST_LEAD;
    *out = THREE_BYTES;
    out += has_three;
    out[0] = (uint8_t)(lead | FIRST_LEAD);
    out[1] = (uint8_t)number;
    return 2 + has_three;
}

#define IN_NO_PAIRS (-1)

/* Write the bytes of text[start:end], and what stands up to each of them costs, each character by itself or behind the one
   before it, and then so much at the most. What has no bytes is passed over, and ends the line where each character has
   one byte. Return how many, -1 where Python raised. */
static Py_ssize_t
write_run(Bytes *self, PyObject *text, Py_ssize_t start, Py_ssize_t end, long most_in_pairs, uint8_t *data,
          int32_t *stands, int *has_singles)
{
    int kind = PyUnicode_KIND(text);
    const void *units = PyUnicode_DATA(text);
    Py_ssize_t at = 0;
    *has_singles = 0;
    stands[0] = 0;
    int in_pairs = most_in_pairs != IN_NO_PAIRS;
    if (in_pairs)
        meet_pairs(self->costs, text, start + 1, end);
    for (Py_ssize_t i = start; i < end; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, units, i);
        Py_ssize_t count = bytes_of(self, c, data + at);
        if (count == 0 && self->is_single && at > 0 && data[at - 1] != '\n') {
            data[at++] = '\n';
            stands[at] = stands[at - 1];
        }
        if (count == 0)
            continue;
        long cost = in_pairs && i > start ? cost_of_pair(self->costs, PyUnicode_READ(kind, units, i - 1), c)
                                          : cost_alone(self->costs, c);
        if (cost < 0)
            return -1;
        if (in_pairs && cost > most_in_pairs)
            cost = most_in_pairs;
        for (Py_ssize_t k = 1; k < count; k++)
            stands[at + k] = stands[at];
        stands[at + count] = stands[at] + (int32_t)cost;
        at += count;
        *has_singles |= count == 1;
    }
    return at;
}

static PyType_Slot bytes_slots[] = {
    {Py_tp_new, bytes_new},
    {Py_tp_dealloc, bytes_dealloc},
    {Py_tp_traverse, bytes_traverse},
    {Py_tp_clear, bytes_clear},
    {0, NULL},
};

static PyType_Spec bytes_spec = {
    .name = "mojimend.kernel._loops.Bytes",
    .basicsize = sizeof(Bytes),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = bytes_slots,
};

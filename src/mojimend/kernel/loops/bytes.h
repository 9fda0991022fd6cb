/* Bytes: what a text was read from, and what its characters cost up to each byte. */

#pragma once

#include "costs.h"
#include "pairs.h"

/* Four bytes of GB18030 do not count: they have digits in them, as two characters of nothing else have. */
#define MOST_BYTES 3

/* Characters are kept in blocks, as most encodings have few of the BMP and of plane 2, beside it. */
enum { BLOCK = 0x40, BLOCKS_OF_PLANE = BMP / BLOCK };

typedef struct {
    PyObject_HEAD
    Costs *costs;
    PyObject *told;
    int is_loaded;     /* whether it was asked which characters have bytes: most encodings of a process are never needed */
    int is_single;     /* then whether each that has any has one, */
    uint32_t *blocks[2 * BLOCKS_OF_PLANE];  /* and for each how many, in the highest byte, and which */
} Bytes;

static int
bytes_traverse(Bytes *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->costs);
    Py_VISIT(self->told);
    return 0;
}

static int
bytes_clear(Bytes *self)
{
    Py_CLEAR(self->costs);
    Py_CLEAR(self->told);
    return 0;
}

static void
bytes_dealloc(Bytes *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    bytes_clear(self);
    for (size_t i = 0; i < Py_ARRAY_LENGTH(self->blocks); i++)
        PyMem_Free(self->blocks[i]);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
bytes_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *costs, *told;
    static char *names[] = {"costs", "told", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO", names, &costs, &told) || !is_one(type, costs, "Costs"))
        return NULL;
    Bytes *self = (Bytes *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->costs = (Costs *)Py_NewRef(costs);
    self->told = Py_NewRef(told);
    return (PyObject *)self;
}

/* Return where the block of a character is kept; NULL for one that none of the encodings has. */
static inline uint32_t **
block_at(Bytes *self, Py_UCS4 c)
{
    Py_UCS4 place = c < BMP ? c : c - PLANE_2 + BMP;
    return c < BMP || (c >= PLANE_2 && c < PLANE_2 + BMP) ? &self->blocks[place / BLOCK] : NULL;
}

/* Keep the bytes of a character, unless some are kept. Return -1 where Python raised. */
static int
keep_bytes(Bytes *self, Py_UCS4 c, const uint8_t *data, Py_ssize_t count)
{
    uint32_t **block = block_at(self, c), entry = (uint32_t)count << 24;
    if (block == NULL || count > MOST_BYTES) {
        PyErr_SetString(PyExc_ValueError, "characters of the BMP and plane 2 are needed, and up to three bytes of each");
        return -1;
    }
    if (*block == NULL)
        *block = PyMem_Calloc(BLOCK, sizeof(uint32_t));
    if (*block == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < count; i++)
        entry |= (uint32_t)data[i] << (8 * i);
    if ((*block)[c % BLOCK] == 0)
        (*block)[c % BLOCK] = entry;
    return 0;
}

/* Keep the byte of each character, which is its place among all of them. Return -1 where Python raised. */
static int
keep_every(Bytes *self, PyObject *every)
{
    self->is_single = PyUnicode_GET_LENGTH(every) > 0;
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(every); i++) {
        uint8_t byte = (uint8_t)i;
        if (keep_bytes(self, PyUnicode_READ_CHAR(every, i), &byte, 1) < 0)
            return -1;
    }
    return 0;
}

/* Keep the bytes of characters for which they are told one by one. Return -1 where Python raised. */
static int
keep_others(Bytes *self, PyObject *others)
{
    PyObject *character, *bytes;
    for (Py_ssize_t at = 0; PyDict_Next(others, &at, &character, &bytes);) {
        if (!PyUnicode_Check(character) || PyUnicode_GET_LENGTH(character) != 1 || !PyBytes_Check(bytes)) {
            PyErr_SetString(PyExc_TypeError, "characters and their bytes are needed");
            return -1;
        }
        const uint8_t *data = (const uint8_t *)PyBytes_AS_STRING(bytes);
        if (keep_bytes(self, PyUnicode_READ_CHAR(character, 0), data, PyBytes_GET_SIZE(bytes)) < 0)
            return -1;
    }
    return 0;
}

/* Keep the bytes of the characters that an encoding shows, each behind the same byte if there is one. Return -1 where
   Python raised. */
static int
keep_pairs(Bytes *self, const Shown *shown, uint8_t before)
{
    uint8_t data[MOST_BYTES] = {before}, *pair = before ? data + 1 : data;
    Py_ssize_t count = pair + 2 - data;
    for (int lead = FIRST_LEAD; lead < 0x100; lead++) {
        Py_UCS4 alone = shown_alone(shown, lead);
        *pair = (uint8_t)lead;
        if (alone != SHOWS_NOTHING && keep_bytes(self, alone, pair, 1) < 0)
            return -1;
        for (int trail = FIRST_TRAIL; trail < 0x100 && alone == SHOWS_NOTHING; trail++) {
            Py_UCS4 c = shown_by_pair(shown, lead, trail);
            data[count - 1] = (uint8_t)trail;
            if (c != NOT_TOLD && c != SHOWS_NOTHING && keep_bytes(self, c, data, count) < 0)
                return -1;
        }
    }
    return 0;
}

/* Keep what Python tells of an encoding: see `_told_of` of rules/rough.py; what comes first counts. Return -1 where it is
   something else. */
static int
keep_told(Bytes *self, PyObject *told)
{
    PyObject *every, *others, *tables;
    if (!PyArg_ParseTuple(told, "UO!O!", &every, &PyDict_Type, &others, &PyTuple_Type, &tables))
        return -1;
    if (keep_every(self, every) < 0 || keep_others(self, others) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tables); i++) {
        Py_buffer buffer;
        const Shown *shown = get_shown(PyTuple_GET_ITEM(tables, i), &buffer);
        if (shown == NULL)
            return -1;
        int kept = keep_pairs(self, shown, i == 0 ? 0 : THREE_BYTES);
        PyBuffer_Release(&buffer);
        if (kept < 0)
            return -1;
    }
    return 0;
}

/* Ask which characters have bytes. Return -1 where Python raised.

   Another thread may do the same meanwhile, and be at work with what it was told, so that the first stays. */
static int
load_bytes(Bytes *self)
{
    PyObject *told = PyObject_CallNoArgs(self->told);
    if (told == NULL)
        return -1;
    int kept = 0;
    BEGIN_CRITICAL_SECTION(self);
    if (!self->is_loaded) {
        kept = keep_told(self, told);
        SHARE(self->is_loaded, kept == 0);
    }
    END_CRITICAL_SECTION();
    Py_DECREF(told);
    return kept;
}

/* Write the bytes of a character; return how many. */
static inline Py_ssize_t
bytes_of(Bytes *self, Py_UCS4 c, uint8_t *out)
{
    *out = (uint8_t)c;
    if (c < 0x80)
        return 1;
    uint32_t **block = block_at(self, c), entry = block == NULL || *block == NULL ? 0 : (*block)[c % BLOCK];
    Py_ssize_t count = entry >> 24;
    for (Py_ssize_t i = 0; i < count; i++)
        out[i] = (uint8_t)(entry >> (8 * i));
    return count;
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
    if (!SHARED(self->is_loaded) && load_bytes(self) < 0)
        return -1;
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

/* Bytes: what a text was read from, and what its characters cost up to each byte. */

#pragma once

#include "costs.h"

/* Characters are asked for in blocks, as to write many at once takes hardly longer than to write one. Memory that is
   touched for the first time costs more than what is kept in it, so that one text asks for few; each time twice as many
   are asked, as a process that has met many texts will meet all. Beyond so many the next is no cheaper, and may be of
   another script, which the answer is chosen by. */
#define BLOCK 0x40
#define BLOCKS (BMP / BLOCK)
#define MOST_AT_ONCE 0x10

typedef struct {
    PyObject_HEAD
    Costs *costs;
    PyObject *look_up, *every;
    int is_loaded;     /* whether it was asked which characters have bytes: most encodings of a process are never needed */
    int is_single;     /* whether all characters that have bytes are known: each has one, and none is beyond the BMP */
    uint8_t row_of[0x100];     /* then for each 0x100 characters which of the rows is theirs, counted from 1 on */
    uint8_t (*rows)[0x100];    /* and in it the byte of each, or 0 */
    int at_once;               /* else how many blocks are asked for next */
    uint32_t *blocks[BLOCKS];  /* and for each character that was asked for and its neighbours: how many bytes, in the
                                  highest byte, and up to three of them; or four of them, the first in the highest byte
                                  and above ASCII */
} Bytes;

/* No bytes, and so many that no block can hold them. */
enum { NO_BYTES = 4u << 24, MANY_BYTES = 5u << 24, FOUR_BYTES = 0x80u << 24 };

static int
bytes_traverse(Bytes *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->costs);
    Py_VISIT(self->look_up);
    Py_VISIT(self->every);
    return 0;
}

static int
bytes_clear(Bytes *self)
{
    Py_CLEAR(self->costs);
    Py_CLEAR(self->look_up);
    Py_CLEAR(self->every);
    return 0;
}

static void
bytes_dealloc(Bytes *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    bytes_clear(self);
    PyMem_Free(self->rows);
    for (int i = 0; i < BLOCKS; i++)
        PyMem_Free(self->blocks[i]);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
bytes_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *costs, *look_up, *every;
    static char *names[] = {"costs", "look_up", "every", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOO", names, &costs, &look_up, &every))
        return NULL;
    if (!is_one(type, costs, "Costs"))
        return NULL;
    Bytes *self = (Bytes *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->costs = (Costs *)Py_NewRef(costs);
    self->look_up = Py_NewRef(look_up);
    self->every = Py_NewRef(every);
    self->at_once = 1;
    return (PyObject *)self;
}

/* Keep the byte of each character, which is its place among all of them. Return -1 where there is no memory. */
static int
keep_every(Bytes *self, PyObject *every)
{
    Py_ssize_t count = PyUnicode_GET_LENGTH(every);
    int rows = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_UCS4 c = PyUnicode_READ_CHAR(every, i);
        if (c < BMP && self->row_of[c >> 8] == 0)
            self->row_of[c >> 8] = (uint8_t)++rows;
    }
    self->rows = rows == 0 ? NULL : PyMem_Calloc(rows, sizeof *self->rows);
    if (rows > 0 && self->rows == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_UCS4 c = PyUnicode_READ_CHAR(every, i);
        if (c < BMP)
            self->rows[self->row_of[c >> 8] - 1][c & 0xFF] = (uint8_t)i;
    }
    self->is_single = count > 0;
    SHARE(self->is_loaded, 1);
    return 0;
}

/* Ask which characters have bytes. Return -1 where Python raised.

   Another thread may do the same meanwhile, and be at work with what it was told, so that the first stays. */
static int
load_bytes(Bytes *self)
{
    PyObject *every = PyObject_CallNoArgs(self->every);
    if (every == NULL || !PyUnicode_Check(every)) {
        if (every != NULL)
            PyErr_SetString(PyExc_TypeError, "all characters are needed, as a text");
        Py_XDECREF(every);
        return -1;
    }
    int kept = 0;
    BEGIN_CRITICAL_SECTION(self);
    if (!self->is_loaded)
        kept = keep_every(self, every);
    END_CRITICAL_SECTION();
    Py_DECREF(every);
    return kept;
}

/* Return how a block keeps the bytes of a character, as far as it can. */
static uint32_t
entry_of_bytes(const uint8_t *data, Py_ssize_t count)
{
    if (count == 4 && data[0] >= 0x80)
        return (uint32_t)data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
    uint32_t entry = count == 0 ? NO_BYTES : count > 3 ? MANY_BYTES : (uint32_t)count << 24;
    for (Py_ssize_t i = 0; entry < NO_BYTES && i < count; i++)
        entry |= (uint32_t)data[i] << (8 * i);
    return entry;
}

/* Keep a block of what was told, which begins there; return where the next begins, NULL where there is none. */
static const uint8_t *
keep_block(Bytes *self, uint32_t **place, const uint8_t *told, const uint8_t *end)
{
    uint32_t *block = PyMem_Malloc(BLOCK * sizeof(uint32_t));
    if (block == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (int i = 0; i < BLOCK; i++, told++) {
        const uint8_t *first = told;
        while (told < end && *told != '\n')
            told++;
        if (told == end) {
            PyErr_SetString(PyExc_TypeError, "the bytes of each character are needed, and a line feed behind each");
            PyMem_Free(block);
            return NULL;
        }
        block[i] = entry_of_bytes(first, told - first);
    }
    /* Another thread may do the same meanwhile, and be at work with what it was told, so that the first stays. */
    int is_first;
    BEGIN_CRITICAL_SECTION(self);
    is_first = *place == NULL;
    if (is_first)
        SHARE(*place, block);
    END_CRITICAL_SECTION();
    if (!is_first)
        PyMem_Free(block);
    return told;
}

/* Ask for the bytes of the block that a character beyond ASCII is in, and of some around it. Return -1 where Python
   raised. */
static int
load_blocks(Bytes *self, Py_UCS4 c)
{
    Py_UCS2 characters[2 * BLOCK * MOST_AT_ONCE];
    int at_once = SHARED(self->at_once), first = c / BLOCK / at_once * at_once, last = first + at_once;
    if (first < 0x80 / BLOCK)
        first = 0x80 / BLOCK;
    int count = (last - first) * BLOCK;
    for (int i = 0; i < count; i++) {
        characters[2 * i] = (Py_UCS2)(first * BLOCK + i);
        characters[2 * i + 1] = '\n';
    }
    PyObject *asked = PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, characters, 2 * count);
    PyObject *told = asked == NULL ? NULL : PyObject_CallOneArg(self->look_up, asked);
    Py_XDECREF(asked);
    if (told == NULL)
        return -1;
    if (!PyBytes_Check(told)) {
        Py_DECREF(told);
        PyErr_SetString(PyExc_TypeError, "bytes are needed");
        return -1;
    }
    const uint8_t *data = (const uint8_t *)PyBytes_AS_STRING(told), *end = data + PyBytes_GET_SIZE(told);
    for (int block = first; data != NULL && block < last; block++)
        data = keep_block(self, &self->blocks[block], data, end);
    Py_DECREF(told);
    if (data == NULL)
        return -1;
    if (at_once < MOST_AT_ONCE)
        SHARE(self->at_once, 2 * at_once);
    return 0;
}

/* Write the bytes of a character; return how many, -1 where Python raised. No character has more than eight. */
static Py_ssize_t
bytes_of(Bytes *self, Py_UCS4 c, uint8_t *out)
{
    *out = (uint8_t)c;
    if (c < 0x80)
        return 1;
    if (self->is_single) {
        int row = c < BMP ? self->row_of[c >> 8] : 0;
        *out = row > 0 ? self->rows[row - 1][c & 0xFF] : 0;
        return *out != 0;
    }
    uint32_t entry = MANY_BYTES;
    if (c < BMP) {
        if (SHARED(self->blocks[c / BLOCK]) == NULL && load_blocks(self, c) < 0)
            return -1;
        entry = SHARED(self->blocks[c / BLOCK])[c % BLOCK];
    }
    if (entry == NO_BYTES)
        return 0;
    if (entry & FOUR_BYTES) {
        for (int i = 0; i < 4; i++)
            out[i] = entry >> (8 * (3 - i));
        return 4;
    }
    if (entry != MANY_BYTES) {
        Py_ssize_t count = entry >> 24;
        for (Py_ssize_t i = 0; i < count; i++)
            out[i] = entry >> (8 * i);
        return count;
    }
    PyObject *character = PyUnicode_FromOrdinal(c);
    PyObject *told = character == NULL ? NULL : PyObject_CallOneArg(self->look_up, character);
    Py_XDECREF(character);
    if (told == NULL)
        return -1;
    if (!PyBytes_Check(told) || PyBytes_GET_SIZE(told) > 8) {
        Py_DECREF(told);
        PyErr_SetString(PyExc_TypeError, "up to eight bytes are needed");
        return -1;
    }
    Py_ssize_t count = PyBytes_GET_SIZE(told);
    memcpy(out, PyBytes_AS_STRING(told), count);
    Py_DECREF(told);
    return count;
}

#define MOST_BYTES 3

#define IN_NO_PAIRS (-1)

/* Write the bytes of text[start:end], at most eight for each character, and what stands up to each of them costs, each
   character by itself or behind the one before it, and then so much at the most. What has no bytes is passed over, and
   ends the line where each character has one byte. Return how many, -1 where Python raised. */
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
        if (count < 0)
            return -1;
        if (count == 0 && self->is_single && at > 0 && data[at - 1] != '\n') {
            data[at++] = '\n';
            stands[at] = stands[at - 1];
        }
        /* Four bytes of GB18030 have digits in them, as two characters of nothing else have. */
        if (count == 0 || count > MOST_BYTES)
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

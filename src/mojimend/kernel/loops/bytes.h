/* Bytes: what a text was read from, and what its characters cost up to each byte. */

#pragma once

#include "costs.h"
#include "pairs.h"

/* What the pairs of an encoding do not tell is asked in blocks, as to write many characters at once takes hardly longer
   than to write one; each time twice as many, as a process that has met many texts will meet all. Beyond so many the next
   is no cheaper, and may be of another script, which the answer is chosen by. */
#define BLOCK 0x40
#define BLOCKS (BMP / BLOCK)
#define MOST_AT_ONCE 0x10

typedef struct {
    PyObject_HEAD
    Costs *costs;
    PyObject *look_up, *told;
    int is_loaded;     /* whether it was asked which characters have bytes: most encodings of a process are never needed */
    int is_single;     /* whether each that has any has one, and none is beyond the BMP */
    uint8_t row_of[0x100];     /* then for each 0x100 characters which of the rows is theirs, counted from 1 on */
    uint8_t (*rows)[0x100];    /* and in it the byte of each, or 0 */
    int is_whole;              /* else whether those of the BMP that no block has have no bytes */
    int at_once;               /* or how many blocks are asked for next, */
    uint32_t *blocks[BLOCKS];  /* and for each character how many bytes, in the highest byte, and up to three of them; or
                                  four of them, the first in the highest byte and above ASCII */
} Bytes;

/* What a block keeps of a character that was not asked for yet, of one that has no bytes, and of one with more than it can
   hold. */
enum { NOT_ASKED = 0, NO_BYTES = 4u << 24, MANY_BYTES = 5u << 24, FOUR_BYTES = 0x80u << 24 };

static int
bytes_traverse(Bytes *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->costs);
    Py_VISIT(self->look_up);
    Py_VISIT(self->told);
    return 0;
}

static int
bytes_clear(Bytes *self)
{
    Py_CLEAR(self->costs);
    Py_CLEAR(self->look_up);
    Py_CLEAR(self->told);
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
    PyObject *costs, *look_up, *told;
    static char *names[] = {"costs", "look_up", "told", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOO", names, &costs, &look_up, &told))
        return NULL;
    if (!is_one(type, costs, "Costs"))
        return NULL;
    Bytes *self = (Bytes *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->costs = (Costs *)Py_NewRef(costs);
    self->look_up = Py_NewRef(look_up);
    self->told = Py_NewRef(told);
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
    self->is_single = 1;
    return 0;
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

/* Return the block that a character is in; NULL where there is no memory. */
static uint32_t *
block_of(Bytes *self, Py_UCS4 c)
{
    uint32_t **place = &self->blocks[c / BLOCK];
    if (*place == NULL)
        SHARE(*place, PyMem_Calloc(BLOCK, sizeof(uint32_t)));
    if (*place == NULL)
        PyErr_NoMemory();
    return *place;
}

/* Keep the bytes of a character of the BMP, unless some are kept. Return -1 where there is no memory.

   Another thread may be at work with what is kept. */
static int
keep_bytes(Bytes *self, Py_UCS4 c, const uint8_t *data, Py_ssize_t count)
{
    uint32_t *block = block_of(self, c);
    if (block != NULL && block[c % BLOCK] == NOT_ASKED)
        SHARE(block[c % BLOCK], entry_of_bytes(data, count));
    return block == NULL ? -1 : 0;
}

/* Keep the bytes of the characters that an encoding shows, each behind the same byte if there is one. Return -1 where
   there is no memory. */
static int
keep_pairs(Bytes *self, const Shown *shown, uint8_t before)
{
    uint8_t data[4] = {before}, *pair = before ? data + 1 : data;
    for (int lead = FIRST_LEAD; lead < 0x100; lead++) {
        pair[0] = (uint8_t)lead;
        Py_UCS4 c = shown_alone(shown, pair[0]);
        if (c != SHOWS_NOTHING && keep_bytes(self, c, pair, 1) < 0)
            return -1;
        for (int trail = FIRST_TRAIL; trail < 0x100 && c == SHOWS_NOTHING; trail++) {
            Py_UCS4 by_pair = shown_by_pair(shown, lead, trail);
            pair[1] = (uint8_t)trail;
            if (by_pair != NOT_TOLD && by_pair != SHOWS_NOTHING && by_pair < BMP &&
                keep_bytes(self, by_pair, data, pair + 2 - data) < 0)
                return -1;
        }
    }
    return 0;
}

/* Keep the bytes of characters for which they are told one by one. Return -1 where Python raised. */
static int
keep_others(Bytes *self, PyObject *others)
{
    PyObject *character, *bytes;
    for (Py_ssize_t at = 0; PyDict_Next(others, &at, &character, &bytes);) {
        if (!PyUnicode_Check(character) || PyUnicode_GET_LENGTH(character) != 1 || !PyBytes_Check(bytes) ||
            PyUnicode_READ_CHAR(character, 0) >= BMP) {
            PyErr_SetString(PyExc_TypeError, "characters of the BMP and their bytes are needed");
            return -1;
        }
        const uint8_t *data = (const uint8_t *)PyBytes_AS_STRING(bytes);
        if (keep_bytes(self, PyUnicode_READ_CHAR(character, 0), data, PyBytes_GET_SIZE(bytes)) < 0)
            return -1;
    }
    return 0;
}

/* Keep what Python tells of an encoding: see `_told_of` of rules/rough.py. Return -1 where it is something else. */
static int
keep_told(Bytes *self, PyObject *told)
{
    PyObject *every, *pairs, *of_three, *others;
    Shown shown;
    if (!PyArg_ParseTuple(told, "UOOO!p", &every, &pairs, &of_three, &PyDict_Type, &others, &self->is_whole))
        return -1;
    if (PyUnicode_GET_LENGTH(every) > 0 && keep_every(self, every) < 0)
        return -1;
    /* What comes first counts. */
    if (keep_others(self, others) < 0)
        return -1;
    if (pairs != Py_None && (read_shown(pairs, &shown) < 0 || keep_pairs(self, &shown, 0) < 0))
        return -1;
    return of_three == Py_None ? 0 : read_shown(of_three, &shown) < 0 ? -1 : keep_pairs(self, &shown, THREE_BYTES);
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
    if (!self->is_loaded)
        kept = keep_told(self, told);
    if (kept == 0)
        SHARE(self->is_loaded, 1);
    END_CRITICAL_SECTION();
    Py_DECREF(told);
    return kept;
}

/* Keep of blocks what was told of them, the bytes of each character and a line feed behind. Return -1 where it is something
   else. */
static int
keep_blocks(Bytes *self, int first, int last, const uint8_t *told, const uint8_t *end)
{
    for (Py_UCS4 c = first * BLOCK; c < (Py_UCS4)last * BLOCK; c++, told++) {
        const uint8_t *data = told;
        while (told < end && *told != '\n')
            told++;
        if (told == end)
            PyErr_SetString(PyExc_TypeError, "the bytes of each character are needed, and a line feed behind each");
        if (told == end || keep_bytes(self, c, data, told - data) < 0)
            return -1;
    }
    return 0;
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
    const uint8_t *data = (const uint8_t *)PyBytes_AS_STRING(told);
    int kept = 0;
    BEGIN_CRITICAL_SECTION(self);
    kept = keep_blocks(self, first, last, data, data + PyBytes_GET_SIZE(told));
    END_CRITICAL_SECTION();
    Py_DECREF(told);
    if (kept == 0 && at_once < MOST_AT_ONCE)
        SHARE(self->at_once, 2 * at_once);
    return kept;
}

/* Return what is kept of a character of the BMP. */
static inline uint32_t
kept_of(const Bytes *self, Py_UCS4 c)
{
    const uint32_t *block = SHARED(self->blocks[c / BLOCK]);
    uint32_t entry = block == NULL ? NOT_ASKED : SHARED(block[c % BLOCK]);
    return entry == NOT_ASKED && self->is_whole ? NO_BYTES : entry;
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
    uint32_t entry = c < BMP ? kept_of(self, c) : MANY_BYTES;
    if (entry == NOT_ASKED) {
        if (load_blocks(self, c) < 0)
            return -1;
        entry = kept_of(self, c);
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

/* Pairs: what bytes say in an encoding in which most characters beyond ASCII are two of them. */

#pragma once

#include "characters.h"

/* What an encoding shows: see encodings/pairs.py, which has it as it lies in the file. That is what each byte is by itself,
   and each that is none of ASCII with each that a pair may end with. Of these a bit tells whether it is beyond the BMP, in
   plane 2. */
typedef struct {
    Number alone[0x100], pairs[0x80 * 0xC0];
    uint8_t bits[0x80 * 0xC0 / 8];
} Shown;

enum { FIRST_LEAD = 0x80, FIRST_TRAIL = 0x40, NOT_TOLD = 0, SHOWS_NOTHING = 0xFFFD, PLANE_2 = 0x20000 };
enum { THREE_BYTES = 0x8F };  /* what EUC-JP begins them with */

static inline Py_UCS4
shown_alone(const Shown *shown, int byte)
{
    return read_number(&shown->alone[byte]);
}

static inline Py_UCS4
shown_by_pair(const Shown *shown, int lead, int trail)
{
    int at = (lead - FIRST_LEAD) * (0x100 - FIRST_TRAIL) + trail - FIRST_TRAIL;
    Py_UCS4 plane = shown->bits[at / 8] >> at % 8 & 1 ? PLANE_2 : 0;
    return plane | read_number(&shown->pairs[at]);
}

/* Ask for a table of so many bytes. Return -1 where Python raised. */
static int
get_table(PyObject *table, Py_buffer *buffer, size_t size)
{
    if (PyObject_GetBuffer(table, buffer, PyBUF_SIMPLE) < 0)
        return -1;
    if (buffer->len >= (Py_ssize_t)size)
        return 0;
    PyBuffer_Release(buffer);
    PyErr_SetString(PyExc_ValueError, "each byte and each pair of them is needed");
    return -1;
}

/* What bytes begin with: a character, or NO_CHARACTER, how many bytes it has, and whether two bytes tell that. */
typedef struct {
    Py_UCS4 character;
    int width, by_two;
} First;

#define NO_CHARACTER UINT32_MAX

/* Ask what bytes begin with: see `first_of` of encodings/pairs.py. Return -1 where Python raised. */
static int
ask_first(PyObject *first_of, const uint8_t *data, Py_ssize_t size, First *first)
{
    PyObject *text, *told = PyObject_CallFunction(first_of, "y#", data, smaller(size, 4));
    int is_told = told != NULL && PyArg_ParseTuple(told, "Uip", &text, &first->width, &first->by_two);
    first->character = is_told && PyUnicode_GET_LENGTH(text) > 0 ? PyUnicode_READ_CHAR(text, 0) : NO_CHARACTER;
    Py_XDECREF(told);
    return is_told ? 0 : -1;
}

typedef struct {
    PyObject_HEAD
    PyObject *first_of;
    Characters *doubted;
    Py_UCS2 (*says)[0x100];  /* what a byte of ASCII says, whatever is behind it, or two; 0 where that has to be asked */
} Pairs;

static int
pairs_traverse(Pairs *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->first_of);
    Py_VISIT(self->doubted);
    return 0;
}

static int
pairs_clear(Pairs *self)
{
    Py_CLEAR(self->first_of);
    Py_CLEAR(self->doubted);
    return 0;
}

static void
pairs_dealloc(Pairs *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    pairs_clear(self);
    PyMem_Free(self->says);
    type->tp_free(self);
    Py_DECREF(type);
}

/* Keep what each byte of ASCII and each two bytes say, where that is told and not doubted. */
static void
keep_says(Pairs *self, const Shown *shown)
{
    for (int byte = 0; byte < FIRST_LEAD; byte++) {
        Py_UCS4 c = shown_alone(shown, byte);
        for (int behind = 0; behind < 0x100 && c < SHOWS_NOTHING && !has(self->doubted, c); behind++)
            self->says[byte][behind] = (Py_UCS2)c;
    }
    for (int lead = FIRST_LEAD; lead < 0x100; lead++)
        for (int trail = FIRST_TRAIL; trail < 0x100; trail++) {
            Py_UCS4 c = shown_by_pair(shown, lead, trail);
            if (c < SHOWS_NOTHING && !has(self->doubted, c))
                self->says[lead][trail] = (Py_UCS2)c;
        }
}

static PyObject *
pairs_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *table, *first_of, *doubted;
    Py_buffer buffer;
    static char *names[] = {"table", "first_of", "doubted", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOO", names, &table, &first_of, &doubted))
        return NULL;
    if (!is_one(type, doubted, "Characters") || get_table(table, &buffer, sizeof(Shown)) < 0)
        return NULL;
    Pairs *self = (Pairs *)type->tp_alloc(type, 0);
    if (self != NULL) {
        self->first_of = Py_NewRef(first_of);
        self->doubted = (Characters *)Py_NewRef(doubted);
        self->says = PyMem_Calloc(0x100, sizeof *self->says);
        if (self->says != NULL)
            keep_says(self, buffer.buf);
        else {
            PyErr_NoMemory();
            Py_CLEAR(self);
        }
    }
    PyBuffer_Release(&buffer);
    return (PyObject *)self;
}

/* What was read of some bytes: up to which, how many characters they are, and which bits these have; and whether one is
   beyond the BMP, where there is no room for such. */
typedef struct {
    Py_ssize_t stop, count;
    Py_UCS4 bits;
    int is_wide;
} Read;

static inline uint64_t
eight_bytes(const uint8_t *data)
{
    return (uint64_t)data[0] << 56 | (uint64_t)data[1] << 48 | (uint64_t)data[2] << 40 | (uint64_t)data[3] << 32 |
           (uint64_t)data[4] << 24 | (uint64_t)data[5] << 16 | (uint64_t)data[6] << 8 | (uint64_t)data[7];
}

/* Write what bytes say, as far as it is told, but for the last few. Return where that ends.

   Where a character begins has to be waited for until the one before it was read; of eight bytes, which are four or more,
   it is told without a look at memory. To guess that many pairs stand side by side would be wrong in every second word. */
static inline Py_ssize_t
write_told(const Pairs *self, const uint8_t *data, Py_ssize_t at, Py_ssize_t size, const int kind, void *text, Read *read)
{
    enum { BYTES = 8, CHARACTERS = 4 };
    const Py_UCS2 *says = self->says[0];
    while (at + BYTES <= size) {
        uint64_t bytes = eight_bytes(data + at);
        for (int i = 0; i < CHARACTERS; i++) {
            Py_UCS2 c = says[bytes >> 48];
            if (c == 0)
                return at;
            PyUnicode_WRITE(kind, text, read->count++, c);
            read->bits |= c;
            int is_pair = bytes >> 63;
            bytes = bytes << 8 << 8 * is_pair;
            at += 1 + is_pair;
        }
    }
    return at;
}

/* To ask takes as long as a codec takes for some 100 bytes: where it is needed more often, as in Korean in GB18030, that
   reads the rest. */
enum { SELDOM = 128, FEW_ASKED = 16 };

/* Write what bytes say into a text of a kind. Return -1 where Python raised. */
static inline int
write_read(Pairs *self, const uint8_t *data, Py_ssize_t size, const int kind, void *text, Read *result)
{
    Read read = {0};
    Py_ssize_t at = 0, width, asked = 0;
    for (; (at = write_told(self, data, at, size, kind, text, &read)) < size; at += width) {
        /* Behind the last of all is a NUL. */
        Py_UCS4 c = self->says[data[at]][data[at + 1]];
        width = 1 + (data[at] >> 7);
        if (c == 0 && data[at] != 0) {
            First first;
            if (++asked > FEW_ASKED && asked * SELDOM > at)
                break;
            if (ask_first(self->first_of, data + at, size - at, &first) < 0)
                return -1;
            c = first.character;
            width = first.width;
            read.is_wide = kind == PyUnicode_2BYTE_KIND && c >= BMP && c != NO_CHARACTER;
            if (c == NO_CHARACTER || has(self->doubted, c) || read.is_wide)
                break;
        }
        PyUnicode_WRITE(kind, text, read.count++, c);
        read.bits |= c;
    }
    read.stop = at;
    *result = read;
    return 0;
}

/* Tell what bytes say, and up to which offset: that of the first that say nothing, or what is doubted. */
static PyObject *
pairs_read(Pairs *self, PyObject *bytes)
{
    if (!PyBytes_Check(bytes))
        return PyErr_Format(PyExc_TypeError, "bytes are needed");
    const uint8_t *data = (const uint8_t *)PyBytes_AS_STRING(bytes);
    Py_ssize_t size = PyBytes_GET_SIZE(bytes);
    Read read = {0};
    if (size == 0)
        return Py_BuildValue("(sn)", "", read.stop);
    PyObject *text = PyUnicode_New(size, BMP - 1);
    if (text == NULL)
        return NULL;
    int written = write_read(self, data, size, PyUnicode_2BYTE_KIND, PyUnicode_2BYTE_DATA(text), &read);
    if (written == 0 && read.is_wide) {
        Py_SETREF(text, PyUnicode_New(size, CODE_POINTS - 1));
        if (text == NULL)
            return NULL;
        written = write_read(self, data, size, PyUnicode_4BYTE_KIND, PyUnicode_4BYTE_DATA(text), &read);
    }
    if (written < 0)
        Py_CLEAR(text);
    /* A text without wide characters is kept in less. */
    else if (read.bits < 0x100)
        Py_SETREF(text, PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, PyUnicode_2BYTE_DATA(text), read.count));
    else if (PyUnicode_Resize(&text, read.count) < 0)
        Py_CLEAR(text);
    return text == NULL ? NULL : Py_BuildValue("(Nn)", text, read.stop);
}

static PyMethodDef pairs_methods[] = {
    {"read", (PyCFunction)pairs_read, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot pairs_slots[] = {
    {Py_tp_new, pairs_new},
    {Py_tp_dealloc, pairs_dealloc},
    {Py_tp_traverse, pairs_traverse},
    {Py_tp_clear, pairs_clear},
    {Py_tp_methods, pairs_methods},
    {0, NULL},
};

static PyType_Spec pairs_spec = {
    .name = "mojimend.kernel._loops.Pairs",
    .basicsize = sizeof(Pairs),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = pairs_slots,
};

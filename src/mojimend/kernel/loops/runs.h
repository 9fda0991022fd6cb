/* Runs: what bytes gain if they are read in another encoding. */

#pragma once

#include "costs.h"
#include "pairs.h"
#include "utf_8.h"

/* No character ends with one before the first digit, which may stand in four bytes; Python tells at once of the pairs that
   end with one from the first of these on, and of others, which only Johab has, when they are met. */
enum { FIRST_DIGIT = '0', TRAILS = 0x100 - FIRST_DIGIT };

typedef struct {
    PyObject_HEAD
    Costs *costs;
    Characters *kana;
    PyObject *table_of;   /* None for UTF-8, which is read here */
    int least_width;      /* how many bytes a character of that has, if it is not ASCII */
    PyObject *first_of;
    int has_table;
    Py_buffer buffer;             /* then what the encoding shows, */
    uint32_t alone[0x100];        /* what each byte is by itself, 0 for what begins more: see below, */
    uint32_t (*pairs)[TRAILS];    /* what begins with each two bytes, the first of them not in ASCII, */
    uint8_t has_row[0x80];        /* and of which first ones it was kept, as few texts meet all */
} Runs;

/* Two bytes from here on that are no character are broken together, as in encodings/lenient.py. */
#define FIRST_OF_PAIR 0xA1

/* What begins with two bytes: a character in the low bits, and how many bytes it has, that it is none, or that more than
   two bytes tell. In the highest byte one more than it costs, once that was asked. */
enum { CHARACTER = 0x1FFFFF, WHICH = 7 << 21, COST_AT = 24, MOST_COST = 0xFE };
enum { ONE = 1 << 21, TWO = 2 << 21, BROKEN = 3 << 21, BROKEN_PAIR = 4 << 21, LONGER = 5 << 21 };

static int
runs_traverse(Runs *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->costs);
    Py_VISIT(self->kana);
    Py_VISIT(self->table_of);
    Py_VISIT(self->first_of);
    return 0;
}

static int
runs_clear(Runs *self)
{
    Py_CLEAR(self->costs);
    Py_CLEAR(self->kana);
    Py_CLEAR(self->table_of);
    Py_CLEAR(self->first_of);
    return 0;
}

static void
runs_dealloc(Runs *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    runs_clear(self);
    PyMem_Free(self->pairs);
    PyBuffer_Release(&self->buffer);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
runs_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *costs, *kana, *table_of, *first_of;
    int least_width;
    static char *names[] = {"costs", "kana", "table_of", "first_of", "least_width", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOOOi", names, &costs, &kana, &table_of, &first_of, &least_width))
        return NULL;
    if (!is_one(type, costs, "Costs") || !is_one(type, kana, "Characters"))
        return NULL;
    Runs *self = (Runs *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->costs = (Costs *)Py_NewRef(costs);
    self->kana = (Characters *)Py_NewRef(kana);
    self->table_of = Py_NewRef(table_of);
    self->least_width = least_width;
    self->first_of = Py_NewRef(first_of);
    return (PyObject *)self;
}

/* Return the entry of a character that begins with two bytes, with what it costs where that is known: most are met later,
   one here and one there, and then have to be waited for. */
static inline uint32_t
entry_of_two(const Runs *self, Py_UCS4 c)
{
    long cost = cost_of_entry(self->costs, self->costs->cache[c]);
    return TWO | c | (cost >= 0 && cost <= MOST_COST ? (uint32_t)(cost + 1) << COST_AT : 0);
}

/* Keep what begins with a byte and each behind it, as far as two tell. */
static void
keep_row(Runs *self, int lead)
{
    const Shown *shown = self->buffer.buf;
    for (int trail = FIRST_TRAIL; trail < 0x100; trail++) {
        Py_UCS4 c = shown_by_pair(shown, lead, trail);
        int is_pair = lead >= FIRST_OF_PAIR && trail >= FIRST_OF_PAIR;
        if (c != NOT_TOLD)
            self->pairs[lead & 0x7F][trail - FIRST_DIGIT] =
                c != SHOWS_NOTHING ? entry_of_two(self, c) : is_pair ? BROKEN_PAIR : BROKEN;
    }
    SHARE(self->has_row[lead & 0x7F], 1);
}

/* Keep what each byte is by itself. Return -1 where there is no memory. */
static int
keep_alone(Runs *self)
{
    self->pairs = PyMem_Calloc(0x80, sizeof *self->pairs);
    if (self->pairs == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (int byte = 0; byte < 0x100; byte++) {
        Py_UCS4 c = shown_alone(self->buffer.buf, byte);
        self->alone[byte] = c != SHOWS_NOTHING ? ONE | c : byte < FIRST_LEAD ? BROKEN : 0;
    }
    return 0;
}

/* Ask what begins with each two bytes. Return -1 where Python raised.

   Another thread may do the same meanwhile, and be at work with what it was told, so that the first stays. */
static int
load_table(Runs *self)
{
    PyObject *table = PyObject_CallNoArgs(self->table_of);
    if (table == NULL)
        return -1;
    int kept = 0;
    BEGIN_CRITICAL_SECTION(self);
    if (!self->has_table) {
        kept = get_shown(table, &self->buffer) == NULL ? -1 : keep_alone(self);
        SHARE(self->has_table, kept == 0);
    }
    END_CRITICAL_SECTION();
    Py_DECREF(table);
    return kept;
}

/* Return where it stands what begins with some bytes; NULL where the first of them is lost. */
static inline uint32_t *
entry_at(Runs *self, const uint8_t *data, Py_ssize_t size)
{
    if (self->alone[data[0]] != 0)
        return &self->alone[data[0]];
    return size > 1 && data[1] >= FIRST_DIGIT ? &self->pairs[data[0] & 0x7F][data[1] - FIRST_DIGIT] : NULL;
}

/* Find what begins at a place: how many bytes, the character, or NO_CHARACTER for bytes that are none, and what it costs
   by itself. Return -1 where Python raised. */
static int
begins_at(Runs *self, const uint8_t *data, Py_ssize_t size, int *width, Py_UCS4 *c, long *cost)
{
    *c = NO_CHARACTER;
    *cost = 0;
    if (self->table_of == Py_None) {
        *width = read_utf_8(data, size, c);
        if (*width == 0 || (*width > 1 && *width < self->least_width)) {
            *width = 1;
            *c = NO_CHARACTER;
            return 0;
        }
        *cost = cost_alone(self->costs, *c);
        return *cost < 0 ? -1 : 0;
    }
    if (!SHARED(self->has_table) && load_table(self) < 0)
        return -1;
    uint32_t *place = entry_at(self, data, size);
    *width = 1;
    if (place == NULL)
        return 0;
    if (*place == 0 && !SHARED(self->has_row[data[0] & 0x7F]))
        keep_row(self, data[0]);
    uint32_t entry = *place;
    if (entry == 0 || entry == LONGER) {
        First first;
        if (ask_first(self->first_of, data, size, &first) < 0)
            return -1;
        *c = first.character;
        *width = first.width;
        if (!first.by_two) {
            *place = LONGER;
            *cost = *c == NO_CHARACTER ? 0 : cost_alone(self->costs, *c);
            return *cost < 0 ? -1 : 0;
        }
        *place = entry = *c == NO_CHARACTER ? (*width == 1 ? BROKEN : BROKEN_PAIR) : (*width == 1 ? ONE : TWO) | *c;
    }
    uint32_t which = entry & WHICH;
    *width = which == ONE || which == BROKEN ? 1 : 2;
    if (which == BROKEN || which == BROKEN_PAIR)
        return 0;
    *c = entry & CHARACTER;
    if (entry >> COST_AT) {
        *cost = (long)(entry >> COST_AT) - 1;
        return 0;
    }
    *cost = cost_alone(self->costs, *c);
    if (*cost >= 0 && *cost <= MOST_COST)
        *place = entry | (uint32_t)(*cost + 1) << COST_AT;
    return *cost < 0 ? -1 : 0;
}

/* Return what some part of a line's bytes from a start on gains at best, each character by itself or behind the one before
   it; -1 where Python raised. `stands` has one more than there are bytes. */
static long
best_gain_of_line(Runs *self, const uint8_t *data, Py_ssize_t size, const int32_t *stands, Py_ssize_t start, long broken,
          int in_pairs)
{
    long total = 0, best = 0;
    Py_UCS4 before = NO_CHARACTER, c;
    for (Py_ssize_t at = start; at < size; before = c) {
        int width;
        long cost;
        if (begins_at(self, data + at, size - at, &width, &c, &cost) < 0)
            return -1;
        if (in_pairs && before != NO_CHARACTER && c != NO_CHARACTER)
            cost = cost_of_pair(self->costs, before, c);
        if (cost < 0)
            return -1;
        /* Each broken byte counts by itself. */
        for (int part = 0, parts = c == NO_CHARACTER ? width : 1; part < parts; part++) {
            Py_ssize_t end = at + width / parts;
            if (end > size)
                end = size;
            total += stands[end] - stands[at] - (c == NO_CHARACTER ? broken : cost);
            at = end;
            if (total > best)
                best = total;
            else if (total < 0)
                total = 0;
        }
    }
    return best;
}

/* Return what some part of a line gains at best, where all of them begin so far on. */
static long
best_gain(Runs *self, const uint8_t *data, Py_ssize_t size, const int32_t *stands, Py_ssize_t start, long broken,
          int in_pairs)
{
    long best = 0;
    for (Py_ssize_t at = 0, end; at < size; at = end + 1) {
        const uint8_t *feed = memchr(data + at, '\n', size - at);
        end = feed == NULL ? size : feed - data;
        long gain = best_gain_of_line(self, data + at, end - at, stands + at, start, broken, in_pairs);
        if (gain < 0)
            return -1;
        if (gain > best)
            best = gain;
    }
    return best;
}

/* Tell what bytes cost, each character by itself and each lost byte as what stands for it; what of that is beyond ASCII,
   how many bytes are, and how many characters are kana. */
static PyObject *
runs_weigh(Runs *self, PyObject *bytes)
{
    if (!PyBytes_Check(bytes))
        return PyErr_Format(PyExc_TypeError, "bytes are needed");
    const uint8_t *data = (const uint8_t *)PyBytes_AS_STRING(bytes);
    Py_ssize_t size = PyBytes_GET_SIZE(bytes), beyond = 0, kana = 0;
    long total = 0, total_beyond = 0, of_lost = cost_alone(self->costs, 0xFFFD);
    if (of_lost < 0)
        return NULL;
    for (Py_ssize_t at = 0; at < size;) {
        int width;
        Py_UCS4 c;
        long cost;
        if (begins_at(self, data + at, size - at, &width, &c, &cost) < 0)
            return NULL;
        if (c == NO_CHARACTER) {
            width = (int)smaller(width, size - at);
            cost = width * of_lost;
        }
        else
            kana += has(self->kana, c);
        total += cost;
        if (c >= 0x80) {
            total_beyond += cost;
            beyond += width;
        }
        at += width;
    }
    return Py_BuildValue("(llnn)", total, total_beyond, beyond, kana);
}

static PyMethodDef runs_methods[] = {
    {"weigh", (PyCFunction)runs_weigh, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot runs_slots[] = {
    {Py_tp_new, runs_new},
    {Py_tp_methods, runs_methods},
    {Py_tp_dealloc, runs_dealloc},
    {Py_tp_traverse, runs_traverse},
    {Py_tp_clear, runs_clear},
    {0, NULL},
};

static PyType_Spec runs_spec = {
    .name = "mojimend.kernel._loops.Runs",
    .basicsize = sizeof(Runs),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = runs_slots,
};

/* Runs: what bytes gain if they are read in another encoding. */

#pragma once

#include "costs.h"
#include "pairs.h"
#include "utf_8.h"

/* No character ends with one before the first digit, which may stand in four bytes; Python tells at once of the pairs that
   end with one from the first of these on, and of others, which only Johab has, when they are met. */
enum { FIRST_DIGIT = '0' };

typedef struct {
    PyObject_HEAD
    Costs *costs;
    Characters *kana;
    PyObject *table_of;   /* None for UTF-8, which is read here */
    int least_width;      /* how many bytes a character of that has, if it is not ASCII */
    PyObject *first_of;
    int has_table;
    Py_buffer buffer;     /* then what the encoding shows, */
    uint32_t *begins;     /* what a byte of ASCII is, in the first row of 0x100, or begins with each two: see below, */
    uint8_t has_row[0x100];   /* and of which first ones it was kept, as few texts meet all */
} Runs;

/* Two bytes from here on that are no character are broken together, as in encodings/lenient.py. */
#define FIRST_OF_PAIR 0xA1

/* What begins with two bytes: a character in the low bits, and whether it has one or two bytes or more than two tell it, or
   one or two are none, which stand for U+FFFD each. In the highest byte one more than it costs, once that was asked. 0 is
   what was not told. */
enum { CHARACTER = 0x1FFFFF, WHICH = 7 << 21, COST_AT = 24, MOST_COST = 0xFE };
enum { ONE = 1 << 21, TWO = 2 << 21, BROKEN = 3 << 21, BROKEN_PAIR = 4 << 21, LONGER = 5 << 21, ODD = 1 << 21 };

static inline int
width_of(uint32_t entry)
{
    return entry & ODD ? 1 : 2;
}

static inline int
is_lost(uint32_t entry)
{
    return (entry & WHICH) >= BROKEN;
}

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
    PyMem_Free(self->begins);
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

/* Return the entry of a character, or of what is none, with what it costs where that is known: most are met later, one here
   and one there, and then have to be waited for. */
static inline uint32_t
with_cost(const Runs *self, uint32_t entry)
{
    long cost = cost_of_entry(self->costs, self->costs->cache[entry & CHARACTER]);
    return entry | (cost >= 0 && cost <= MOST_COST ? (uint32_t)(cost + 1) << COST_AT : 0);
}

/* Keep what begins with a byte that is none of ASCII and each behind it, as far as two tell. */
static void
keep_row(Runs *self, int lead)
{
    const Shown *shown = self->buffer.buf;
    uint32_t *row = self->begins + (lead << 8);
    Py_UCS4 alone = shown_alone(shown, lead);
    int begins_more = alone == SHOWS_NOTHING;
    for (int trail = 0; trail < (begins_more ? FIRST_DIGIT : 0x100); trail++)
        row[trail] = with_cost(self, (begins_more ? BROKEN : ONE) | alone);
    for (int trail = FIRST_TRAIL; begins_more && trail < 0x100; trail++) {
        Py_UCS4 c = shown_by_pair(shown, lead, trail);
        int is_pair = lead >= FIRST_OF_PAIR && trail >= FIRST_OF_PAIR;
        if (c != NOT_TOLD)
            row[trail] = with_cost(self, (c != SHOWS_NOTHING ? TWO : is_pair ? BROKEN_PAIR : BROKEN) | c);
    }
    SHARE(self->has_row[lead], 1);
}

/* Keep what each byte of ASCII is. Return -1 where there is no memory. */
static int
keep_ascii(Runs *self)
{
    self->begins = PyMem_Calloc(0x10000, sizeof *self->begins);
    if (self->begins == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (int byte = 0; byte < FIRST_LEAD; byte++) {
        Py_UCS4 c = shown_alone(self->buffer.buf, byte);
        self->begins[byte] = with_cost(self, (c != SHOWS_NOTHING ? ONE : BROKEN) | c);
    }
    memset(self->has_row, 1, FIRST_LEAD);
    return 0;
}

/* Ask what begins with each two bytes. Return -1 where Python raised.

   Another thread may do the same meanwhile, and be at work with what it was told, so that the first stays. */
static int
load_table(Runs *self)
{
    /* What is lost is met more often than any character, and its cost is to be known. */
    PyObject *table = cost_alone(self->costs, SHOWS_NOTHING) < 0 ? NULL : PyObject_CallNoArgs(self->table_of);
    if (table == NULL)
        return -1;
    int kept = 0;
    BEGIN_CRITICAL_SECTION(self);
    if (!self->has_table) {
        kept = get_shown(table, &self->buffer) == NULL ? -1 : keep_ascii(self);
        SHARE(self->has_table, kept == 0);
    }
    END_CRITICAL_SECTION();
    Py_DECREF(table);
    return kept;
}

/* Return where it stands what begins with two bytes. The first tells whether there are two. */
static inline uint32_t *
entry_at(const Runs *self, unsigned lead, unsigned trail)
{
    return self->begins + ((lead << 8 | trail) >> (~(lead >> 4) & 8));
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
    uint32_t *place = entry_at(self, data[0], size > 1 ? data[1] : 0);
    if (*place == 0 && !SHARED(self->has_row[data[0]]))
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
        entry = *c == NO_CHARACTER ? (*width == 1 ? BROKEN : BROKEN_PAIR) | SHOWS_NOTHING : (*width == 1 ? ONE : TWO) | *c;
        *place = entry = with_cost(self, entry);
    }
    *width = width_of(entry);
    if (is_lost(entry)) {
        *c = NO_CHARACTER;
        return 0;
    }
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

/* Some bytes that are read in an encoding, how far they are, and what was met so far: what it costs, what of that is beyond
   ASCII, how many bytes are, and how many characters are kana. */
typedef struct {
    Runs *runs;
    const uint8_t *data;
    Py_ssize_t size, at, beyond, kana;
    long total, total_beyond;
} Weighed;

static inline void
add_weight(Weighed *self, int width, Py_UCS4 c, long cost)
{
    long is_beyond = c >= 0x80;
    self->at += width;
    self->total += cost;
    self->total_beyond += -is_beyond & cost;
    self->beyond += -is_beyond & width;
    self->kana += has(self->runs->kana, c);
}

/* Weigh what stands next, where its cost was not asked before. Return -1 where Python raised. */
static int
weigh_unknown(Weighed *self, long of_lost)
{
    int width;
    Py_UCS4 c;
    long cost;
    Py_ssize_t left = self->size - self->at;
    if (begins_at(self->runs, self->data + self->at, left, &width, &c, &cost) < 0)
        return -1;
    if (c == NO_CHARACTER) {
        width = (int)smaller(width, left);
        cost = width * of_lost;
        c = SHOWS_NOTHING;
    }
    add_weight(self, width, c, cost);
    return 0;
}

/* Weigh bytes side by side: how long a character is has to be waited for until the one behind it is read, and to guess it
   in an encoding that is not theirs takes as long; meanwhile the others go on. Return -1 where Python raised.

   Behind the last of all bytes is a NUL. */
static int
weigh_side_by_side(Weighed *each, Py_ssize_t count)
{
    long of_lost = cost_alone(each->runs->costs, SHOWS_NOTHING);
    if (of_lost < 0)
        return -1;
    for (int any = 1; any;) {
        any = 0;
        for (Weighed *one = each; one < each + count; one++) {
            if (one->at >= one->size)
                continue;
            const uint8_t *here = one->data + one->at;
            uint32_t entry = SHARED(one->runs->has_table) ? *entry_at(one->runs, here[0], here[1]) : 0;
            long cost = (long)(entry >> COST_AT) - 1;
            if (cost >= 0)
                add_weight(one, width_of(entry), entry & CHARACTER, cost << ((entry & WHICH) == BROKEN_PAIR));
            else if (weigh_unknown(one, of_lost) < 0)
                return -1;
            any = 1;
        }
    }
    return 0;
}

/* Return what each was found to cost; NULL where Python raised. */
static PyObject *
told_of(const Weighed *each, Py_ssize_t count)
{
    PyObject *list = PyList_New(count);
    for (Py_ssize_t i = 0; list != NULL && i < count; i++) {
        PyObject *told = Py_BuildValue("(llnn)", each[i].total, each[i].total_beyond, each[i].beyond, each[i].kana);
        if (told == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, told);
    }
    return list;
}

/* Tell what each of some pieces costs in each of some encodings, all in the first and then in the next, each character by
   itself and each lost byte as what stands for it; what of that is beyond ASCII, how many bytes are, and how many
   characters are kana. */
static PyObject *
runs_weigh(PyTypeObject *type, PyObject *args)
{
    PyObject *runs, *pieces;
    if (!PyArg_ParseTuple(args, "O!O!", &PyTuple_Type, &runs, &PyTuple_Type, &pieces))
        return NULL;
    Py_ssize_t several = PyTuple_GET_SIZE(pieces), count = PyTuple_GET_SIZE(runs) * several;
    if (count == 0)
        return PyList_New(0);
    Weighed *each = PyMem_Calloc(count, sizeof *each);
    if (each == NULL)
        return PyErr_NoMemory();
    PyObject *told = NULL;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *one = PyTuple_GET_ITEM(runs, i / several), *piece = PyTuple_GET_ITEM(pieces, i % several);
        if (!PyObject_TypeCheck(one, type) || !PyBytes_Check(piece)) {
            PyErr_SetString(PyExc_TypeError, "Runs and bytes are needed");
            goto done;
        }
        each[i].runs = (Runs *)one;
        each[i].data = (const uint8_t *)PyBytes_AS_STRING(piece);
        each[i].size = PyBytes_GET_SIZE(piece);
    }
    if (weigh_side_by_side(each, count) == 0)
        told = told_of(each, count);
done:
    PyMem_Free(each);
    return told;
}

static PyMethodDef runs_methods[] = {
    {"weigh", (PyCFunction)runs_weigh, METH_CLASS | METH_VARARGS, NULL},
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

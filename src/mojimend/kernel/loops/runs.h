/* Runs: what bytes gain if they are read in another encoding. */

#pragma once

#include "costs.h"
#include "pairs.h"
#include "utf_8.h"

/* What bytes cost in an encoding: see models/runs.py, which has it as it lies in the file. That is an entry for each byte
   of ASCII, and for each other with any behind it: in the lowest bits one more than the character costs, or 0 where that
   does not say it; whether one or two bytes are a character or none, or more than two tell; and whether the character is
   beyond ASCII, and one of the kana. */
typedef struct {
    Number ascii[FIRST_LEAD], pairs[0x100 - FIRST_LEAD][0x100];
} Begins;

enum { COST = 0xFF, WHICH = 7 << 8, IS_BEYOND = 1 << 11, IS_KANA = 1 << 12 };
enum { ONE = 1 << 8, TWO = 2 << 8, BROKEN = 3 << 8, BROKEN_PAIR = 4 << 8, LONGER = 5 << 8, ODD = 1 << 8 };

static inline int
width_of(unsigned entry)
{
    return entry & ODD ? 1 : 2;
}

static inline long
cost_in(unsigned entry)
{
    return (long)(entry & COST) - 1;
}

typedef struct {
    PyObject_HEAD
    Costs *costs;
    Characters *kana;
    Py_buffer begins, shown;  /* what bytes cost in the encoding, and which characters it shows; without for UTF-8, */
    int least_width;          /* of which this tells how many bytes a character has, if it is not ASCII */
    PyObject *first_of;
} Runs;

static int
runs_traverse(Runs *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->costs);
    Py_VISIT(self->kana);
    Py_VISIT(self->first_of);
    return 0;
}

static int
runs_clear(Runs *self)
{
    Py_CLEAR(self->costs);
    Py_CLEAR(self->kana);
    Py_CLEAR(self->first_of);
    return 0;
}

static void
runs_dealloc(Runs *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    runs_clear(self);
    PyBuffer_Release(&self->begins);
    PyBuffer_Release(&self->shown);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
runs_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *costs, *kana, *begins, *shown, *first_of;
    int least_width;
    static char *names[] = {"costs", "kana", "begins", "shown", "first_of", "least_width", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOOOOi", names, &costs, &kana, &begins, &shown, &first_of,
                                     &least_width))
        return NULL;
    if (!is_one(type, costs, "Costs") || !is_one(type, kana, "Characters"))
        return NULL;
    Runs *self = (Runs *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->costs = (Costs *)Py_NewRef(costs);
    self->kana = (Characters *)Py_NewRef(kana);
    self->least_width = least_width;
    self->first_of = Py_NewRef(first_of);
    if (begins == Py_None)
        return (PyObject *)self;
    if (get_table(begins, &self->begins, sizeof(Begins)) < 0 || get_table(shown, &self->shown, sizeof(Shown)) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static inline int
is_of_utf_8(const Runs *self)
{
    return self->begins.buf == NULL;
}

/* Return where it stands what begins with two bytes. The first tells whether there are two. */
static inline const Number *
entry_at(const Runs *self, unsigned lead, unsigned trail)
{
    /* ASCII comes first: to find that out by a branch, or to guess wrongly, takes longer. */
    enum { BETWEEN = (FIRST_LEAD << 8) - FIRST_LEAD };
    unsigned place = ((lead << 8 | trail) >> (~(lead >> 4) & 8)) - (lead >> 7) * BETWEEN;
    return ((const Begins *)self->begins.buf)->ascii + place;
}

/* What begins at a place: how many bytes, whether they are no character, what that costs by itself, and which it is. */
typedef struct {
    int width, is_lost;
    long cost;
    Py_UCS4 character;
} Begun;

static Begun
begins_in_utf_8(const Runs *self, const uint8_t *data, Py_ssize_t size)
{
    Begun begun;
    begun.width = read_utf_8(data, size, &begun.character);
    begun.is_lost = begun.width == 0 || (begun.width > 1 && begun.width < self->least_width);
    if (begun.is_lost)
        begun.width = 1;
    begun.cost = begun.is_lost ? 0 : cost_alone(self->costs, begun.character);
    return begun;
}

/* Ask what begins at a place; the cost is -1 where Python raised. */
static Begun
ask_what_begins(const Runs *self, const uint8_t *data, Py_ssize_t size)
{
    First first;
    if (ask_first(self->first_of, data, size, &first) < 0)
        return (Begun){.cost = -1};
    int is_lost = first.character == NO_CHARACTER;
    return (Begun){first.width, is_lost, is_lost ? 0 : cost_alone(self->costs, first.character), first.character};
}

/* Find what begins at a place, and the character only where that is wanted; the cost is -1 where Python raised. */
static inline Begun
begins_at(const Runs *self, const uint8_t *data, Py_ssize_t size, const int wants_character)
{
    if (is_of_utf_8(self))
        return begins_in_utf_8(self, data, size);
    unsigned entry = read_number(entry_at(self, data[0], size > 1 ? data[1] : 0)), which = entry & WHICH;
    if (which == BROKEN || which == BROKEN_PAIR)
        return (Begun){width_of(entry), 1, 0, NO_CHARACTER};
    if (which == LONGER || cost_in(entry) < 0)
        return ask_what_begins(self, data, size);
    if (!wants_character)
        return (Begun){width_of(entry), 0, cost_in(entry), NOT_TOLD};
    Py_UCS4 c = which == ONE              ? shown_alone(self->shown.buf, data[0])
                : data[1] >= FIRST_TRAIL ? shown_by_pair(self->shown.buf, data[0], data[1])
                                          : NOT_TOLD;
    return c == NOT_TOLD ? ask_what_begins(self, data, size) : (Begun){width_of(entry), 0, cost_in(entry), c};
}

/* Return what some part of a line's bytes from a start on gains at best, each character by itself or behind the one before
   it; -1 where Python raised. `stands` has one more than there are bytes. */
static long
best_gain_of_line(Runs *self, const uint8_t *data, Py_ssize_t size, const int32_t *stands, Py_ssize_t start, long broken,
          int in_pairs)
{
    long total = 0, best = 0;
    Begun before = {.is_lost = 1}, begun;
    for (Py_ssize_t at = start; at < size; before = begun) {
        begun = begins_at(self, data + at, size - at, in_pairs);
        long cost = begun.is_lost ? broken : begun.cost;
        if (in_pairs && cost >= 0 && !before.is_lost && !begun.is_lost)
            cost = cost_of_pair(self->costs, before.character, begun.character);
        if (cost < 0)
            return -1;
        /* Each broken byte counts by itself. */
        for (int part = 0, parts = begun.is_lost ? begun.width : 1; part < parts; part++) {
            Py_ssize_t end = at + begun.width / parts;
            if (end > size)
                end = size;
            total += stands[end] - stands[at] - cost;
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

/* What was met: what it costs, what of that is beyond ASCII, how many bytes are, and how many characters are kana. */
typedef struct {
    long total, total_beyond;
    Py_ssize_t beyond, kana;
} Weight;

/* Some bytes that are read in an encoding, how far they are, the entries of what was met so far, as many as there are bytes
   at the most, and the weight of what has none. */
typedef struct {
    Runs *runs;
    const uint8_t *here, *end;
    uint16_t *entries, *last;
    Weight weight;
} Weighed;

/* Begin with some bytes; there is room for the entries already. */
static inline void
begin_to_weigh(Weighed *self, Runs *runs, const uint8_t *data, Py_ssize_t size)
{
    self->runs = runs;
    self->here = data;
    self->end = data + size;
    self->last = self->entries;
    self->weight = (Weight){0};
}

static inline void
add_weight(Weight *weight, int width, long is_beyond, int is_kana, long cost)
{
    weight->total += cost;
    weight->total_beyond += -is_beyond & cost;
    weight->beyond += -is_beyond & width;
    weight->kana += is_kana;
}

/* Weigh what stands next, where its cost was not asked before. Return -1 where Python raised. */
static int
weigh_unknown(Weighed *self, long of_lost)
{
    Py_ssize_t left = self->end - self->here;
    Begun begun = begins_at(self->runs, self->here, left, 1);
    if (begun.cost < 0)
        return -1;
    int width = begun.is_lost ? (int)smaller(begun.width, left) : begun.width;
    self->here += width;
    if (begun.is_lost)
        add_weight(&self->weight, width, 1, 0, width * of_lost);
    else
        add_weight(&self->weight, width, begun.character >= 0x80, has(self->runs->kana, begun.character), begun.cost);
    return 0;
}

/* Read bytes side by side: how long a character is has to be waited for until the one behind it is read, and to guess it
   in an encoding that is not theirs takes as long; meanwhile the others go on. Return -1 where Python raised.

   Behind the last of all bytes is what a pair may not end with. */
static int
read_side_by_side(Weighed *each, Py_ssize_t count, long of_lost)
{
    Py_ssize_t going = 0;
    for (Weighed *one = each; one < each + count; one++)
        going += one->here < one->end;
    while (going > 0)
        for (Weighed *one = each; one < each + count; one++) {
            if (one->here >= one->end)
                continue;
            unsigned entry = is_of_utf_8(one->runs) ? 0 : read_number(entry_at(one->runs, one->here[0], one->here[1]));
            if (cost_in(entry) >= 0) {
                *one->last++ = (uint16_t)entry;
                one->here += width_of(entry);
            }
            else if (weigh_unknown(one, of_lost) < 0)
                return -1;
            going -= one->here >= one->end;
        }
    return 0;
}

/* Add entries up: a processor adds several at once where nothing branches and the sums stay in 32 bits. */
static void
add_entries(Weight *weight, const uint16_t *entries, Py_ssize_t count)
{
    int32_t total = 0, total_beyond = 0, beyond = 0, kana = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        int32_t entry = entries[i], cost = (entry & COST) - 1;
        int32_t is_beyond = -((entry & IS_BEYOND) != 0), is_pair = -((entry & WHICH) == BROKEN_PAIR);
        cost += is_pair & cost;
        total += cost;
        total_beyond += is_beyond & cost;
        beyond += is_beyond & width_of(entry);
        kana += (entry & IS_KANA) != 0;
    }
    weight->total += total;
    weight->total_beyond += total_beyond;
    weight->beyond += beyond;
    weight->kana += kana;
}

/* Weigh bytes, each in an encoding. Return -1 where Python raised. */
static int
weigh_each(Weighed *each, Py_ssize_t count)
{
    enum { ADDED_AT_ONCE = 1 << 16 };
    long of_lost = cost_alone(each->runs->costs, SHOWS_NOTHING);
    if (of_lost < 0 || read_side_by_side(each, count, of_lost) < 0)
        return -1;
    for (Weighed *one = each; one < each + count; one++)
        for (const uint16_t *at = one->entries; at < one->last; at += ADDED_AT_ONCE)
            add_entries(&one->weight, at, smaller(ADDED_AT_ONCE, one->last - at));
    return 0;
}

/* Return what each was found to cost; NULL where Python raised. */
static PyObject *
told_of(const Weighed *each, Py_ssize_t count)
{
    PyObject *list = PyList_New(count);
    for (Py_ssize_t i = 0; list != NULL && i < count; i++) {
        const Weight *weight = &each[i].weight;
        PyObject *told = Py_BuildValue("(llnn)", weight->total, weight->total_beyond, weight->beyond, weight->kana);
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
    Py_ssize_t several = PyTuple_GET_SIZE(pieces), count = PyTuple_GET_SIZE(runs) * several, size = 0;
    if (count == 0)
        return PyList_New(0);
    Weighed *each = NULL;
    uint16_t *entries = NULL;
    PyObject *told = NULL;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *one = PyTuple_GET_ITEM(runs, i / several), *piece = PyTuple_GET_ITEM(pieces, i % several);
        if (!PyObject_TypeCheck(one, type) || !PyBytes_Check(piece)) {
            PyErr_SetString(PyExc_TypeError, "Runs and bytes are needed");
            goto done;
        }
        size += PyBytes_GET_SIZE(piece);
    }
    each = PyMem_New(Weighed, count);
    entries = PyMem_New(uint16_t, size);
    if (each == NULL || entries == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t i = 0, at = 0; i < count; i++) {
        PyObject *piece = PyTuple_GET_ITEM(pieces, i % several);
        each[i].entries = entries + at;
        begin_to_weigh(&each[i], (Runs *)PyTuple_GET_ITEM(runs, i / several), (uint8_t *)PyBytes_AS_STRING(piece),
                       PyBytes_GET_SIZE(piece));
        at += PyBytes_GET_SIZE(piece);
    }
    if (weigh_each(each, count) == 0)
        told = told_of(each, count);
done:
    PyMem_Free(entries);
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

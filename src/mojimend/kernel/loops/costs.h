/* Costs: what characters cost under a model. */

#pragma once

#include "characters.h"
#include "leaves.h"

/* What the cache holds for a character: nothing yet; its number; it has none, and its cost whatever is before it; it
   has none, and what is before it counts, and its cost behind the edge. */
enum { UNSEEN = 0, NUMBER = 1u << 24, ALONE = 2u << 24, DEPENDS = 3u << 24, KIND = 0xFFu << 24 };

typedef struct {
    PyObject_HEAD
    Py_buffer rows, unigrams, backoffs, high, low, pairs;
    PyObject *look_up, *unknown;
    Characters *apart;         /* behind which a character without a number costs what it does behind the edge */
    Characters *alike;         /* those that cost the same if they have no number, */
    uint32_t of_alike;         /* and what the cache holds for them then */
    uint32_t *cache;
    uint64_t *pairs_met;       /* what pairs cost that were looked up, by a hash of their numbers: see below */
} Costs;

/* Each is a key of 48 bits, which is never 0, and in the lowest 16 bits the cost. They are written and read in one piece,
   so that threads can share them. They take 256 kB. Of 1 MB, which the system gives page by page, the first 1.4 MB of clean
   Chinese that a process reads took a fifth longer, and no text less time after that; with half as much garbled text takes
   5 to 10 in 100 longer. */
#define PAIRS_MET_BITS 15

static inline uint64_t
key_of_numbers(uint32_t first, uint32_t second)
{
    return (uint64_t)1 << 32 | first << 16 | second;
}

static inline uint64_t
key_of_characters(Py_UCS4 first, Py_UCS4 second)
{
    return (uint64_t)1 << 47 | (uint64_t)first << 21 | second;
}

static inline uint64_t *
place_of(const Costs *self, uint64_t key)
{
    return &self->pairs_met[(uint32_t)(key ^ key >> 21) * 2654435769u >> (32 - PAIRS_MET_BITS)];
}

static int
costs_traverse(Costs *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->look_up);
    Py_VISIT(self->unknown);
    Py_VISIT(self->apart);
    Py_VISIT(self->alike);
    return 0;
}

static int
costs_clear(Costs *self)
{
    Py_CLEAR(self->look_up);
    Py_CLEAR(self->unknown);
    Py_CLEAR(self->apart);
    Py_CLEAR(self->alike);
    return 0;
}

static void
costs_dealloc(Costs *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    costs_clear(self);
    Py_buffer *views[] = {&self->rows, &self->unigrams, &self->backoffs, &self->high, &self->low, &self->pairs};
    for (size_t i = 0; i < Py_ARRAY_LENGTH(views); i++)
        PyBuffer_Release(views[i]);
    PyMem_Free(self->cache);
    PyMem_Free(self->pairs_met);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
costs_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *code_points, *rows, *unigrams, *backoffs, *high, *low, *pairs, *look_up, *unknown, *apart, *alike;
    int cost_of_alike;
    static char *names[] = {"code_points", "rows", "unigrams", "backoffs", "high", "low", "pairs",
                            "look_up", "unknown", "apart", "alike", "cost_of_alike", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOOOOOOOOOOi", names, &code_points, &rows, &unigrams, &backoffs,
                                     &high, &low, &pairs, &look_up, &unknown, &apart, &alike, &cost_of_alike))
        return NULL;
    if (!is_one(type, apart, "Characters") || !is_one(type, alike, "Characters"))
        return NULL;
    Costs *self = (Costs *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->look_up = Py_NewRef(look_up);
    self->unknown = Py_NewRef(unknown);
    self->apart = (Characters *)Py_NewRef(apart);
    self->alike = (Characters *)Py_NewRef(alike);
    self->of_alike = ALONE | (uint32_t)cost_of_alike;
    self->cache = PyMem_Calloc(CODE_POINTS, sizeof(uint32_t));
    self->pairs_met = PyMem_Calloc(1 << PAIRS_MET_BITS, sizeof(uint64_t));
    if (self->cache == NULL || self->pairs_met == NULL)
        PyErr_NoMemory();
    if (PyErr_Occurred() || PyObject_GetBuffer(rows, &self->rows, PyBUF_SIMPLE) < 0 ||
        PyObject_GetBuffer(unigrams, &self->unigrams, PyBUF_SIMPLE) < 0 ||
        PyObject_GetBuffer(backoffs, &self->backoffs, PyBUF_SIMPLE) < 0 ||
        PyObject_GetBuffer(high, &self->high, PyBUF_SIMPLE) < 0 ||
        PyObject_GetBuffer(low, &self->low, PyBUF_SIMPLE) < 0 ||
        PyObject_GetBuffer(pairs, &self->pairs, PyBUF_SIMPLE) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    /* What has a number is itself what others are folded to, and need not be looked up. */
    Py_buffer known;
    if (PyObject_GetBuffer(code_points, &known, PyBUF_SIMPLE) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    for (Py_ssize_t number = 0; number < known.len / (Py_ssize_t)sizeof(uint32_t); number++) {
        uint32_t code_point = ((const uint32_t *)known.buf)[number];
        if (code_point < CODE_POINTS)
            self->cache[code_point] = NUMBER | (uint32_t)number;
    }
    PyBuffer_Release(&known);
    return (PyObject *)self;
}

/* Find out what the cache is to hold for a character, and keep it there; UNSEEN where Python raised. */
static uint32_t
find_entry(Costs *self, Py_UCS4 c)
{
    if (has(self->alike, c))
        return self->cache[c] = self->of_alike;
    PyObject *character = PyUnicode_FromOrdinal(c);
    if (character == NULL)
        return UNSEEN;
    PyObject *told = PyObject_CallOneArg(self->look_up, character);
    Py_DECREF(character);
    int number, first, depends;
    if (told == NULL)
        return UNSEEN;
    int is_told = PyArg_ParseTuple(told, "iip", &number, &first, &depends);
    Py_DECREF(told);
    if (!is_told)
        return UNSEEN;
    uint32_t entry = number >= 0 ? NUMBER | (uint32_t)number : (depends ? DEPENDS : ALONE) | (uint32_t)first;
    return self->cache[c] = entry;
}

/* Return what the cache holds for a character; UNSEEN where Python raised. */
static inline uint32_t
entry_of(Costs *self, Py_UCS4 c)
{
    uint32_t entry = self->cache[c];
    return entry != UNSEEN ? entry : find_entry(self, c);
}

/* A pair of characters that is searched, by their numbers, and where in the row of the first the second may stand. */
typedef struct {
    uint32_t before, number, first, last;
} Sought;

static inline Sought
begin_search(const Costs *self, uint32_t before, uint32_t number)
{
    const uint32_t *rows = self->rows.buf;
    return (Sought){before, number, rows[before], rows[before + 1]};
}

/* Look at the middle of where it may stand, and leave the half where it does. */
static inline void
halve(const Costs *self, Sought *pair)
{
    const uint8_t *high = self->high.buf, *low = self->low.buf;
    uint32_t middle = (pair->first + pair->last) / 2;
    uint8_t high_of_it = pair->number >> 8, low_of_it = pair->number & 0xFF;
    /* The lower byte is seldom needed, and has to be waited for. */
    if (high[middle] < high_of_it || (high[middle] == high_of_it && low[middle] < low_of_it))
        pair->first = middle + 1;
    else
        pair->last = middle;
}

/* Tell whether the pair that was searched has a cost of its own. */
static inline int
is_kept(const Costs *self, const Sought *pair)
{
    const uint8_t *high = self->high.buf, *low = self->low.buf;
    uint32_t at = pair->first;
    return at < ((const uint32_t *)self->rows.buf)[pair->before + 1] && high[at] == pair->number >> 8 &&
           low[at] == (pair->number & 0xFF);
}

/* Search a pair by itself. */
static Sought
find_pair(const Costs *self, uint32_t before, uint32_t number)
{
    Sought pair = begin_search(self, before, number);
    while (pair.first < pair.last)
        halve(self, &pair);
    return pair;
}

/* Remember what the pair costs that was searched, and return it. */
static long
keep_cost(Costs *self, const Sought *pair)
{
    const uint8_t *unigrams = self->unigrams.buf, *backoffs = self->backoffs.buf;
    long cost = is_kept(self, pair) ? ((const uint8_t *)self->pairs.buf)[pair->first]
                                    : backoffs[pair->before] + unigrams[pair->number];
    uint64_t key = key_of_numbers(pair->before, pair->number);
    *place_of(self, key) = key << 16 | (uint64_t)cost;
    return cost;
}

/* So many characters are a few: of more what was fetched would be gone again before it is needed. */
#define FEW 64

/* Look up the pairs that a few characters of a text make with the one before each, as far as they were not met before. To
   find a pair memory is waited for ten times, and many can wait together. */
static void
meet_pairs(Costs *self, PyObject *text, Py_ssize_t start, Py_ssize_t end)
{
    Sought pairs[FEW];
    int kind = PyUnicode_KIND(text), count = 0, left = 0;
    const void *data = PyUnicode_DATA(text);
    if (start < 1)
        start = 1;
    if (end - start > FEW)
        return;
    for (Py_ssize_t i = start - 1; i < end; i++)
        FETCH(&self->cache[PyUnicode_READ(kind, data, i)]);
    for (Py_ssize_t i = start; i < end; i++) {
        uint32_t before = self->cache[PyUnicode_READ(kind, data, i - 1)];
        uint32_t entry = self->cache[PyUnicode_READ(kind, data, i)];
        if ((before & KIND) != NUMBER || (entry & KIND) != NUMBER)
            continue;
        pairs[count].before = before & ~KIND;
        pairs[count].number = entry & ~KIND;
        FETCH(place_of(self, key_of_numbers(pairs[count].before, pairs[count].number)));
        FETCH((const uint32_t *)self->rows.buf + pairs[count].before);
        count++;
    }
    for (int k = 0; k < count; k++) {
        uint64_t key = key_of_numbers(pairs[k].before, pairs[k].number);
        if (*place_of(self, key) >> 16 != key)
            pairs[left++] = begin_search(self, pairs[k].before, pairs[k].number);
    }
    for (int more = left > 0; more;) {
        more = 0;
        for (int k = 0; k < left; k++) {
            if (pairs[k].first >= pairs[k].last)
                continue;
            more = 1;
            halve(self, &pairs[k]);
            uint32_t middle = (pairs[k].first + pairs[k].last) / 2;
            FETCH((const uint8_t *)self->high.buf + middle);
            FETCH((const uint8_t *)self->low.buf + middle);
        }
    }
    for (int k = 0; k < left; k++)
        keep_cost(self, &pairs[k]);
}

/* Return the cost of a character behind another, given the cache's entries for both; -1 where Python raised. */
static long
cost_behind(Costs *self, Py_UCS4 first, uint32_t before, Py_UCS4 second, uint32_t entry)
{
    if ((entry & KIND) == ALONE)
        return entry & ~KIND;
    if ((entry & KIND) == DEPENDS && has(self->apart, first))
        return entry & ~KIND;
    if ((entry & KIND) == DEPENDS) {
        uint64_t key = key_of_characters(first, second), *met = place_of(self, key), known = *met;
        if (known >> 16 == key)
            return known & 0xFFFF;
        Py_UCS4 both[] = {first, second};
        PyObject *pair = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, both, 2);
        PyObject *told = pair == NULL ? NULL : PyObject_CallOneArg(self->unknown, pair);
        Py_XDECREF(pair);
        long cost = told == NULL ? -1 : PyLong_AsLong(told);
        Py_XDECREF(told);
        if (cost >= 0 && cost <= 0xFFFF)
            *met = key << 16 | (uint64_t)cost;
        return cost;
    }
    uint32_t number = entry & ~KIND;
    if ((before & KIND) != NUMBER)
        return ((const uint8_t *)self->unigrams.buf)[number];
    before &= ~KIND;
    uint64_t key = key_of_numbers(before, number), known = *place_of(self, key);
    if (known >> 16 == key)
        return known & 0xFFFF;
    Sought pair = find_pair(self, before, number);
    return keep_cost(self, &pair);
}

/* Walk over text[start:end], each character behind the one before it, and the first of all at the edge of a line; into a
   list if there is one. Return the sum, -1 where Python raised. */
static long
walk(Costs *self, PyObject *text, Py_ssize_t start, Py_ssize_t end, PyObject *list)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_UCS4 first = start > 0 ? PyUnicode_READ(kind, data, start - 1) : '\n', second;
    uint32_t before = entry_of(self, first), entry;
    long total = 0;
    if (before == UNSEEN)
        return -1;
    for (Py_ssize_t i = start; i < end; i++, first = second, before = entry) {
        second = PyUnicode_READ(kind, data, i);
        entry = entry_of(self, second);
        long cost = entry == UNSEEN ? -1 : cost_behind(self, first, before, second, entry);
        if (cost < 0)
            return -1;
        total += cost;
        if (list != NULL) {
            PyObject *item = PyLong_FromLong(cost);
            if (item == NULL)
                return -1;
            PyList_SET_ITEM(list, i - start, item);
        }
    }
    return total;
}

static PyObject *
costs_cost(Costs *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "a text is needed");
    long total = walk(self, text, 0, PyUnicode_GET_LENGTH(text), NULL);
    return total < 0 ? NULL : PyLong_FromLong(total);
}

static PyObject *
costs_costs(Costs *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "a text is needed");
    Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    PyObject *list = PyList_New(size);
    if (list != NULL && walk(self, text, 0, size, list) < 0)
        Py_CLEAR(list);
    return list;
}

/* Return the cost of a character by itself, given the cache's entry for it; -1 where there is none. In text that was read
   byte by byte one in two has a number, and no processor guesses which. */
static inline long
cost_of_entry(const Costs *self, uint32_t entry)
{
    uint32_t has_number = -(uint32_t)((entry & KIND) == NUMBER), told = entry & ~KIND;
    uint32_t of_number = ((const uint8_t *)self->unigrams.buf)[told & has_number];
    return entry == UNSEEN ? -1 : (long)((of_number & has_number) | (told & ~has_number));
}

/* Return the cost of a character by itself: that behind the edge if it has no number; -1 where Python raised. */
static long
cost_alone(Costs *self, Py_UCS4 c)
{
    return cost_of_entry(self, entry_of(self, c));
}

/* Return the cost of a character behind another; -1 where Python raised. */
static long
cost_of_pair(Costs *self, Py_UCS4 first, Py_UCS4 second)
{
    uint32_t before = entry_of(self, first), entry = before == UNSEEN ? UNSEEN : entry_of(self, second);
    return entry == UNSEEN ? -1 : cost_behind(self, first, before, second, entry);
}

/* Tell whether the model has met a character behind another, often enough to have a cost for it; -1 where Python raised. */
static int
is_known_pair(Costs *self, Py_UCS4 first, Py_UCS4 second)
{
    uint32_t before = entry_of(self, first), entry = before == UNSEEN ? UNSEEN : entry_of(self, second);
    if (entry == UNSEEN)
        return -1;
    if ((before & KIND) != NUMBER || (entry & KIND) != NUMBER)
        return 0;
    Sought pair = find_pair(self, before & ~KIND, entry & ~KIND);
    return is_kept(self, &pair);
}

/* Return what text[start:end] costs, each character by itself; -1 where Python raised. */
static long
alone_in_part(Costs *self, PyObject *text, Py_ssize_t start, Py_ssize_t end)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    long total = 0;
    for (Py_ssize_t i = start; i < end; i++) {
        long cost = cost_alone(self, PyUnicode_READ(kind, data, i));
        if (cost < 0)
            return -1;
        total += cost;
    }
    return total;
}

static PyObject *
costs_alone(Costs *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "a text is needed");
    long total = alone_in_part(self, text, 0, PyUnicode_GET_LENGTH(text));
    return total < 0 ? NULL : PyLong_FromLong(total);
}

/* Return how much more than is usual the worst part of text[start:end] costs; -1 where Python raised. */
static long
excess(Costs *self, PyObject *text, Py_ssize_t start, Py_ssize_t end, long usual)
{
    long total = 0, most = 0;
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    if (start < 0)
        start = 0;
    if (end > size)
        end = size;
    Py_UCS4 first = start > 0 && start <= size ? PyUnicode_READ(kind, data, start - 1) : '\n';
    uint32_t before = entry_of(self, first);
    if (before == UNSEEN)
        return -1;
    meet_pairs(self, text, start, end);
    for (Py_ssize_t i = start; i < end; i++) {
        Py_UCS4 second = PyUnicode_READ(kind, data, i);
        uint32_t entry = entry_of(self, second);
        long cost = entry == UNSEEN ? -1 : cost_behind(self, first, before, second, entry);
        if (cost < 0)
            return -1;
        total += cost - usual;
        if (total < 0)
            total = 0;
        else if (total > most)
            most = total;
        first = second;
        before = entry;
    }
    return most;
}

/* Return the same by what each character costs by itself, or each beyond ASCII, which takes a tenth of the time; -1 where
   Python raised. */
static long
excess_alone(Costs *self, PyObject *text, Py_ssize_t start, Py_ssize_t end, long usual, int passes_ascii)
{
    long total = 0, most = 0;
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    for (Py_ssize_t i = start < 0 ? 0 : start; i < end && i < PyUnicode_GET_LENGTH(text); i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (passes_ascii && c < 0x80)
            continue;
        long cost = cost_alone(self, c);
        if (cost < 0)
            return -1;
        total += cost - usual;
        if (total < 0)
            total = 0;
        else if (total > most)
            most = total;
    }
    return most;
}

static PyObject *
costs_excess(Costs *self, PyObject *args)
{
    PyObject *text;
    Py_ssize_t start, end;
    long usual;
    if (!PyArg_ParseTuple(args, "Unnl", &text, &start, &end, &usual))
        return NULL;
    long most = excess(self, text, start, end, usual);
    return most < 0 ? NULL : PyLong_FromLong(most);
}

static PyObject *
costs_excess_alone(Costs *self, PyObject *args)
{
    PyObject *text;
    Py_ssize_t start, end;
    long usual;
    int passes_ascii;
    if (!PyArg_ParseTuple(args, "Unnlp", &text, &start, &end, &usual, &passes_ascii))
        return NULL;
    long most = excess_alone(self, text, start, end, usual, passes_ascii);
    return most < 0 ? NULL : PyLong_FromLong(most);
}

/* Tell the parts of a text that cost more than is usual: see `dear_parts` of models/plausibility.py. */
static PyObject *
costs_dear_parts(Costs *self, PyObject *args)
{
    PyObject *text, *unsaid, *list = PyList_New(0);
    long usual, least, drop, total = 0, best = 0;
    Py_ssize_t start = -1, end = 0;
    if (list == NULL || !PyArg_ParseTuple(args, "UlllU", &text, &usual, &least, &drop, &unsaid))
        goto failed;
    Py_UCS4 before = '\n', c;
    for (Py_ssize_t at = 0; at < PyUnicode_GET_LENGTH(text); at++, before = c) {
        c = PyUnicode_READ_CHAR(text, at);
        long cost = cost_of_pair(self, before, c);
        if (cost < 0)
            goto failed;
        long over = PyUnicode_FindChar(unsaid, c, 0, PyUnicode_GET_LENGTH(unsaid), 1) >= 0 ? 0 : cost - usual;
        if (start < 0) {
            if (over <= 0 || c < 0x80)
                continue;
            start = at;
            total = best = 0;
        }
        total += over;
        if (total > best) {
            best = total;
            end = at + 1;
        }
        else if (total < 0 || total < best - drop) {
            if (best > least && add_range(list, start, end) < 0)
                goto failed;
            start = -1;
        }
    }
    if (start >= 0 && best > least && add_range(list, start, end) < 0)
        goto failed;
    return list;
failed:
    Py_XDECREF(list);
    return NULL;
}

/* Characters of which one stands at a place, how much speaks for each whatever is around it, and how much with that. */
typedef struct {
    PyObject *chars;
    Py_ssize_t size;
    uint32_t *entries;         /* what the cache holds for each */
    double *speaks, *shares;
    double *alone;             /* what each weighs by itself, */
    double *pairs;             /* and what with each that stands before, in rows, as far as that is something else */
    int depends;               /* whether for one of them it may be also behind one that has no number */
} Options;

/* How much speaks for what costs so much. */
typedef struct {
    double *numbers;
    Py_ssize_t size;
} Weights;

/* Say what weighs so much as a cost tells. Return -1 where Python raised. */
static inline int
weight_of(const Weights *weights, long cost, double *weight)
{
    if (cost >= weights->size)
        PyErr_SetString(PyExc_IndexError, "a weight for each cost is needed");
    if (cost < 0 || cost >= weights->size)
        return -1;
    *weight = weights->numbers[cost];
    return 0;
}

/* Tell whether each character of a place weighs what it does by itself, behind one of those before it. Most that may have
   been written are so rare that they have no number. */
static inline int
are_alone(const Options *place, Py_ssize_t before)
{
    return ((place - 1)->entries[before] & KIND) != NUMBER && !place->depends;
}

/* Return what the characters of a place weigh behind one of those before it. */
static inline const double *
row_of(const Options *place, Py_ssize_t before)
{
    return are_alone(place, before) ? place->alone : place->pairs + before * place->size;
}

/* Say what the pairs of characters of a place with those before it weigh, by what they cost. Return -1 where Python
   raised. */
static int
weigh_pairs(Costs *self, const Options *place, const Weights *weights)
{
    const Options *before = place - 1;
    for (Py_ssize_t i = 0; i < before->size; i++) {
        if (are_alone(place, i))
            continue;
        double *row = place->pairs + i * place->size;
        memcpy(row, place->alone, place->size * sizeof(double));
        Py_UCS4 c = PyUnicode_READ_CHAR(before->chars, i);
        /* They lie anywhere, and memory is waited for less if it is asked for all of them first. */
        for (Py_ssize_t k = 0; k < place->size; k++)
            if ((place->entries[k] & KIND) == NUMBER)
                FETCH(place_of(self, key_of_numbers(before->entries[i] & ~KIND, place->entries[k] & ~KIND)));
        for (Py_ssize_t k = 0; k < place->size; k++) {
            if ((place->entries[k] & KIND) == ALONE)
                continue;
            long cost = cost_behind(self, c, before->entries[i], PyUnicode_READ_CHAR(place->chars, k), place->entries[k]);
            if (weight_of(weights, cost, &row[k]) < 0)
                return -1;
        }
    }
    return 0;
}

/* Make numbers add up to 1. Return -1 where all are 0. */
static int
scale(double *numbers, Py_ssize_t size)
{
    double total = 0;
    for (Py_ssize_t i = 0; i < size; i++)
        total += numbers[i];
    if (total == 0)
        PyErr_SetString(PyExc_ZeroDivisionError, "nothing speaks for any of the characters");
    for (Py_ssize_t i = 0; i < size && total != 0; i++)
        numbers[i] /= total;
    return total == 0 ? -1 : 0;
}

/* Return those characters of a place that have so large a share at the least, each with that, the largest first; each is of
   a type of tuples. */
static PyObject *
largest(PyTypeObject *type, const Options *place, const double *shares, double least)
{
    PyObject *list = PyList_New(0);
    for (Py_ssize_t i = 0; list != NULL && i < place->size; i++) {
        if (!(shares[i] >= least))
            continue;
        Py_ssize_t at = PyList_GET_SIZE(list);
        while (at > 0 && PyFloat_AS_DOUBLE(PyTuple_GET_ITEM(PyList_GET_ITEM(list, at - 1), 1)) < shares[i])
            at--;
        PyObject *c = PyUnicode_Substring(place->chars, i, i + 1), *share = PyFloat_FromDouble(shares[i]);
        PyObject *items = c == NULL || share == NULL ? NULL : PyTuple_Pack(2, c, share);
        PyObject *told = items == NULL ? NULL : make_leaf(type, items);
        int failed = told == NULL || PyList_Insert(list, at, told) < 0;
        Py_XDECREF(c);
        Py_XDECREF(share);
        Py_XDECREF(items);
        Py_XDECREF(told);
        if (failed)
            Py_CLEAR(list);
    }
    PyObject *told = list == NULL ? NULL : PyList_AsTuple(list);
    Py_XDECREF(list);
    return told;
}

/* Copy a list of floats. Return NULL where Python raised. */
static double *
floats_of(PyObject *list)
{
    Py_ssize_t size = PyList_GET_SIZE(list);
    double *numbers = PyMem_New(double, size + 1);
    if (numbers == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t i = 0; i < size; i++) {
        PyObject *number = PyList_GET_ITEM(list, i);
        numbers[i] = PyFloat_CheckExact(number) ? PyFloat_AS_DOUBLE(number) : PyFloat_AsDouble(number);
    }
    if (PyErr_Occurred()) {
        PyMem_Free(numbers);
        return NULL;
    }
    return numbers;
}

/* Add so many times some numbers to others. */
static inline void
add(double *restrict sums, const double *restrict numbers, double times, Py_ssize_t size)
{
    for (Py_ssize_t i = 0; i < size; i++)
        sums[i] += times * numbers[i];
}

/* Find out of the characters of a place what can be told without those before it. Return -1 where Python raised. */
static int
weigh_alone(Costs *self, Options *place, const Weights *weights)
{
    size_t room = place->size + 1;
    place->entries = PyMem_New(uint32_t, room);
    place->alone = PyMem_New(double, room);
    place->shares = PyMem_New(double, room);
    if (place->entries == NULL || place->alone == NULL || place->shares == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < place->size; i++) {
        uint32_t entry = place->entries[i] = entry_of(self, PyUnicode_READ_CHAR(place->chars, i));
        if (weight_of(weights, cost_of_entry(self, entry), &place->alone[i]) < 0)
            return -1;
        place->depends |= (entry & KIND) == DEPENDS;
    }
    return 0;
}

/* Take from Python what may stand at a place. Return -1 where it raised. */
static int
get_options(Costs *self, PyObject *option, const Weights *weights, Options *place)
{
    PyObject *speaks;
    if (!PyTuple_Check(option)) {
        PyErr_SetString(PyExc_TypeError, "characters and what speaks for each are needed");
        return -1;
    }
    if (!PyArg_ParseTuple(option, "UO!", &place->chars, &PyList_Type, &speaks))
        return -1;
    place->size = PyUnicode_GET_LENGTH(place->chars);
    if (place->size != PyList_GET_SIZE(speaks)) {
        PyErr_SetString(PyExc_ValueError, "something has to speak for each character");
        return -1;
    }
    place->speaks = floats_of(speaks);
    return place->speaks == NULL ? -1 : weigh_alone(self, place, weights);
}

/* Let one character be all that may stand at a place. Return -1 where Python raised. */
static int
get_known(Costs *self, PyObject *character, const Weights *weights, Options *place)
{
    place->chars = character;
    place->size = 1;
    if (weigh_alone(self, place, weights) < 0)
        return -1;
    place->shares[0] = 1;
    return 0;
}

/* Go through the places, forward and back, and tell of each: see `likeliest` of models/plausibility.py. `places` has one
   more at either end, of which it is known what stands there. */
static PyObject *
tell_places(Costs *self, PyTypeObject *type, Options *places, Py_ssize_t count, const Weights *weights, double least,
            double *back)
{
    for (Options *place = places + 1; place <= places + count + 1; place++) {
        const Options *before = place - 1;
        if (weigh_pairs(self, place, weights) < 0)
            return NULL;
        if (place > places + count)
            break;
        memset(place->shares, 0, place->size * sizeof(double));
        for (Py_ssize_t i = 0; i < before->size; i++)
            add(place->shares, row_of(place, i), before->shares[i], place->size);
        for (Py_ssize_t k = 0; k < place->size; k++)
            place->shares[k] *= place->speaks[k];
        if (scale(place->shares, place->size) < 0)
            return NULL;
    }
    PyObject *told = PyList_New(count);
    for (Options *place = places + count; told != NULL && place > places; place--) {
        const Options *behind = place + 1;
        double alone = 0;
        for (Py_ssize_t k = 0; k < behind->size; k++)
            alone += behind->shares[k] * behind->alone[k];
        for (Py_ssize_t i = 0; i < place->size; i++) {
            back[i] = are_alone(behind, i) ? alone : 0;
            for (Py_ssize_t k = 0; k < behind->size && !are_alone(behind, i); k++)
                back[i] += behind->shares[k] * behind->pairs[i * behind->size + k];
        }
        int failed = scale(back, place->size) < 0;
        for (Py_ssize_t i = 0; i < place->size; i++) {
            double ahead = place->shares[i];
            place->shares[i] = place->speaks[i] * back[i];
            back[i] *= ahead;
        }
        failed = failed || scale(back, place->size) < 0;
        PyObject *of_it = failed ? NULL : largest(type, place, back, least);
        if (of_it == NULL)
            Py_CLEAR(told);
        else
            PyList_SET_ITEM(told, place - places - 1, of_it);
    }
    return told;
}

/* Make room for what the pairs of all places weigh. */
static double *
room_for_pairs(Options *places, Py_ssize_t count)
{
    Py_ssize_t all = 0;
    for (Options *place = places + 1; place <= places + count + 1; place++)
        all += place->size * (place - 1)->size;
    double *room = PyMem_New(double, all + 1), *pairs = room;
    if (room == NULL)
        PyErr_NoMemory();
    for (Options *place = places + 1; room != NULL && place <= places + count + 1; place++) {
        place->pairs = pairs;
        pairs += place->size * (place - 1)->size;
    }
    return room;
}

static PyObject *
costs_likeliest(Costs *self, PyObject *args)
{
    PyObject *type, *options, *before, *behind, *told = NULL;
    Py_buffer numbers;
    double least;
    if (!PyArg_ParseTuple(args, "O!O!(UU)y*d", &PyType_Type, &type, &PyList_Type, &options, &before, &behind, &numbers,
                          &least))
        return NULL;
    if (PyUnicode_GET_LENGTH(before) != 1 || PyUnicode_GET_LENGTH(behind) != 1) {
        PyBuffer_Release(&numbers);
        return PyErr_Format(PyExc_ValueError, "one character before them and one behind are needed");
    }
    Py_ssize_t count = PyList_GET_SIZE(options), most = 1;
    double *back = NULL, *pairs = NULL;
    Weights weights = {numbers.buf, numbers.len / (Py_ssize_t)sizeof(double)};
    Options *places = PyMem_Calloc(count + 2, sizeof(Options));
    int failed = places == NULL;
    if (failed)
        PyErr_NoMemory();
    for (Py_ssize_t n = 1; n <= count && !failed; n++) {
        failed = get_options(self, PyList_GET_ITEM(options, n - 1), &weights, &places[n]) < 0;
        most = places[n].size > most ? places[n].size : most;
    }
    failed = failed || get_known(self, before, &weights, &places[0]) < 0 ||
             get_known(self, behind, &weights, &places[count + 1]) < 0;
    if (!failed) {
        pairs = room_for_pairs(places, count);
        back = PyMem_New(double, most);
        if (back == NULL)
            PyErr_NoMemory();
        if (pairs != NULL && back != NULL)
            told = tell_places(self, (PyTypeObject *)type, places, count, &weights, least, back);
    }
    for (Py_ssize_t n = 0; places != NULL && n < count + 2; n++) {
        PyMem_Free(places[n].entries);
        PyMem_Free(places[n].speaks);
        PyMem_Free(places[n].shares);
        PyMem_Free(places[n].alone);
    }
    PyMem_Free(places);
    PyMem_Free(pairs);
    PyMem_Free(back);
    PyBuffer_Release(&numbers);
    return told;
}

/* Tell how many pairs of neighbours of a text have a number. */
static PyObject *
costs_count_known_pairs(Costs *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "a text is needed");
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    long count = 0;
    for (Py_ssize_t i = 1; i < PyUnicode_GET_LENGTH(text); i++) {
        int is_known = is_known_pair(self, PyUnicode_READ(kind, data, i - 1), PyUnicode_READ(kind, data, i));
        if (is_known < 0)
            return NULL;
        count += is_known;
    }
    return PyLong_FromLong(count);
}

/* How often a character stands in each of two texts, or two side by side. */
typedef struct {
    uint64_t key;      /* never 0 */
    uint32_t in[2];
} Times;

/* What is counted of two texts: characters by themselves, or each with the one before it. */
typedef struct {
    PyObject *texts[2];
    int in_pairs;
    Times *times;
    size_t mask;
} Counted;

static inline uint64_t
counted_at(const Counted *counted, PyObject *text, Py_ssize_t i)
{
    uint64_t c = PyUnicode_READ_CHAR(text, i);
    return (uint64_t)1 << 63 | (counted->in_pairs ? (uint64_t)PyUnicode_READ_CHAR(text, i - 1) << 21 | c : c);
}

static Times *
times_of(const Counted *counted, uint64_t key)
{
    size_t i = (size_t)(key * 0x9E3779B97F4A7C15u >> 32) & counted->mask;
    while (counted->times[i].key != 0 && counted->times[i].key != key)
        i = (i + 1) & counted->mask;
    return &counted->times[i];
}

static void
count(Counted *counted)
{
    memset(counted->times, 0, (counted->mask + 1) * sizeof(Times));
    for (int which = 0; which < 2; which++)
        for (Py_ssize_t i = counted->in_pairs; i < PyUnicode_GET_LENGTH(counted->texts[which]); i++) {
            uint64_t key = counted_at(counted, counted->texts[which], i);
            Times *times = times_of(counted, key);
            times->key = key;
            times->in[which]++;
        }
}

/* Add what one of the texts has more often than the other, as often and once each, so much as it weighs; in the order in
   which it stands there. Return -1 where Python raised. */
static int
add_what_differs(Costs *self, const Counted *counted, int which, double weight, double *all, double *each)
{
    PyObject *text = counted->texts[which];
    for (Py_ssize_t i = counted->in_pairs; i < PyUnicode_GET_LENGTH(text); i++) {
        Times *times = times_of(counted, counted_at(counted, text, i));
        if (times->in[which] <= times->in[!which])
            continue;
        uint32_t more = times->in[which] - times->in[!which];
        times->in[which] = times->in[!which];
        Py_UCS4 c = PyUnicode_READ_CHAR(text, i);
        long cost = counted->in_pairs ? cost_of_pair(self, PyUnicode_READ_CHAR(text, i - 1), c) : cost_alone(self, c);
        if (cost < 0)
            return -1;
        *all += weight * cost * more;
        *each += weight * cost;
    }
    return 0;
}

/* Tell what each of two texts costs where they differ, all of it and each part once: see `difference` of
   models/plausibility.py. */
static PyObject *
costs_difference(Costs *self, PyObject *args)
{
    Counted counted;
    double of_pairs, of_characters, of_new_pairs, of_new_characters, all[2] = {0, 0}, each[2] = {0, 0};
    if (!PyArg_ParseTuple(args, "UU(dd)(dd)", &counted.texts[0], &counted.texts[1], &of_pairs, &of_characters,
                          &of_new_pairs, &of_new_characters))
        return NULL;
    size_t both = PyUnicode_GET_LENGTH(counted.texts[0]) + PyUnicode_GET_LENGTH(counted.texts[1]), room = 16;
    while (room < 2 * both)
        room *= 2;
    counted.mask = room - 1;
    counted.times = PyMem_Malloc(room * sizeof(Times));
    if (counted.times == NULL)
        return PyErr_NoMemory();
    for (counted.in_pairs = 1; counted.in_pairs >= 0; counted.in_pairs--) {
        double of_old = counted.in_pairs ? of_pairs : of_characters;
        double of_new = counted.in_pairs ? of_new_pairs : of_new_characters;
        count(&counted);
        if (add_what_differs(self, &counted, 0, of_old, &all[0], &each[0]) < 0)
            break;
        /* What it has no more often now is as often as in the other. */
        if (add_what_differs(self, &counted, 1, of_new, &all[1], &each[1]) < 0)
            break;
    }
    PyMem_Free(counted.times);
    return PyErr_Occurred() ? NULL : Py_BuildValue("(dd)(dd)", all[0], all[1], each[0], each[1]);
}

/* A line of a text: where it begins and ends. */
typedef struct {
    Py_ssize_t start, end;
} Line;

/* Return the line that begins at a place. */
static Line
line_at(PyObject *text, Py_ssize_t start)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(text), end = PyUnicode_FindChar(text, '\n', start, size, 1);
    return (Line){start, end < 0 ? size : end};
}

/* Tell whether so much of what is not ASCII in a part of a text is in a set. */
static int
has_share(const Characters *wanted, PyObject *text, Py_ssize_t start, Py_ssize_t end, double share)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t beyond = 0, found = 0;
    for (Py_ssize_t i = start; i < end; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        beyond += c >= 0x80;
        found += has(wanted, c);
    }
    return found >= share * beyond;
}

/* How lines are compared: see `Comparison` of models/plausibility.py. */
typedef struct {
    double of_pairs, of_characters, of_new;
    long usual;
    PyObject *wanted;
    double share, least;
    Py_ssize_t ends;
    long usual_alone;
} Comparison;

/* Work out what a line gains. Return whether it counts by that, -1 where Python raised. */
static int
gain_of_line(Costs *self, const Comparison *by, PyObject *old, Line was, PyObject *new, Line would, double *gain)
{
    Py_ssize_t size = would.end - would.start, rest = size - 2 * by->ends, ends = rest > 0 ? by->ends : 0;
    Py_ssize_t begun = would.start + ends, last = would.end - ends;
    long alone = alone_in_part(self, old, was.start, was.end), cost, stands;
    long of_rest = alone < 0 ? -1 : alone_in_part(self, new, begun, last);
    long first_alone = of_rest < 0 ? -1 : alone_in_part(self, new, would.start, begun);
    long last_alone = first_alone < 0 ? -1 : alone_in_part(self, new, last, would.end);
    if (last_alone < 0)
        return -1;
    long would_alone = first_alone + of_rest + last_alone;
    if (rest > 0) {
        long first_cost = walk(self, new, would.start, begun, NULL);
        long last_cost = first_cost < 0 ? -1 : walk(self, new, last, would.end, NULL);
        if (last_cost < 0)
            return -1;
        cost = first_cost + of_rest + last_cost;
        *gain = by->of_pairs * alone + by->of_characters * alone -
                by->of_new * (by->of_pairs * cost + by->of_characters * would_alone);
        if (first_cost < by->usual * by->ends && last_cost < by->usual * by->ends && of_rest < by->usual_alone * rest &&
            *gain > by->least)
            return 1;
    }
    cost = walk(self, new, would.start, would.end, NULL);
    stands = cost < 0 ? -1 : walk(self, old, was.start, was.end, NULL);
    if (stands < 0)
        return -1;
    *gain = by->of_pairs * stands + by->of_characters * alone -
            by->of_new * (by->of_pairs * cost + by->of_characters * would_alone);
    return *gain > by->least && cost < by->usual * size;
}

/* Tell of the lines of a text, as far as they gain, how much more each costs than that of another, which would stand
   there: see `gains_of_lines` of models/plausibility.py. */
static PyObject *
costs_gains_of_lines(Costs *self, PyObject *args)
{
    PyObject *old, *new;
    Comparison by;
    if (!PyArg_ParseTuple(args, "UU(dd)dlOddnl", &old, &new, &by.of_pairs, &by.of_characters, &by.of_new, &by.usual,
                          &by.wanted, &by.share, &by.least, &by.ends, &by.usual_alone))
        return NULL;
    if (!is_one(Py_TYPE(self), by.wanted, "Characters"))
        return NULL;
    PyObject *list = PyList_New(0);
    Line was = {.end = -1}, would = {.end = -1};
    int more = list == NULL ? -1 : 1;
    while (more > 0) {
        more = would.end < PyUnicode_GET_LENGTH(new);
        if (more != (was.end < PyUnicode_GET_LENGTH(old))) {
            PyErr_SetString(PyExc_ValueError, "both texts need as many lines");
            more = -1;
        }
        if (more <= 0)
            break;
        was = line_at(old, was.end + 1);
        would = line_at(new, would.end + 1);
        double gain;
        more = gain_of_line(self, &by, old, was, new, would, &gain);
        if (more <= 0 || !has_share((const Characters *)by.wanted, new, would.start, would.end, by.share))
            break;
        PyObject *told = PyFloat_FromDouble(gain);
        if (told == NULL || PyList_Append(list, told) < 0)
            more = -1;
        Py_XDECREF(told);
    }
    if (more < 0)
        Py_CLEAR(list);
    return list;
}

static PyMethodDef costs_methods[] = {
    {"dear_parts", (PyCFunction)costs_dear_parts, METH_VARARGS, NULL},
    {"likeliest", (PyCFunction)costs_likeliest, METH_VARARGS, NULL},
    {"count_known_pairs", (PyCFunction)costs_count_known_pairs, METH_O, NULL},
    {"difference", (PyCFunction)costs_difference, METH_VARARGS, NULL},
    {"excess", (PyCFunction)costs_excess, METH_VARARGS, NULL},
    {"excess_alone", (PyCFunction)costs_excess_alone, METH_VARARGS, NULL},
    {"cost", (PyCFunction)costs_cost, METH_O, NULL},
    {"costs", (PyCFunction)costs_costs, METH_O, NULL},
    {"alone", (PyCFunction)costs_alone, METH_O, NULL},
    {"gains_of_lines", (PyCFunction)costs_gains_of_lines, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot costs_slots[] = {
    {Py_tp_new, costs_new},
    {Py_tp_dealloc, costs_dealloc},
    {Py_tp_traverse, costs_traverse},
    {Py_tp_clear, costs_clear},
    {Py_tp_methods, costs_methods},
    {0, NULL},
};

static PyType_Spec costs_spec = {
    .name = "mojimend.kernel._loops.Costs",
    .basicsize = sizeof(Costs),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = costs_slots,
};

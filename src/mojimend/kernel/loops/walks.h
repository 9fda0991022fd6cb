/* Walks: the best ways through a window of a line for one misreading. */

#pragma once

#include "costs.h"

/* Up to four bytes, the first in the highest place, and above them how many they are. */
typedef uint64_t Piece;

enum { MOST_IN_PIECE = 4, MOST_WAITING = 3, UNKNOWN_BYTE = 0xFF };

static inline int
size_of(Piece piece)
{
    return (int)(piece >> 32);
}

static inline uint8_t
byte_of(Piece piece, int i)
{
    return (uint8_t)(piece >> (8 * (3 - i)));
}

static inline Piece
with_byte(Piece piece, uint8_t byte)
{
    return (piece + ((Piece)1 << 32)) | (Piece)byte << (8 * (3 - size_of(piece)));
}

static PyObject *
bytes_of_piece(Piece piece)
{
    char data[MOST_IN_PIECE];
    for (int i = 0; i < size_of(piece); i++)
        data[i] = (char)byte_of(piece, i);
    return PyBytes_FromStringAndSize(data, size_of(piece));
}

/* Tell whether the bytes that wait belong to a character that lost one. */
static inline int
is_broken(Piece waiting)
{
    for (int i = 0; i < size_of(waiting); i++)
        if (byte_of(waiting, i) == UNKNOWN_BYTE)
            return 1;
    return 0;
}

/* A character that a way completes: what is known of its bytes if it lost some, and what it costs by itself. */
typedef struct {
    Piece known;
    double cost;
    Py_UCS4 c;
} New;

/* A way on over a character: see `Way` of rules/ways_on.py. */
typedef struct {
    Piece waits;
    double extra;
    const New *news;
    int count;
    int has_gap;
} WayOn;

/* All of them, in one piece of memory with what they complete; or that there can be none. If the bytes of the character
   are all that counts, they are told where none wait. */
typedef struct {
    int can_be, count;
    Piece piece;
    WayOn ways[];
} WaysOn;

/* They are remembered by the misreading, the bytes that wait, the character, whether it may be lost bytes and whether the
   line ends behind it, in one key, which is never 0. Where one or two bytes of the character are all that counts, they
   stand in its place, and what was written in that of the misreading, as most that it was read in have the same bytes.
   When they are so many, all is forgotten: they take 7 MB. */
#define MOST_REMEMBERED 50000
#define SLOT_BITS 17

typedef struct {
    uint64_t key;
    WaysOn *ways;
} Slot;

typedef struct {
    int count;
    Slot slots[1 << SLOT_BITS];
} Memory;

#define MOST_MISREADINGS 0x1000

static inline uint64_t
key_of_ways(int misreading, Piece waiting, Py_UCS4 c, int is_lost, int at_end)
{
    return (uint64_t)1 << 63 | (uint64_t)misreading << 50 | (waiting >> 8) << 23 | (uint64_t)c << 2 | is_lost << 1 | at_end;
}

/* Return what stands in a key in place of a character that had one or two bytes. */
static inline Py_UCS4
in_place_of_character(Piece piece)
{
    return CODE_POINTS + ((Py_UCS4)(size_of(piece) == 2) << 16 | byte_of(piece, 0) << 8 | byte_of(piece, 1));
}

static Slot *
slot_of(Memory *memory, uint64_t key)
{
    uint32_t i = (uint32_t)(key * 0x9E3779B97F4A7C15u >> (64 - SLOT_BITS));
    while (memory->slots[i].key != 0 && memory->slots[i].key != key)
        i = (i + 1) & ((1 << SLOT_BITS) - 1);
    return &memory->slots[i];
}

static void
forget(Memory *memory)
{
    for (int i = 0; i < 1 << SLOT_BITS; i++)
        PyMem_Free(memory->slots[i].ways);
    memset(memory, 0, sizeof(Memory));
}

static void
memory_free(Memory *memory)
{
    if (memory != NULL)
        forget(memory);
    PyMem_Free(memory);
}

typedef struct {
    PyObject_HEAD
    Costs *costs;
    PyObject *alphabets;
    int beam, first_of_cjk;
    double of_pairs, of_characters, of_lost, for_a_lost_character, for_a_foreign_character, for_a_gap, against_a_cut,
        hopeless;
    Memory *memory;    /* a walk takes it along and lays it back, so that no other meddles with it meanwhile */
} Walks;

static int
walks_traverse(Walks *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->costs);
    Py_VISIT(self->alphabets);
    return 0;
}

static int
walks_clear(Walks *self)
{
    Py_CLEAR(self->costs);
    Py_CLEAR(self->alphabets);
    return 0;
}

static void
walks_dealloc(Walks *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    walks_clear(self);
    memory_free(self->memory);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
walks_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *costs, *alphabets;
    static char *names[] = {"costs", "alphabets", "beam", "of_pairs", "of_characters", "of_lost", "for_a_lost_character",
                            "for_a_foreign_character", "first_of_cjk", "for_a_gap", "against_a_cut", "hopeless", NULL};
    Walks *self = (Walks *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO!$idddddCddd", names, &costs, &PyTuple_Type, &alphabets,
                                     &self->beam, &self->of_pairs, &self->of_characters, &self->of_lost,
                                     &self->for_a_lost_character, &self->for_a_foreign_character, &self->first_of_cjk,
                                     &self->for_a_gap, &self->against_a_cut, &self->hopeless))
        goto failed;
    int is_so = is_one(type, costs, "Costs");
    for (Py_ssize_t i = 0; is_so && i < PyTuple_GET_SIZE(alphabets); i++)
        is_so = is_one(type, PyTuple_GET_ITEM(alphabets, i), "Characters");
    if (!is_so)
        goto failed;
    self->costs = (Costs *)Py_NewRef(costs);
    self->alphabets = Py_NewRef(alphabets);
    return (PyObject *)self;
failed:
    Py_DECREF(self);
    return NULL;
}

/* --- what a way did: its steps, the last first. Ways share those that they have in common. */

/* What was written, in place of a character, where a way went in or out. */
enum { WENT_IN = CODE_POINTS, WENT_OUT };

typedef struct {
    Py_UCS4 what;          /* the character that was written, or that the way went in or out */
    int goes_on;           /* whether the character of the line before that place is part of the next, too */
    Piece known;           /* if it lost bytes, those that are known */
    Py_ssize_t place;      /* where its bytes end, or the way went in or out */
    uint32_t before;       /* the number of the step before it, 0 for none */
    uint32_t uses;         /* how many ways and steps lead on from here; none of one that is free */
} Step;

/* All steps, by their numbers; the first stands for none. Those that are free lead on to each other. */
typedef struct {
    Step *steps;
    uint32_t count, room, free;
} Trail;

/* Make room for more: twice as many as there is room for. Return -1 where there is none. */
static int
grow_trail(Trail *trail)
{
    if (trail->room > UINT32_MAX / 2) {
        PyErr_NoMemory();
        return -1;
    }
    uint32_t room = trail->room ? 2 * trail->room : 256;
    Step *steps = PyMem_Realloc(trail->steps, room * sizeof(Step));
    if (steps == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    trail->steps = steps;
    trail->room = room;
    if (trail->count == 0)
        trail->count = 1;
    return 0;
}

/* Take a step more after one that is held already: the new one holds it from now on. Return its number, 0 where there is
   no memory. */
static uint32_t
take_step(Trail *trail, uint32_t before, Py_UCS4 what, Py_ssize_t place, Piece known, int goes_on)
{
    uint32_t number = trail->free;
    if (number != 0)
        trail->free = trail->steps[number].before;
    else {
        if (trail->count == trail->room && grow_trail(trail) < 0)
            return 0;
        number = trail->count++;
    }
    trail->steps[number] = (Step){what, goes_on, known, place, before, 1};
    return number;
}

static inline uint32_t
hold_step(Trail *trail, uint32_t number)
{
    if (number != 0)
        trail->steps[number].uses++;
    return number;
}

static void
let_go(Trail *trail, uint32_t number)
{
    while (number != 0 && --trail->steps[number].uses == 0) {
        uint32_t before = trail->steps[number].before;
        trail->steps[number].before = trail->free;
        trail->free = number;
        number = before;
    }
}

/* --- one walk: the best way so far outside the damage, and the best inside by the bytes that wait and what came last */

typedef struct {
    Piece waits;
    Py_UCS4 last;
    double score;
    uint32_t step;
} Inside;

typedef struct {
    Inside *ways;
    Py_ssize_t count, room;
} Ways;

typedef struct {
    const Walks *walks;
    Memory *memory;
    int misreading, written, is_utf_8;
    PyObject *ways_on, *piece_of, *cost_of_lost, *fillers, *line, *questions;
    int kind;
    const void *data;
    Py_ssize_t size;
    double enter, of_new, for_a_question_less;
    int lossy;
    double outside;
    uint32_t done;
    Ways inside, onward;
    Trail trail;
} Walk;

/* A character of the line: what stands around it, what it costs, and what it costs to take it for a loss. */
typedef struct {
    Py_ssize_t at;
    Py_UCS4 before, c, behind;
    int is_lost;
    Piece piece;           /* its bytes, if they are all that counts; else none */
    double stands, for_one_less;
} Here;

/* Return the way that leads to the same, to be replaced if it is worse; a new one if there is none, with `is_new` set;
   NULL where there is no memory. */
static Inside *
way_to(Ways *ways, Piece waits, Py_UCS4 last, int *is_new)
{
    for (Py_ssize_t i = 0; i < ways->count; i++)
        if (ways->ways[i].waits == waits && ways->ways[i].last == last) {
            *is_new = 0;
            return &ways->ways[i];
        }
    if (ways->count == ways->room) {
        Py_ssize_t room = ways->room ? 2 * ways->room : 32;
        Inside *more = PyMem_Realloc(ways->ways, room * sizeof(Inside));
        if (more == NULL) {
            PyErr_NoMemory();
            return NULL;
        }
        ways->ways = more;
        ways->room = room;
    }
    *is_new = 1;
    ways->ways[ways->count] = (Inside){waits, last, 0, 0};
    return &ways->ways[ways->count++];
}

static void
drop_ways(Walk *walk, Ways *ways, Py_ssize_t from)
{
    for (Py_ssize_t i = from; i < ways->count; i++)
        let_go(&walk->trail, ways->ways[i].step);
    if (from < ways->count)
        ways->count = from;
}

/* Read a character that a way completes, and what is known of it if it lost bytes; find what it costs. Return -1 where
   Python raised. */
static int
read_new(const Walk *walk, PyObject *text, New *new)
{
    const Walks *of = walk->walks;
    Py_ssize_t size = PyUnicode_Check(text) ? PyUnicode_GET_LENGTH(text) : 0;
    if (size < 1 || size > 1 + MOST_IN_PIECE) {
        PyErr_SetString(PyExc_ValueError, "a character is needed, and up to four bytes that are known of it");
        return -1;
    }
    new->c = PyUnicode_READ_CHAR(text, 0);
    for (Py_ssize_t i = 1; i < size; i++)
        new->known = with_byte(new->known, (uint8_t)PyUnicode_READ_CHAR(text, i));
    if (new->c != 0xFFFD) {
        long cost = cost_alone(of->costs, new->c);
        new->cost = of->of_characters * cost;
        return cost < 0 ? -1 : 0;
    }
    PyObject *known = bytes_of_piece(new->known), *told = known == NULL ? NULL : PyObject_CallOneArg(walk->cost_of_lost, known);
    Py_XDECREF(known);
    double cost = told == NULL ? -1 : PyFloat_AsDouble(told);
    Py_XDECREF(told);
    new->cost = of->for_a_lost_character + of->of_lost * cost;
    return PyErr_Occurred() ? -1 : 0;
}

/* What a way completes, as Python told it: a text, or a tuple of characters. */
static inline Py_ssize_t
count_new(PyObject *chars)
{
    return PyUnicode_Check(chars) ? PyUnicode_GET_LENGTH(chars) : PyTuple_GET_SIZE(chars);
}

static PyObject *
new_at(PyObject *chars, Py_ssize_t i)
{
    return PyUnicode_Check(chars) ? PyUnicode_FromOrdinal(PyUnicode_READ_CHAR(chars, i))
                                  : Py_NewRef(PyTuple_GET_ITEM(chars, i));
}

/* Read a way on, and what it completes from a place on. Return -1 where Python raised. */
static int
read_way(const Walk *walk, PyObject *told, WayOn *way, New *news)
{
    PyObject *chars;
    const uint8_t *waits;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(told, "Oy#d", &chars, &waits, &size, &way->extra))
        return -1;
    if (size > MOST_WAITING) {
        PyErr_SetString(PyExc_ValueError, "no more than three bytes can wait");
        return -1;
    }
    for (Py_ssize_t i = 0; i < size; i++)
        way->waits = with_byte(way->waits, waits[i]);
    way->news = news;
    way->count = (int)count_new(chars);
    for (int i = 0; i < way->count; i++) {
        PyObject *text = new_at(chars, i);
        int is_read = text == NULL ? -1 : read_new(walk, text, &news[i]);
        Py_XDECREF(text);
        if (is_read < 0)
            return -1;
    }
    way->has_gap = way->extra == walk->walks->for_a_gap;
    return 0;
}

/* Return how many characters all ways complete that Python told; -1 where they are no ways. */
static Py_ssize_t
count_all_new(PyObject *told)
{
    Py_ssize_t count = 0;
    if (told == Py_None)
        return 0;
    for (Py_ssize_t i = 0; PyTuple_Check(told) && i < PyTuple_GET_SIZE(told); i++) {
        PyObject *way = PyTuple_GET_ITEM(told, i);
        PyObject *chars = PyTuple_Check(way) && PyTuple_GET_SIZE(way) > 0 ? PyTuple_GET_ITEM(way, 0) : Py_None;
        if (!PyUnicode_Check(chars) && !PyTuple_Check(chars))
            return -1;
        count += count_new(chars);
    }
    return PyTuple_Check(told) ? count : -1;
}

/* Return the ways on that Python told, NULL where it raised. */
static WaysOn *
read_ways(const Walk *walk, PyObject *told)
{
    Py_ssize_t count_news = count_all_new(told), count = count_news < 0 || told == Py_None ? 0 : PyTuple_GET_SIZE(told);
    if (count_news < 0) {
        PyErr_SetString(PyExc_TypeError, "ways on are needed, as tuples");
        return NULL;
    }
    WaysOn *ways = PyMem_Calloc(1, sizeof(WaysOn) + count * sizeof(WayOn) + count_news * sizeof(New));
    if (ways == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    ways->can_be = told != Py_None;
    ways->count = (int)count;
    New *news = (New *)&ways->ways[count];
    for (int i = 0; i < ways->count; i++) {
        if (read_way(walk, PyTuple_GET_ITEM(told, i), &ways->ways[i], news) < 0) {
            PyMem_Free(ways);
            return NULL;
        }
        news += ways->ways[i].count;
    }
    return ways;
}

/* Ask Python for the ways on over the character here. Return NULL where it raised. */
static WaysOn *
ask_for_ways(const Walk *walk, Piece waiting, const Here *here, int at_end)
{
    PyObject *bytes = bytes_of_piece(waiting), *character = PyUnicode_FromOrdinal(here->c), *told = NULL;
    if (bytes != NULL && character != NULL)
        told = PyObject_CallFunctionObjArgs(walk->ways_on, bytes, character, here->is_lost ? Py_True : Py_False,
                                            at_end ? Py_True : Py_False, NULL);
    WaysOn *ways = told == NULL ? NULL : read_ways(walk, told);
    Py_XDECREF(told);
    Py_XDECREF(bytes);
    if (ways != NULL && waiting == 0 && !here->is_lost) {
        told = PyObject_CallOneArg(walk->piece_of, character);
        if (told == NULL || !PyBytes_Check(told) || PyBytes_GET_SIZE(told) > 2) {
            if (told != NULL)
                PyErr_SetString(PyExc_TypeError, "up to two bytes are needed");
            PyMem_Free(ways);
            ways = NULL;
        }
        for (Py_ssize_t i = 0; ways != NULL && i < PyBytes_GET_SIZE(told); i++)
            ways->piece = with_byte(ways->piece, (uint8_t)PyBytes_AS_STRING(told)[i]);
        Py_XDECREF(told);
    }
    Py_XDECREF(character);
    return ways;
}

/* Return the ways on over the character here; they are good until others are asked for. NULL where Python raised. */
static const WaysOn *
ways_over(Walk *walk, Piece waiting, const Here *here)
{
    int at_end = here->is_lost && here->behind == '\n';
    uint64_t key = waiting != 0 && here->piece != 0
                       ? key_of_ways(walk->written, waiting, in_place_of_character(here->piece), 0, 0)
                       : key_of_ways(walk->misreading, waiting, here->c, here->is_lost, at_end);
    Slot *slot = slot_of(walk->memory, key);
    if (slot->key != 0)
        return slot->ways;
    WaysOn *ways = ask_for_ways(walk, waiting, here, at_end);
    if (ways == NULL)
        return NULL;
    if (walk->memory->count == MOST_REMEMBERED) {
        forget(walk->memory);
        slot = slot_of(walk->memory, key);
    }
    *slot = (Slot){key, ways};
    walk->memory->count++;
    return ways;
}

static inline Py_UCS4
char_at(const Walk *walk, Py_ssize_t at)
{
    return at >= 0 && at < walk->size ? PyUnicode_READ(walk->kind, walk->data, at) : '\n';
}

static inline int
is_filler(const Walk *walk, Py_UCS4 c)
{
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(walk->fillers); i++)
        if (PyUnicode_READ_CHAR(walk->fillers, i) == c)
            return 1;
    return 0;
}

/* Tell whether a character may stand for lost bytes; -1 where Python raised. */
static int
may_be_lost(const Walk *walk, Py_UCS4 c, Py_ssize_t at)
{
    if (c != '?' || !is_filler(walk, c))
        return is_filler(walk, c);
    PyObject *place = PyLong_FromSsize_t(at);
    int is_so = place == NULL ? -1 : PySet_Contains(walk->questions, place);
    Py_XDECREF(place);
    return is_so;
}

/* Return what speaks against damage that begins or ends at a place, as `against_cut` of rules/evidence.py does. */
static double
against_cut(const Walk *walk, Py_ssize_t at)
{
    if (at == 0 || at == walk->size)
        return 0;
    Py_UCS4 before = char_at(walk, at - 1), behind = char_at(walk, at);
    if ((before <= 0x7F && behind <= 0x7F) || (Py_UNICODE_ISLOWER(before) && Py_UNICODE_ISUPPER(behind)))
        return 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(walk->walks->alphabets); i++) {
        const Characters *one = (const Characters *)PyTuple_GET_ITEM(walk->walks->alphabets, i);
        if (has(one, before) && has(one, behind))
            return walk->walks->against_a_cut;
    }
    return 0;
}

/* Find what the character here costs, and to take it for a loss. Return -1 where Python raised. */
static int
weigh(const Walk *walk, Here *here)
{
    const Walks *of = walk->walks;
    here->stands = here->for_one_less = 0;
    if (here->c == 0xFFFD)
        return 0;
    long pair = cost_of_pair(of->costs, here->before, here->c), alone = pair < 0 ? -1 : cost_alone(of->costs, here->c);
    if (alone < 0)
        return -1;
    here->stands = of->of_pairs * pair + of->of_characters * alone;
    /* That a question mark is rare here is no reason to take it for none; that several stand together is. */
    if (here->is_lost && !is_filler(walk, here->before) && !is_filler(walk, here->behind))
        here->for_one_less = walk->lossy ? walk->for_a_question_less : here->stands;
    else if (here->is_lost && !walk->is_utf_8)
        here->for_one_less = walk->for_a_question_less;
    return 0;
}

/* Begin a stretch here. Return -1 where there is no memory. */
static int
go_in(Walk *walk, const Here *here)
{
    double score = walk->outside - walk->enter - against_cut(walk, here->at);
    int is_new;
    Inside *way = way_to(&walk->inside, 0, here->before, &is_new);
    if (way == NULL)
        return -1;
    if (!is_new && !(way->score < score))
        return 0;
    let_go(&walk->trail, way->step);
    way->score = score;
    way->step = take_step(&walk->trail, hold_step(&walk->trail, walk->done), WENT_IN, here->at, 0, 0);
    return way->step == 0 ? -1 : 0;
}

/* Go on over the character here in one way, if that is the best that leads to where it does. Return -1 where Python
   raised. */
static int
go_on(Walk *walk, const Here *here, const Inside *way, const WayOn *on)
{
    const Walks *of = walk->walks;
    /* What stands before a gap at the very beginning was no part of the damage. */
    if (on->has_gap && walk->trail.steps[way->step].what == WENT_IN)
        return 0;
    int keeps = way->waits == 0 && on->count == 1 && on->news[0].c == here->c && here->c != 0xFFFD;
    double score = way->score + here->stands - on->extra, weight = keeps ? 1 : walk->of_new;
    Py_UCS4 last = way->last;
    if (way->waits == 0 && !keeps)
        score -= here->for_one_less;
    for (int i = 0; i < on->count; i++) {
        const New *new = &on->news[i];
        if (new->c == 0xFFFD)
            score -= new->cost;
        else {
            long pair = cost_of_pair(of->costs, last, new->c);
            if (pair < 0)
                return -1;
            score -= weight * (of->of_pairs * pair + new->cost);
            if (new->c > 0x7F && new->c < (Py_UCS4)of->first_of_cjk)
                score -= of->for_a_foreign_character;
        }
        last = new->c;
    }
    int is_new;
    Inside *to = way_to(&walk->onward, on->waits, last, &is_new);
    if (to == NULL)
        return -1;
    if (!is_new && !(to->score < score))
        return 0;
    let_go(&walk->trail, to->step);
    to->score = score;
    to->step = hold_step(&walk->trail, way->step);
    for (int i = 0; i < on->count; i++) {
        uint32_t step = take_step(&walk->trail, to->step, on->news[i].c, here->at + 1, on->news[i].known, on->waits != 0);
        if (step == 0)
            return -1;
        to->step = step;
    }
    return 0;
}

/* Keep the best ways, the best first; if they are few, as they stand. */
static void
keep_best(Walk *walk)
{
    Ways *ways = &walk->onward;
    if (ways->count <= walk->walks->beam)
        return;
    for (Py_ssize_t i = 1; i < ways->count; i++) {
        Inside way = ways->ways[i];
        Py_ssize_t k = i;
        for (; k > 0 && ways->ways[k - 1].score < way.score; k--)
            ways->ways[k] = ways->ways[k - 1];
        ways->ways[k] = way;
    }
    drop_ways(walk, ways, walk->walks->beam);
}

/* Return the bytes that wait as a character of which the last vanished without a trace. */
static Piece
give_up(const Walk *walk, Piece waiting)
{
    uint8_t lead = byte_of(waiting, 0);
    int length = !walk->is_utf_8 ? 2 : lead < 0xE0 ? 2 : lead >= 0xF0 && lead < UNKNOWN_BYTE ? 4 : 3;
    while (size_of(waiting) < length)
        waiting = with_byte(waiting, UNKNOWN_BYTE);
    return waiting;
}

/* End a stretch behind the character here in one way, if that is better than all else that led there outside. Return -1
   where Python raised. */
static int
go_out_by(Walk *walk, const Here *here, const Inside *way, double stays, double cut)
{
    const Walks *of = walk->walks;
    Trail *trail = &walk->trail;
    int is_whole = way->waits == 0, was_broken = is_broken(way->waits);
    double score = way->score;
    Py_UCS4 last = way->last;
    if (!is_whole && !was_broken && here->behind != '\n')
        return 0;
    if (!is_whole) {
        score -= of->for_a_lost_character + (was_broken ? 0 : of->for_a_gap);
        last = 0xFFFD;
    }
    if (last != 0xFFFD) {
        long pair = cost_of_pair(of->costs, last, here->behind);
        if (pair < 0)
            return -1;
        score += stays - of->of_pairs * pair;
    }
    if (!(score - cut > walk->outside))
        return 0;
    walk->outside = score - cut;
    uint32_t step = hold_step(trail, way->step);
    if (!is_whole && (step = take_step(trail, step, last, here->at + 1, give_up(walk, way->waits), 0)) == 0)
        return -1;
    if ((step = take_step(trail, step, WENT_OUT, here->at + 1, 0, 0)) == 0)
        return -1;
    let_go(trail, walk->done);
    walk->done = step;
    return 0;
}

static int
go_out(Walk *walk, const Here *here)
{
    if (walk->onward.count == 0)
        return 0;
    double cut = against_cut(walk, here->at + 1);
    long pair = cost_of_pair(walk->walks->costs, here->c, here->behind);
    if (pair < 0)
        return -1;
    double stays = walk->walks->of_pairs * pair;
    for (Py_ssize_t i = 0; i < walk->onward.count; i++)
        if (go_out_by(walk, here, &walk->onward.ways[i], stays, cut) < 0)
            return -1;
    return 0;
}

/* Go on over the character at a place. Return -1 where Python raised. */
static int
walk_on(Walk *walk, Py_ssize_t at)
{
    Here here = {.at = at, .before = char_at(walk, at - 1), .c = char_at(walk, at), .behind = char_at(walk, at + 1)};
    here.is_lost = may_be_lost(walk, here.c, at);
    const WaysOn *ways = here.is_lost < 0 ? NULL : ways_over(walk, 0, &here);
    if (ways == NULL)
        return -1;
    here.piece = ways->piece;
    if (!ways->can_be) {
        drop_ways(walk, &walk->inside, 0);
        return 0;
    }
    if (here.c > 0x7F || (here.is_lost && (here.behind > 0x7F || is_filler(walk, here.behind))))
        if (go_in(walk, &here) < 0)
            return -1;
    if (walk->inside.count == 0)
        return 0;
    if (weigh(walk, &here) < 0)
        return -1;
    double hopeless = walk->outside - walk->enter - walk->walks->hopeless;
    for (Py_ssize_t i = 0; i < walk->inside.count; i++) {
        const Inside *way = &walk->inside.ways[i];
        if (way->score < hopeless)
            continue;
        if ((ways = ways_over(walk, way->waits, &here)) == NULL)
            return -1;
        for (int k = 0; k < ways->count; k++)
            if (go_on(walk, &here, way, &ways->ways[k]) < 0)
                return -1;
    }
    keep_best(walk);
    if (go_out(walk, &here) < 0)
        return -1;
    drop_ways(walk, &walk->inside, 0);
    Ways before = walk->inside;
    walk->inside = walk->onward;
    walk->onward = before;
    return 0;
}

/* Return the stretch that a way went out of at a step: where it begins and ends, the text, and of each character that
   lost bytes its place in the text, where its bytes begin and end, and those that are known. `went_in` is the step where
   the way went in. */
static PyObject *
stretch_to(const Walk *walk, uint32_t went_out, uint32_t *went_in)
{
    const Step *steps = walk->trail.steps;
    Py_ssize_t size = 0;
    uint32_t number = steps[went_out].before;
    for (; steps[number].what != WENT_IN; number = steps[number].before)
        size++;
    *went_in = number;
    Py_UCS4 *text = PyMem_Malloc((size + 1) * sizeof(Py_UCS4));
    PyObject *lost = PyList_New(0), *told = NULL;
    if (text == NULL)
        PyErr_NoMemory();
    if (text == NULL || lost == NULL)
        goto done;
    number = steps[went_out].before;
    for (Py_ssize_t at = size - 1; at >= 0; at--, number = steps[number].before) {
        text[at] = steps[number].what;
        if (text[at] != 0xFFFD)
            continue;
        const Step *before = &steps[steps[number].before];
        Py_ssize_t begins = smaller(before->place - before->goes_on, steps[number].place - 1);
        PyObject *known = bytes_of_piece(steps[number].known);
        PyObject *one = known == NULL ? NULL : Py_BuildValue("nnnN", at, begins, steps[number].place, known);
        int added = one == NULL ? -1 : PyList_Append(lost, one);
        Py_XDECREF(one);
        if (added < 0)
            goto done;
    }
    if (PyList_Reverse(lost) < 0)
        goto done;
    PyObject *written = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, text, size);
    if (written != NULL)
        told = Py_BuildValue("nnNO", steps[*went_in].place, steps[went_out].place, written, lost);
done:
    PyMem_Free(text);
    Py_XDECREF(lost);
    return told;
}

/* Return the stretches of the best way, in a list; NULL where Python raised. */
static PyObject *
stretches_of(const Walk *walk)
{
    PyObject *list = PyList_New(0);
    uint32_t went_in;
    for (uint32_t done = walk->done; done != 0 && list != NULL; done = walk->trail.steps[went_in].before) {
        PyObject *stretch = stretch_to(walk, done, &went_in);
        if (stretch == NULL || PyList_Append(list, stretch) < 0)
            Py_CLEAR(list);
        Py_XDECREF(stretch);
    }
    if (list != NULL && PyList_Reverse(list) < 0)
        Py_CLEAR(list);
    return list;
}

/* Take the memory along, or an empty one where another walk has it. Return NULL where there is none. */
static Memory *
take_memory(Walks *self)
{
    Memory *memory;
    BEGIN_CRITICAL_SECTION(self);
    memory = self->memory;
    self->memory = NULL;
    END_CRITICAL_SECTION();
    if (memory == NULL)
        memory = PyMem_Calloc(1, sizeof(Memory));
    if (memory == NULL)
        PyErr_NoMemory();
    return memory;
}

/* Lay the memory back, in place of one that another walk laid there meanwhile. */
static void
lay_back(Walks *self, Memory *memory)
{
    Memory *other;
    BEGIN_CRITICAL_SECTION(self);
    other = self->memory;
    self->memory = memory;
    END_CRITICAL_SECTION();
    memory_free(other);
}

static PyObject *
walks_best(Walks *self, PyObject *args)
{
    Py_ssize_t start, end;
    Walk walk = {.walks = self};
    if (!PyArg_ParseTuple(args, "(iiOOOUp)(UnnddpO!d):best", &walk.misreading, &walk.written, &walk.ways_on,
                          &walk.piece_of, &walk.cost_of_lost, &walk.fillers, &walk.is_utf_8, &walk.line, &start, &end, &walk.enter, &walk.of_new, &walk.lossy, &PySet_Type,
                          &walk.questions, &walk.for_a_question_less))
        return NULL;
    if ((walk.misreading | walk.written) & ~(MOST_MISREADINGS - 1))
        return PyErr_Format(PyExc_ValueError, "numbers below %d are needed", MOST_MISREADINGS);
    walk.kind = PyUnicode_KIND(walk.line);
    walk.data = PyUnicode_DATA(walk.line);
    walk.size = PyUnicode_GET_LENGTH(walk.line);
    if ((walk.memory = take_memory(self)) == NULL)
        return NULL;
    PyObject *list = NULL, *told = NULL;
    Py_ssize_t at = start < 0 ? 0 : start;
    /* A line of megabytes takes seconds, and can be interrupted. */
    while (at < smaller(end, walk.size) && walk_on(&walk, at) == 0 && (at % 0x10000 != 0 || PyErr_CheckSignals() == 0))
        at++;
    if (!PyErr_Occurred())
        list = stretches_of(&walk);
    if (list != NULL)
        told = Py_BuildValue("dN", walk.outside, list);
    lay_back(self, walk.memory);
    PyMem_Free(walk.inside.ways);
    PyMem_Free(walk.onward.ways);
    PyMem_Free(walk.trail.steps);
    return told;
}

static PyMethodDef walks_methods[] = {
    {"best", (PyCFunction)walks_best, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot walks_slots[] = {
    {Py_tp_new, walks_new},
    {Py_tp_dealloc, walks_dealloc},
    {Py_tp_traverse, walks_traverse},
    {Py_tp_clear, walks_clear},
    {Py_tp_methods, walks_methods},
    {0, NULL},
};

static PyType_Spec walks_spec = {
    .name = "mojimend.kernel._loops.Walks",
    .basicsize = sizeof(Walks),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = walks_slots,
};

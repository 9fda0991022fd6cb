/* Gains: what a text gains if it is read back, in each of several ways. */

#pragma once

#include "bytes.h"
#include "runs.h"

typedef struct {
    PyObject_HEAD
    PyObject *ways;    /* a tuple of tuples: the Bytes of what a text was read in, the Runs of what may be written */
} Gains;

static int
gains_traverse(Gains *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->ways);
    return 0;
}

static int
gains_clear(Gains *self)
{
    Py_CLEAR(self->ways);
    return 0;
}

static void
gains_dealloc(Gains *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    gains_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
gains_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *ways;
    static char *names[] = {"ways", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!", names, &PyTuple_Type, &ways))
        return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(ways); i++) {
        PyObject *way = PyTuple_GET_ITEM(ways, i);
        int is_so = PyTuple_Check(way) && PyTuple_GET_SIZE(way) > 0;
        for (Py_ssize_t k = 0; is_so && k < PyTuple_GET_SIZE(way); k++) {
            int found = is_of(type, PyTuple_GET_ITEM(way, k), k == 0 ? "Bytes" : "Runs");
            if (found < 0)
                return NULL;
            is_so = found;
        }
        if (!is_so)
            return PyErr_Format(PyExc_TypeError, "a Bytes and what it may have been are needed");
    }
    Gains *self = (Gains *)type->tp_alloc(type, 0);
    if (self != NULL)
        self->ways = Py_NewRef(ways);
    return (PyObject *)self;
}

/* Return the best gain from the first byte on, or from the second, if that may begin a character; -1 where Python
   raised. */
static long
best_of_starts(Runs *runs, const uint8_t *data, Py_ssize_t size, const int32_t *stands, long broken, int is_cut,
               int in_pairs)
{
    long best = best_gain(runs, data, size, stands, 0, broken, in_pairs);
    if (best < 0 || !is_cut || is_of_utf_8(runs))
        return best;
    long off_by_one = best_gain(runs, data, size, stands, 1, broken, in_pairs);
    return off_by_one < 0 || off_by_one > best ? off_by_one : best;
}

/* Where the bytes of a text go, and what stands up to each of them by itself and behind the one before it; what it was
   for the way before, and what that gained. */
typedef struct {
    uint8_t *data, *data_before;
    int32_t *stands, *paired, *stands_before;
    Py_ssize_t size_before;
    PyObject *before;
    long *gained;
} Room;

/* Tell whether the text has the same bytes as in the way before, and may have been written in the same encodings: many of
   the single-byte encodings are alike, and Big5 is two. */
static int
is_as_before(const Room *room, PyObject *way, Py_ssize_t size)
{
    Py_ssize_t count = PyTuple_GET_SIZE(way);
    if (room->before == NULL || count != PyTuple_GET_SIZE(room->before) || size != room->size_before ||
        memcmp(room->data, room->data_before, size) != 0 ||
        memcmp(room->stands, room->stands_before, (size + 1) * sizeof(int32_t)) != 0)
        return 0;
    for (Py_ssize_t k = 1; k < count; k++)
        if (PyTuple_GET_ITEM(way, k) != PyTuple_GET_ITEM(room->before, k))
            return 0;
    return 1;
}

/* Ask for what begins with each two bytes in each encoding that they may have been written in. */
static void
fetch_runs(PyObject *way, const uint8_t *data, Py_ssize_t size)
{
    for (Py_ssize_t i = 0; i + 1 < size; i++)
        for (Py_ssize_t k = 1; k < PyTuple_GET_SIZE(way) && data[i] >= 0x80; k++) {
            const Runs *runs = (const Runs *)PyTuple_GET_ITEM(way, k);
            if (!is_of_utf_8(runs))
                FETCH(entry_at(runs, data[i], data[i + 1]));
        }
}

/* What is asked: of which part of a text, what a byte costs that is none of a character, whether it may begin inside one,
   from what gain on it is counted in pairs, and what each character that stands there then counts at the most, and what
   gain is enough, so that no more is asked. */
typedef struct {
    PyObject *text;
    Py_ssize_t start, end;
    long broken;
    int is_cut;
    long in_pairs_from, most_in_pairs, enough;
} Asked;

/* Add to the totals of a way, for each encoding that a text may have been written in, what the best part of
   text[start:end] gains. Return whether one of them is enough, -1 where Python raised. */
static int
add_gains(PyObject *way, const Asked *asked, Py_ssize_t start, Py_ssize_t end, Room *room, long *totals)
{
    Bytes *bytes = (Bytes *)PyTuple_GET_ITEM(way, 0);
    /* Where any gain is counted in pairs, it is at once. */
    int has_singles, is_paired = 0, at_once = asked->in_pairs_from == 0;
    Py_ssize_t size = write_run(bytes, asked->text, start, end, at_once ? asked->most_in_pairs : IN_NO_PAIRS, room->data,
                                room->stands, &has_singles);
    if (size < 0)
        return -1;
    int is_known = is_as_before(room, way, size), is_cut = asked->is_cut || has_singles;
    if (!is_known)
        fetch_runs(way, room->data, size);
    for (Py_ssize_t k = 1; k < PyTuple_GET_SIZE(way); k++) {
        Runs *runs = (Runs *)PyTuple_GET_ITEM(way, k);
        long best = is_known ? room->gained[k - 1]
                             : best_of_starts(runs, room->data, size, room->stands, asked->broken, is_cut, at_once);
        if (!is_known && best >= 0 && best < asked->in_pairs_from)
            best = 0;
        else if (!is_known && best >= 0 && asked->in_pairs_from > 0) {
            /* Pairs take ten times as long, as most of them were not met before. */
            if (!is_paired && write_run(bytes, asked->text, start, end, asked->most_in_pairs, room->data, room->paired,
                                        &has_singles) < 0)
                return -1;
            is_paired = 1;
            best = best_of_starts(runs, room->data, size, room->paired, asked->broken, is_cut, 1);
        }
        if (best < 0)
            return -1;
        room->gained[k - 1] = best;
        totals[k - 1] += best;
        if (totals[k - 1] >= asked->enough)
            return 1;
    }
    if (is_known)
        return 0;
    uint8_t *data = room->data_before;
    int32_t *stands = room->stands_before;
    room->data_before = room->data;
    room->stands_before = room->stands;
    room->data = data;
    room->stands = stands;
    room->size_before = size;
    room->before = way;
    return 0;
}

static void
room_clear(Room *room)
{
    PyMem_Free(room->data);
    PyMem_Free(room->data_before);
    PyMem_Free(room->stands);
    PyMem_Free(room->stands_before);
    PyMem_Free(room->paired);
    PyMem_Free(room->gained);
}

/* Make room for so many characters and ways. Return -1 where there is none. */
static int
room_init(Room *room, Py_ssize_t characters, Py_ssize_t ways)
{
    size_t most = MOST_BYTES * characters + 1;
    *room = (Room){.data = PyMem_Malloc(most), .data_before = PyMem_Malloc(most)};
    room->stands = PyMem_Malloc(most * sizeof(int32_t));
    room->stands_before = PyMem_Malloc(most * sizeof(int32_t));
    room->paired = PyMem_Malloc(most * sizeof(int32_t));
    room->gained = PyMem_Calloc(ways + 1, sizeof(long));
    if (room->data && room->data_before && room->stands && room->stands_before && room->paired && room->gained)
        return 0;
    room_clear(room);
    PyErr_NoMemory();
    return -1;
}

/* Ask for what the bytes of the characters are in each way, and what these cost. */
static void
fetch_bytes(const Gains *self, const Asked *asked)
{
    int kind = PyUnicode_KIND(asked->text);
    const void *data = PyUnicode_DATA(asked->text);
    for (Py_ssize_t i = asked->start; i < asked->end; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(self->ways) && c < BMP; k++) {
            const Bytes *bytes = (const Bytes *)PyTuple_GET_ITEM(PyTuple_GET_ITEM(self->ways, k), 0);
            if (k == 0)
                FETCH(&bytes->costs->cache[c]);
            FETCH(number_at(bytes, c));
        }
    }
}

/* Return how many totals there are: one for each encoding that may be written in each way. */
static Py_ssize_t
count_totals(const Gains *self)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(self->ways); i++)
        count += PyTuple_GET_SIZE(PyTuple_GET_ITEM(self->ways, i)) - 1;
    return count;
}

/* Find what is gained in each way. Return whether one of them is enough, which ends it; -1 where Python raised. */
static int
find_gains(Gains *self, const Asked *asked, long *totals)
{
    Room room;
    if (room_init(&room, asked->end - asked->start, count_totals(self)) < 0)
        return -1;
    int is_enough = 0;
    fetch_bytes(self, asked);
    /* Behind a byte that was lost it begins anew. */
    for (Py_ssize_t start = asked->start, end; start < asked->end && is_enough == 0; start = end + 1) {
        end = PyUnicode_FindChar(asked->text, 0xFFFD, start, asked->end, 1);
        if (end < 0)
            end = asked->end;
        long *of_way = totals;
        room.before = NULL;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(self->ways) && is_enough == 0; i++) {
            PyObject *way = PyTuple_GET_ITEM(self->ways, i);
            is_enough = add_gains(way, asked, start, end, &room, of_way);
            of_way += PyTuple_GET_SIZE(way) - 1;
        }
    }
    room_clear(&room);
    return is_enough;
}

static PyObject *
gains_of(Gains *self, PyObject *args)
{
    Asked asked = {.enough = LONG_MAX};
    if (!PyArg_ParseTuple(args, "Ulpll:of", &asked.text, &asked.broken, &asked.is_cut, &asked.in_pairs_from,
                          &asked.most_in_pairs))
        return NULL;
    asked.end = PyUnicode_GET_LENGTH(asked.text);
    Py_ssize_t count = count_totals(self);
    long *totals = PyMem_Calloc(count + 1, sizeof(long));
    if (totals == NULL)
        return PyErr_NoMemory();
    PyObject *list = find_gains(self, &asked, totals) < 0 ? NULL : PyList_New(count);
    for (Py_ssize_t i = 0; list != NULL && i < count; i++) {
        PyObject *item = PyLong_FromLong(totals[i]);
        if (item == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, item);
    }
    PyMem_Free(totals);
    return list;
}

/* Leave of what is asked what stands around a place on its line, so much at the most before it and from it on. */
static void
leave_line_around(Asked *asked, Py_ssize_t at, Py_ssize_t before, Py_ssize_t behind)
{
    Py_ssize_t first = at > before ? at - before : 0, last = asked->end - at > behind ? at + behind : asked->end;
    Py_ssize_t feed = PyUnicode_FindChar(asked->text, '\n', first, at, -1);
    asked->start = feed < 0 ? first : feed + 1;
    feed = PyUnicode_FindChar(asked->text, '\n', at, last, 1);
    asked->end = feed < 0 ? last : feed;
}

static PyObject *
tell_whether_enough(Gains *self, const Asked *asked)
{
    long *totals = PyMem_Calloc(count_totals(self) + 1, sizeof(long));
    if (totals == NULL)
        return PyErr_NoMemory();
    int is_enough = find_gains(self, asked, totals);
    PyMem_Free(totals);
    return is_enough < 0 ? NULL : PyBool_FromLong(is_enough);
}

static PyObject *
gains_reach(Gains *self, PyObject *args)
{
    Asked asked = {0};
    /* The text comes last, as most ask the same of many. */
    if (!PyArg_ParseTuple(args, "lplllU:reach", &asked.broken, &asked.is_cut, &asked.in_pairs_from,
                          &asked.most_in_pairs, &asked.enough, &asked.text))
        return NULL;
    asked.end = PyUnicode_GET_LENGTH(asked.text);
    return tell_whether_enough(self, &asked);
}

/* Tell the same of what stands around a place of a text. */
static PyObject *
gains_reach_at(Gains *self, PyObject *args)
{
    Asked asked = {0};
    Py_ssize_t before, behind, at;
    if (!PyArg_ParseTuple(args, "lplllnnUn:reach_at", &asked.broken, &asked.is_cut, &asked.in_pairs_from,
                          &asked.most_in_pairs, &asked.enough, &before, &behind, &asked.text, &at))
        return NULL;
    asked.end = PyUnicode_GET_LENGTH(asked.text);
    if (at < 0 || at >= asked.end || before < 0 || behind < 0)
        return PyErr_Format(PyExc_IndexError, "the text has no such place");
    leave_line_around(&asked, at, before, behind);
    return tell_whether_enough(self, &asked);
}

static PyMethodDef gains_methods[] = {
    {"of", (PyCFunction)gains_of, METH_VARARGS, NULL},
    {"reach", (PyCFunction)gains_reach, METH_VARARGS, NULL},
    {"reach_at", (PyCFunction)gains_reach_at, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot gains_slots[] = {
    {Py_tp_new, gains_new},
    {Py_tp_dealloc, gains_dealloc},
    {Py_tp_traverse, gains_traverse},
    {Py_tp_clear, gains_clear},
    {Py_tp_methods, gains_methods},
    {0, NULL},
};

static PyType_Spec gains_spec = {
    .name = "mojimend.kernel._loops.Gains",
    .basicsize = sizeof(Gains),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = gains_slots,
};

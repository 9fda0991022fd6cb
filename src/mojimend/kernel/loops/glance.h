/* Glance: in which of some encodings bytes are plain text, told from three parts of them: see decoding/glance.py. */

#pragma once

#include "runs.h"
#include "utf_8.h"

typedef struct {
    PyObject_HEAD
    PyObject *codecs, *runs;  /* tuples: their names in order, and what weighs bytes in each */
    Py_ssize_t part, apart, ahead, head, counted_at_first, counted, different;
    double units, far, doubted;
} Glance;

enum { PARTS = 3, MOST_ENCODINGS = 8 };

/* No byte before this one is a part of a longer character: see BOUNDARY of encodings/lenient.py. */
enum { BEHIND_BOUNDARIES = '0' };

/* The parts, and all of them with a line feed between, which ends none of their characters. */
typedef struct {
    Py_ssize_t start[PARTS], size[PARTS], count, all;
    uint8_t *text;
} Parts;

typedef struct {
    double cost;
    Py_ssize_t which;
} Ranked;

static int
glance_traverse(Glance *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->codecs);
    Py_VISIT(self->runs);
    return 0;
}

static int
glance_clear(Glance *self)
{
    Py_CLEAR(self->codecs);
    Py_CLEAR(self->runs);
    return 0;
}

static void
glance_dealloc(Glance *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    glance_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
glance_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *codecs, *runs;
    Py_ssize_t part, apart, ahead, head, counted_at_first, counted, different;
    double units, far, doubted;
    static char *names[] = {"codecs", "runs", "part", "apart", "ahead", "head", "counted_at_first", "counted", "different",
                            "units", "far", "doubted", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!O!$nnnnnnnddd", names, &PyTuple_Type, &codecs, &PyTuple_Type, &runs,
                                     &part, &apart, &ahead, &head, &counted_at_first, &counted, &different, &units, &far,
                                     &doubted))
        return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(runs); i++)
        if (!is_one(type, PyTuple_GET_ITEM(runs, i), "Runs"))
            return NULL;
    Py_ssize_t count = PyTuple_GET_SIZE(runs);
    if (count == 0 || count > MOST_ENCODINGS || count != PyTuple_GET_SIZE(codecs))
        return PyErr_Format(PyExc_ValueError, "some encodings are needed, and what weighs bytes in each");
    Glance *self = (Glance *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->codecs = Py_NewRef(codecs);
    self->runs = Py_NewRef(runs);
    self->part = part;
    self->apart = apart;
    self->ahead = ahead;
    self->head = head;
    self->counted_at_first = counted_at_first;
    self->counted = counted;
    self->different = different;
    self->units = units;
    self->far = far;
    self->doubted = doubted;
    return (PyObject *)self;
}

/* Find where parts begin: at the beginning, behind a boundary in the middle and where the last line begins that is long
   enough. Tell whether there is such a boundary, where it is needed. */
static int
find_parts(const Glance *self, const uint8_t *data, Py_ssize_t size, Py_ssize_t first, Parts *parts)
{
    parts->start[0] = first;
    parts->count = 1;
    Py_ssize_t at = first + (size - first) / 2, end = smaller(size, at + self->ahead);
    if (at - first > self->apart) {
        while (at < end && data[at] >= BEHIND_BOUNDARIES)
            at++;
        if (at == end)
            return 0;
        parts->start[parts->count++] = at + 1;
    }
    Py_ssize_t least = parts->start[parts->count - 1] + self->apart;
    for (at = size - self->part - 1; at >= least && data[at] != '\n';)
        at--;
    if (at >= least)
        parts->start[parts->count++] = at + 1;
    return 1;
}

/* Write one part behind the other. */
static void
join_parts(const Glance *self, const uint8_t *data, Py_ssize_t size, Parts *parts)
{
    uint8_t *end = parts->text;
    for (Py_ssize_t i = 0; i < parts->count; i++) {
        parts->size[i] = smaller(self->part, size - parts->start[i]);
        memcpy(end, data + parts->start[i], parts->size[i]);
        end += parts->size[i];
        *end++ = '\n';
    }
    parts->all = end - parts->text - 1;
}

static Py_ssize_t
count_different(const uint8_t *data, Py_ssize_t size)
{
    uint8_t is_there[0x100] = {0};
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        count += !is_there[data[i]];
        is_there[data[i]] = 1;
    }
    return count;
}

/* Tell whether many bytes of its beginning are different, and there is no NUL and no UTF-8. */
static int
may_be_plain(const Glance *self, const Parts *parts)
{
    if (memchr(parts->text, 0, parts->all) != NULL || find_three(parts->text, parts->all, 0) >= 0)
        return 0;
    Py_ssize_t least = smaller(self->different, parts->all / 4);
    return count_different(parts->text, smaller(self->counted_at_first, parts->all)) >= least ||
           count_different(parts->text, smaller(self->counted, parts->all)) >= least;
}

static inline int
is_dearer(const Ranked *one, const Ranked *other)
{
    return one->cost > other->cost || (one->cost == other->cost && one->which > other->which);
}

/* Weigh bytes in each of some encodings, and sort these by what they cost. Return -1 where Python raised. */
static int
rank_in(const Glance *self, const uint8_t *data, Py_ssize_t size, const double *priors, Weighed *each, Ranked *ranked,
        Py_ssize_t count)
{
    for (Py_ssize_t i = 0; i < count; i++)
        begin_to_weigh(&each[i], (Runs *)PyTuple_GET_ITEM(self->runs, ranked[i].which), data, size);
    if (weigh_each(each, count) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < count; i++) {
        Ranked one = {(double)each[i].weight.total / self->units - priors[ranked[i].which], ranked[i].which};
        Py_ssize_t at = i;
        for (; at > 0 && is_dearer(&ranked[at - 1], &one); at--)
            ranked[at] = ranked[at - 1];
        ranked[at] = one;
    }
    return 0;
}

static int
are_near(const Glance *self, const Ranked *ranked, Py_ssize_t count)
{
    return count > 1 && ranked[1].cost - ranked[0].cost <= self->far;
}

/* Rank the encodings by the first bytes, and those that are near to the best by all. Return how many were ranked at last, 0
   where the best are still near, -1 where Python raised. */
static Py_ssize_t
rank_all(const Glance *self, const Parts *parts, const double *priors, Weighed *each, Ranked *ranked)
{
    Py_ssize_t count = PyTuple_GET_SIZE(self->runs), size = smaller(self->head, parts->all);
    uint8_t behind = parts->text[size];
    for (Py_ssize_t i = 0; i < count; i++)
        ranked[i].which = i;
    /* A character that is cut is none. */
    parts->text[size] = '\n';
    int weighed = rank_in(self, parts->text, size, priors, each, ranked, count);
    parts->text[size] = behind;
    if (weighed < 0 || !are_near(self, ranked, count))
        return weighed < 0 ? -1 : count;
    Py_ssize_t near = 2;
    while (near < count && ranked[near].cost - ranked[0].cost <= self->far)
        near++;
    if (rank_in(self, parts->text, parts->all, priors, each, ranked, near) < 0)
        return -1;
    return are_near(self, ranked, near) ? 0 : near;
}

/* Weigh each part in the best encoding, and add up those that are not all ASCII, and how many bytes these have. Return 0
   where one of them costs too much, -1 where Python raised. */
static int
add_parts(const Glance *self, const Parts *parts, Py_ssize_t best, Weighed *each, Weight *all, Py_ssize_t *size)
{
    const uint8_t *here = parts->text;
    for (Py_ssize_t i = 0; i < parts->count; here += parts->size[i++] + 1)
        begin_to_weigh(&each[i], (Runs *)PyTuple_GET_ITEM(self->runs, best), here, parts->size[i]);
    if (weigh_each(each, parts->count) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < parts->count; i++) {
        if (each[i].weight.beyond == 0)
            continue;
        if (each[i].weight.total > self->doubted * parts->size[i])
            return 0;
        *size += parts->size[i];
        all->total_beyond += each[i].weight.total_beyond;
        all->beyond += each[i].weight.beyond;
        all->kana += each[i].weight.kana;
    }
    return 1;
}

/* Return what is told of a glance: the best encoding, by how much it is ahead of the next, and which that is; what the best
   costs beyond ASCII, how many bytes that are, of how many in parts that have any, and how many characters are kana. */
static PyObject *
told_at_a_glance(const Glance *self, const Ranked *ranked, Py_ssize_t count, const Weight *all, Py_ssize_t size)
{
    PyObject *best = PyTuple_GET_ITEM(self->codecs, ranked[0].which);
    PyObject *next = count > 1 ? PyTuple_GET_ITEM(self->codecs, ranked[1].which) : Py_None;
    double margin = count > 1 ? ranked[1].cost - ranked[0].cost : 0;
    return Py_BuildValue("(OdOlnnn)", best, margin, next, all->total_beyond, all->beyond, size, all->kana);
}

/* Ask what is known beforehand of each encoding, by its name. Return -1 where Python raised. */
static int
get_priors(const Glance *self, PyObject *told, double *priors)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(self->codecs); i++) {
        PyObject *prior = PyDict_GetItemWithError(told, PyTuple_GET_ITEM(self->codecs, i));
        priors[i] = prior == NULL ? 0 : PyFloat_AsDouble(prior);
        if (PyErr_Occurred())
            return -1;
    }
    return 0;
}

/* Tell what a glance at the parts tells, with room for what is met in them; None where that leaves any doubt. */
static PyObject *
glance_at(const Glance *self, const Parts *parts, const double *priors, uint16_t *entries)
{
    Weighed each[MOST_ENCODINGS];
    Ranked ranked[MOST_ENCODINGS];
    Weight all = {0};
    Py_ssize_t size = 0;
    for (int i = 0; i < MOST_ENCODINGS; i++)
        each[i].entries = entries + i * (parts->all + 1);
    Py_ssize_t count = rank_all(self, parts, priors, each, ranked);
    int is_told = count > 0 ? add_parts(self, parts, ranked[0].which, each, &all, &size) : (int)count;
    if (is_told == 0)
        Py_RETURN_NONE;
    return is_told < 0 ? NULL : told_at_a_glance(self, ranked, count, &all, size);
}

/* Look at bytes from an offset on; None where that leaves any doubt: see `pure_look` of decoding/glance.py. */
static PyObject *
glance_look(const Glance *self, PyObject *args)
{
    PyObject *bytes, *of_priors;
    Py_ssize_t first;
    double priors[MOST_ENCODINGS];
    Parts parts;
    if (!PyArg_ParseTuple(args, "SO!n", &bytes, &PyDict_Type, &of_priors, &first))
        return NULL;
    const uint8_t *data = (const uint8_t *)PyBytes_AS_STRING(bytes);
    Py_ssize_t size = PyBytes_GET_SIZE(bytes), room = PARTS * (self->part + 1);
    if (get_priors(self, of_priors, priors) < 0)
        return NULL;
    if (first < 0 || first >= size || !find_parts(self, data, size, first, &parts))
        Py_RETURN_NONE;
    uint16_t *entries = PyMem_Malloc(room * (MOST_ENCODINGS * sizeof *entries + 1));
    if (entries == NULL)
        return PyErr_NoMemory();
    parts.text = (uint8_t *)(entries + room * MOST_ENCODINGS);
    join_parts(self, data, size, &parts);
    PyObject *told = may_be_plain(self, &parts) ? glance_at(self, &parts, priors, entries) : Py_NewRef(Py_None);
    PyMem_Free(entries);
    return told;
}

static PyMethodDef glance_methods[] = {
    {"look", (PyCFunction)glance_look, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot glance_slots[] = {
    {Py_tp_new, glance_new},
    {Py_tp_methods, glance_methods},
    {Py_tp_dealloc, glance_dealloc},
    {Py_tp_traverse, glance_traverse},
    {Py_tp_clear, glance_clear},
    {0, NULL},
};

static PyType_Spec glance_spec = {
    .name = "mojimend.kernel._loops.Glance",
    .basicsize = sizeof(Glance),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = glance_slots,
};

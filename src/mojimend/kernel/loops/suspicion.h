/* Suspicion: a clue that is confirmed by what is around it, and asked of Python only then. */

#pragma once

#include "bytes.h"
#include "costs.h"

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *load_costs, *load_with_kana, *then;
    PyObject *costs, *with_kana;  /* what those returned, once it is needed */
    Characters *rare, *kana;
    int marked_is_enough, first_wide;
    int between, around, far, brief;
    long usual, least, least_of_many;
    long usual_alone, least_alone, least_alone_of_many;
} Suspicion;

static int
suspicion_traverse(Suspicion *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->load_costs);
    Py_VISIT(self->load_with_kana);
    Py_VISIT(self->then);
    Py_VISIT(self->costs);
    Py_VISIT(self->rare);
    Py_VISIT(self->kana);
    Py_VISIT(self->with_kana);
    return 0;
}

static int
suspicion_clear(Suspicion *self)
{
    Py_CLEAR(self->load_costs);
    Py_CLEAR(self->load_with_kana);
    Py_CLEAR(self->then);
    Py_CLEAR(self->costs);
    Py_CLEAR(self->rare);
    Py_CLEAR(self->kana);
    Py_CLEAR(self->with_kana);
    return 0;
}

static void
suspicion_dealloc(Suspicion *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    suspicion_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

/* Keep what a function without arguments returns, of a type of this module. Return -1 where Python raised.

   While it loads, another thread may have kept its own, and be at work with it, so that the first stays. */
static int
keep(Suspicion *self, PyObject *load, const char *name, PyObject **kept)
{
    PyObject *told = PyObject_CallNoArgs(load);
    if (told == NULL || !is_one(Py_TYPE(self), told, name)) {
        Py_XDECREF(told);
        return -1;
    }
    BEGIN_CRITICAL_SECTION(self);
    if (*kept == NULL)
        SHARE(*kept, Py_NewRef(told));
    END_CRITICAL_SECTION();
    Py_DECREF(told);
    return 0;
}

static inline int
breaks(Py_UCS4 c)
{
    return c == '\n' || c == '\t' || c == '<' || c == '>' || c == '"';
}

/* A text and the place that is asked about: what is around it from a first character on to the last, as far as its own
   line or field reaches, and how far three rare ones reach from there. */
typedef struct {
    PyObject *text;
    int kind;
    const void *data;
    Py_ssize_t size, at, first, last, reach;
    int is_brief;
} Place;

static inline Py_UCS4
read_at(const Place *place, Py_ssize_t i)
{
    return PyUnicode_READ(place->kind, place->data, i);
}

/* Tell whether two question marks stand before an end. */
static inline int
are_lost(const Place *place, Py_ssize_t i, Py_ssize_t end)
{
    return i + 1 < end && read_at(place, i) == '?' && read_at(place, i + 1) == '?';
}

static void
look_around(const Suspicion *self, Place *place)
{
    Py_ssize_t reach = place->at + 1 + 2 * (self->between + 1), far = place->at + self->brief + 1;
    Py_ssize_t start = place->at, end = place->at;
    while (start > 0 && start >= place->at - self->brief && !breaks(read_at(place, start - 1)))
        start--;
    if (far < reach + self->around)
        far = reach + self->around;
    while (end < place->size && end < far && !breaks(read_at(place, end)))
        end++;
    place->is_brief = end - start <= self->brief;
    place->reach = smaller(reach, end);
    place->first = start > place->at - self->around ? start : place->at - self->around;
    place->last = smaller(place->reach + self->around, end);
}

/* Tell whether the place is near U+FFFD. */
static int
is_marked(const Suspicion *self, const Place *place)
{
    Py_ssize_t first = place->at < self->far ? 0 : place->at - self->far;
    return PyUnicode_FindChar(place->text, 0xFFFD, first, smaller(place->at + self->far, place->size), 1) >= 0;
}

/* Tell whether another rare character, or two question marks, stand close behind on the line. */
static int
has_another(const Suspicion *self, const Place *place)
{
    Py_ssize_t end = place->at + 1, far = place->at + 1 + self->between + 1;
    while (end < smaller(far + 1, place->size) && read_at(place, end) != '\n')
        end++;
    for (Py_ssize_t i = place->at + 1; i < end; i++)
        if ((i < far && has(self->rare, read_at(place, i))) || are_lost(place, i, end))
            return 1;
    return 0;
}

/* Tell whether each rare character from the place on, as far as no other place is asked about, is one of a word, as
   `are_of_words` of rules/suspicion.py does; -1 where Python raised. */
static int
are_of_words(const Suspicion *self, const Place *place)
{
    Costs *costs = (Costs *)self->costs;
    Py_ssize_t end = smaller(place->at + self->around + 1, place->size);
    for (Py_ssize_t i = place->at; i < end; i++) {
        Py_UCS4 c = read_at(place, i);
        if (!has(self->rare, c))
            continue;
        if (c < (Py_UCS4)self->first_wide)
            return 0;
        int is_known = i + 1 < place->size ? is_known_pair(costs, c, read_at(place, i + 1)) : 0;
        if (is_known == 0 && i > 0)
            is_known = is_known_pair(costs, read_at(place, i - 1), c);
        if (is_known < 1)
            return is_known;
    }
    return 1;
}

/* Tell whether there are kana and what Japanese has not; -1 where Python raised. */
static int
mixes_kana(Suspicion *self, const Place *place)
{
    Py_ssize_t i = place->first;
    while (i < place->last && !has(self->kana, read_at(place, i)))
        i++;
    if (i == place->last)
        return 0;
    if (SHARED(self->with_kana) == NULL && keep(self, self->load_with_kana, "Bytes", &self->with_kana) < 0)
        return -1;
    for (i = place->first; i < place->last; i++)
        if (read_at(place, i) >= 0x80 && number_of((Bytes *)self->with_kana, read_at(place, i)) == 0)
            return 1;
    return 0;
}

/* Tell whether there is little to weigh: few characters, letters of the West, or lost bytes. */
static int
is_little(const Suspicion *self, const Place *place)
{
    if (place->is_brief || read_at(place, place->at) < (Py_UCS4)self->first_wide)
        return 1;
    for (Py_ssize_t i = place->at; i < place->reach; i++)
        if (are_lost(place, i, place->reach))
            return 1;
    return 0;
}

/* Tell whether text[first:last] costs so much more than is usual at its worst; -1 where Python raised. */
static int
exceeds(Suspicion *self, PyObject *text, Py_ssize_t first, Py_ssize_t last, long least)
{
    long most = excess((Costs *)self->costs, text, first, last, self->usual);
    return most < 0 ? -1 : most >= least;
}

/* Tell whether a place is suspicious, as `is_suspicious_at` of rules/suspicion.py does; -1 where Python raised. */
static int
is_suspicious(Suspicion *self, PyObject *text, Py_ssize_t at)
{
    Place place = {text, PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text), at, 0, 0, 0, 0};
    if (self->marked_is_enough && is_marked(self, &place))
        return exceeds(self, text, at - self->around, at + 1 + 2 * (self->between + 1) + self->around, self->least);
    int are_words = are_of_words(self, &place);
    if (are_words || !has_another(self, &place))
        return are_words < 0 ? -1 : 0;
    look_around(self, &place);
    int of_kana = mixes_kana(self, &place);
    if (of_kana < 0)
        return -1;
    int little = of_kana || is_little(self, &place);
    long alone = excess_alone((Costs *)self->costs, text, place.first, place.last, self->usual_alone, !little);
    if (alone < (little ? self->least_alone : self->least_alone_of_many))
        return alone < 0 ? -1 : 0;
    int is_so = exceeds(self, text, place.first, place.last, little ? self->least : self->least_of_many);
    if (is_so < 1 || of_kana)
        return is_so;
    PyObject *around = PyUnicode_Substring(text, place.first, place.last);
    if (around == NULL)
        return -1;
    PyObject *told = PyObject_CallFunctionObjArgs(self->then, around, place.is_brief ? Py_True : Py_False, NULL);
    is_so = told == NULL ? -1 : PyObject_IsTrue(told);
    Py_DECREF(around);
    Py_XDECREF(told);
    return is_so;
}

static PyObject *
suspicion_call(PyObject *callable, PyObject *const *args, size_t flags, PyObject *names)
{
    Suspicion *self = (Suspicion *)callable;
    if (PyVectorcall_NARGS(flags) != 2 || names != NULL || !PyUnicode_Check(args[0]))
        return PyErr_Format(PyExc_TypeError, "a text and a place are needed");
    Py_ssize_t at = PyLong_AsSsize_t(args[1]);
    if (at == -1 && PyErr_Occurred())
        return NULL;
    if (at < 0 || at >= PyUnicode_GET_LENGTH(args[0]))
        return PyErr_Format(PyExc_IndexError, "the text has no such place");
    if (SHARED(self->costs) == NULL && keep(self, self->load_costs, "Costs", &self->costs) < 0)
        return NULL;
    int is_so = is_suspicious(self, args[0], at);
    return is_so < 0 ? NULL : PyBool_FromLong(is_so);
}

static PyObject *
suspicion_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *costs, *with_kana, *then, *rare, *kana;
    static char *names[] = {"costs", "with_kana", "then", "rare", "kana", "marked_is_enough", "first_wide", "between",
                            "around", "far", "brief", "usual", "least", "least_of_many", "usual_alone", "least_alone",
                            "least_alone_of_many", NULL};
    Suspicion *self = (Suspicion *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOOOO$pCiiiillllll", names, &costs, &with_kana, &then, &rare, &kana,
                                     &self->marked_is_enough, &self->first_wide, &self->between, &self->around,
                                     &self->far, &self->brief, &self->usual, &self->least,
                                     &self->least_of_many, &self->usual_alone, &self->least_alone,
                                     &self->least_alone_of_many))
        goto failed;
    if (!is_one(type, rare, "Characters") || !is_one(type, kana, "Characters"))
        goto failed;
    self->load_costs = Py_NewRef(costs);
    self->load_with_kana = Py_NewRef(with_kana);
    self->then = Py_NewRef(then);
    self->rare = (Characters *)Py_NewRef(rare);
    self->kana = (Characters *)Py_NewRef(kana);
    self->call = suspicion_call;
    return (PyObject *)self;
failed:
    Py_DECREF(self);
    return NULL;
}

static PyMemberDef suspicion_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Suspicion, call), READONLY},
    {NULL},
};

static PyType_Slot suspicion_slots[] = {
    {Py_tp_new, suspicion_new},
    {Py_tp_dealloc, suspicion_dealloc},
    {Py_tp_traverse, suspicion_traverse},
    {Py_tp_clear, suspicion_clear},
    {Py_tp_call, PyVectorcall_Call},
    {Py_tp_members, suspicion_members},
    {0, NULL},
};

static PyType_Spec suspicion_spec = {
    .name = "mojimend.kernel._loops.Suspicion",
    .basicsize = sizeof(Suspicion),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = suspicion_slots,
};

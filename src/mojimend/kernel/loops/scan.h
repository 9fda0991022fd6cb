/* Scan: a look for several things at once. */

#pragma once

#include "characters.h"

#define MOST_CLUES 32
#define MOST_KINDS 0x100

/* The clues that a character begins, those that it ends, and those that it stands before, a bit each. */
typedef struct {
    uint32_t begins, ends, leads;
} Clues;

/* Characters beyond the BMP are few in any text, and ranges of them are few in any clue. */
typedef struct {
    Py_UCS4 first, last;
    Clues of;
} Beyond;

typedef struct {
    PyObject_HEAD
    int count;
    uint32_t alone;            /* the clues that are one character */
    uint32_t beside, by_one;   /* and that are two, with nothing between them or up to one other */
    uint32_t led;              /* those that need another in front */
    Py_ssize_t between[MOST_CLUES], apart[MOST_CLUES];
    PyObject *confirm[MOST_CLUES];
    Py_ssize_t groups;
    int group[MOST_CLUES];          /* of which group each is */
    uint32_t in_group[MOST_CLUES];  /* and the clues of each group */
    uint8_t *kind_of;          /* of each character of the BMP; those that begin and end the same clues are of a kind: a
                                  byte for each lies nearer together than what it stands for */
    Clues *of;                 /* of each kind */
    Beyond *beyond;
    Py_ssize_t count_beyond;
} Scan;

static int
scan_traverse(Scan *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    for (int i = 0; i < self->count; i++)
        Py_VISIT(self->confirm[i]);
    return 0;
}

static int
scan_clear(Scan *self)
{
    for (int i = 0; i < self->count; i++)
        Py_CLEAR(self->confirm[i]);
    return 0;
}

static void
scan_dealloc(Scan *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    scan_clear(self);
    PyMem_Free(self->kind_of);
    PyMem_Free(self->of);
    PyMem_Free(self->beyond);
    type->tp_free(self);
    Py_DECREF(type);
}

static int
too_many_kinds(void)
{
    PyErr_Format(PyExc_ValueError, "a scan tells no more than %d kinds of characters apart", MOST_KINDS);
    return -1;
}

/* The kinds while clues are added: of some nothing is left at last. None is 0 in what they become by one more clue. */
#define MOST_KINDS_ON_THE_WAY (2 * MOST_CLUES * MOST_KINDS)

/* Characters that are in clues together, as the inside of brackets, and what they do in them. */
typedef struct {
    PyObject *inside;
    Clues clues;
} Together;

typedef struct {
    int kinds, sets;
    Together together[3 * MOST_CLUES];
    uint16_t kind_of[BMP], become[MOST_KINDS_ON_THE_WAY];
    Clues of[MOST_KINDS_ON_THE_WAY];
} Kinds;

/* Note what some characters do in a clue. Many stand in several, and a range of thousands is gone through once. */
static void
gather(Kinds *all, PyObject *inside, Clues clue)
{
    int set = 0;
    while (set < all->sets && PyUnicode_Compare(all->together[set].inside, inside) != 0)
        set++;
    if (set == all->sets)
        all->together[all->sets++].inside = inside;
    Clues *of = &all->together[set].clues;
    *of = (Clues){of->begins | clue.begins, of->ends | clue.ends, of->leads | clue.leads};
}

/* Return the kind of those that do in clues what those of a kind do, and more; -1 where they are too many kinds. */
static int
kind_with(Kinds *all, int kind, Clues clue)
{
    Clues has = all->of[kind], of = {has.begins | clue.begins, has.ends | clue.ends, has.leads | clue.leads};
    int with = 0;
    while (with < all->kinds && memcmp(&all->of[with], &of, sizeof(Clues)) != 0)
        with++;
    if (with == MOST_KINDS_ON_THE_WAY)
        return too_many_kinds();
    if (with == all->kinds) {
        all->become[all->kinds] = 0;
        all->of[all->kinds++] = of;
    }
    return with;
}

/* Add to what characters do in clues: to the kind of each of `inside` in the BMP, and to ranges beyond it. Return -1 where
   Python raised. */
static int
mark(Scan *self, PyObject *inside, Clues clue, Kinds *all)
{
    Py_UCS4 first, last;
    memset(all->become, 0, all->kinds * sizeof *all->become);
    for (Py_ssize_t at = 0; at < PyUnicode_GET_LENGTH(inside);) {
        at = read_range(inside, at, &first, &last);
        for (Py_UCS4 c = first; c <= last && c < BMP; c++) {
            uint16_t *become = &all->become[all->kind_of[c]];
            if (*become == 0) {
                int with = kind_with(all, all->kind_of[c], clue);
                if (with < 0)
                    return -1;
                *become = (uint16_t)with;
            }
            all->kind_of[c] = *become;
        }
        if (last < BMP)
            continue;
        Beyond *more = PyMem_Realloc(self->beyond, (self->count_beyond + 1) * sizeof(Beyond));
        if (more == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        self->beyond = more;
        self->beyond[self->count_beyond++] = (Beyond){first, last, clue};
    }
    return 0;
}

/* Keep the kinds that something is of. Return -1 where they are too many. */
static int
sort_out(Scan *self, const Kinds *all)
{
    int number[MOST_KINDS_ON_THE_WAY] = {0}, kinds = 0;
    for (Py_UCS4 c = 0; c < BMP; c++) {
        int *kind = &number[all->kind_of[c]];
        if (*kind == 0 && kinds == MOST_KINDS)
            return too_many_kinds();
        if (*kind == 0) {
            self->of[kinds] = all->of[all->kind_of[c]];
            *kind = ++kinds;
        }
        self->kind_of[c] = (uint8_t)(*kind - 1);
    }
    return 0;
}

/* Return the clues of a character. */
static inline Clues
clues_of(const Scan *self, Py_UCS4 c)
{
    if (c < BMP)
        return self->of[self->kind_of[c]];
    Clues of = {0, 0, 0};
    for (Py_ssize_t i = 0; i < self->count_beyond; i++) {
        const Beyond *range = &self->beyond[i];
        if (range->first <= c && c <= range->last) {
            of.begins |= range->of.begins;
            of.ends |= range->of.ends;
            of.leads |= range->of.leads;
        }
    }
    return of;
}

/* Add a clue to a group, and note what characters do in it. Return -1 where Python raised. */
static int
add_clue(Scan *self, PyObject *clue, int group, Kinds *all)
{
    int i = self->count;
    uint32_t bit = 1u << i;
    PyObject *first, *second, *confirm, *before;
    if (!PyArg_ParseTuple(clue, "UUnOnU", &first, &second, &self->between[i], &confirm, &self->apart[i], &before))
        return -1;
    self->confirm[i] = Py_NewRef(confirm);
    self->group[i] = group;
    self->in_group[group] |= bit;
    self->count++;
    gather(all, first, (Clues){bit, 0, 0});
    gather(all, second, (Clues){0, bit, 0});
    gather(all, before, (Clues){0, 0, bit});
    if (PyUnicode_GET_LENGTH(before) != 0)
        self->led |= bit;
    if (PyUnicode_GET_LENGTH(second) == 0)
        self->alone |= bit;
    else if (self->between[i] == 0)
        self->beside |= bit;
    else if (self->between[i] == 1)
        self->by_one |= bit;
    return 0;
}

static PyObject *
scan_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *groups;
    static char *names[] = {"groups", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!", names, &PyTuple_Type, &groups))
        return NULL;
    Py_ssize_t count = 0;
    for (Py_ssize_t g = 0; g < PyTuple_GET_SIZE(groups); g++) {
        PyObject *clues = PyTuple_GET_ITEM(groups, g);
        if (!PyTuple_Check(clues) || PyTuple_GET_SIZE(clues) == 0)
            return PyErr_Format(PyExc_TypeError, "groups of clues are needed, each a tuple");
        count += PyTuple_GET_SIZE(clues);
    }
    if (count > MOST_CLUES)
        return PyErr_Format(PyExc_ValueError, "a scan looks for no more than %d things", MOST_CLUES);
    Scan *self = (Scan *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->groups = PyTuple_GET_SIZE(groups);
    Kinds *all = PyMem_Calloc(1, sizeof(Kinds));
    self->kind_of = PyMem_Malloc(BMP);
    self->of = PyMem_Malloc(MOST_KINDS * sizeof(Clues));
    int failed = all == NULL || self->kind_of == NULL || self->of == NULL;
    if (failed)
        PyErr_NoMemory();
    else
        all->kinds = 1;  /* of what is in no clue */
    for (Py_ssize_t g = 0; g < self->groups; g++) {
        PyObject *clues = PyTuple_GET_ITEM(groups, g);
        for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(clues) && !failed; k++)
            failed = add_clue(self, PyTuple_GET_ITEM(clues, k), (int)g, all) < 0;
    }
    for (int set = 0; !failed && set < all->sets; set++)
        failed = mark(self, all->together[set].inside, all->together[set].clues, all) < 0;
    failed = failed || sort_out(self, all) < 0;
    PyMem_Free(all);
    if (failed)
        Py_CLEAR(self);
    return (PyObject *)self;
}

/* Tell whether the clue is worth more than a look, -1 where Python raised. */
static int
confirmed(Scan *self, int clue, PyObject *text, Py_ssize_t at)
{
    if (self->confirm[clue] == Py_None)
        return 1;
    PyObject *place = PyLong_FromSsize_t(at);
    if (place == NULL)
        return -1;
    PyObject *told = PyObject_Vectorcall(self->confirm[clue], (PyObject *[]){text, place}, 2, NULL);
    int is_so = told == NULL ? -1 : PyObject_IsTrue(told);
    Py_DECREF(place);
    Py_XDECREF(told);
    return is_so;
}

/* Return the number of the lowest bit. */
static inline int
lowest(uint32_t bits)
{
#if defined(__GNUC__)
    return __builtin_ctz(bits);
#else
    int number = 0;
    for (; (bits & 1) == 0; bits >>= 1)
        number++;
    return number;
#endif
}

/* The clues of those told side by side that the last character begins, and that the one before it does. */
typedef struct {
    uint32_t last, last_but_one;
} Before;

static inline Py_ssize_t
pass_over_at(const Scan *self, PyObject *text, const int kind, Py_ssize_t i, Py_ssize_t end, uint32_t near, uint32_t apart,
             uint32_t begun, Before *before)
{
    const void *data = PyUnicode_DATA(text);
    const uint8_t *kind_of = self->kind_of;
    const Clues *of_kind = self->of;
    uint32_t by_one = self->by_one, last = before->last, last_but_one = before->last_but_one;
    for (; i < end; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        if (c >= BMP)
            break;
        Clues of = of_kind[kind_of[c]];
        if ((of.begins & apart) | ((last | last_but_one | begun) & of.ends))
            break;
        last_but_one = last & by_one;
        last = of.begins & near;
    }
    *before = (Before){last, last_but_one};
    return i;
}

/* Return where from a place on a character stands that begins a clue of those that reach further, or ends one that those
   before it begin, or one of those that have begun. Nearly every character begins some clue in some language, but hardly
   any has what such a clue needs beside it. This is apart from what follows so that all it needs has a register. */
static Py_ssize_t
pass_over(const Scan *self, PyObject *text, Py_ssize_t i, Py_ssize_t end, uint32_t near, uint32_t apart, uint32_t begun,
          Before *before)
{
    switch (PyUnicode_KIND(text)) {
    case PyUnicode_1BYTE_KIND:
        return pass_over_at(self, text, PyUnicode_1BYTE_KIND, i, end, near, apart, begun, before);
    case PyUnicode_2BYTE_KIND:
        return pass_over_at(self, text, PyUnicode_2BYTE_KIND, i, end, near, apart, begun, before);
    default:
        return pass_over_at(self, text, PyUnicode_4BYTE_KIND, i, end, near, apart, begun, before);
    }
}

/* Return from where on it is asked again whether a clue stands there: what is so near has been seen, as far as the line
   goes. */
static Py_ssize_t
asked_again_from(PyObject *text, Py_ssize_t place, Py_ssize_t apart)
{
    if (apart == PY_SSIZE_T_MAX)
        return apart;
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t end = smaller(place + apart, PyUnicode_GET_LENGTH(text));
    for (Py_ssize_t i = place + 1; i < end; i++)
        if (PyUnicode_READ(kind, data, i) == '\n')
            return i;
    return end;
}

/* Find which groups have a clue in a text, or the first of them, or all places at which one stands, a list for each
   group; return -1 where Python raised. */
static int
look(Scan *self, PyObject *text, int first_only, PyObject *places, uint32_t *found)
{
    uint32_t wanted = self->count == MOST_CLUES ? UINT32_MAX : (1u << self->count) - 1;
    uint32_t near = self->beside | self->by_one, apart = wanted & ~near;  /* those of a group that was not found yet */
    Before before = {0, 0};
    Py_ssize_t at[MOST_CLUES];            /* where the last beginning of each of the others stands */
    Py_ssize_t next[MOST_CLUES] = {0};    /* from where on it is asked for again whether it is a clue */
    uint32_t begun = 0;                   /* the clues that have one */
    Py_ssize_t until = 0;                 /* how far any that have begun reach */
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    *found = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        if (begun != 0 && i <= until)
            i = pass_over(self, text, i, until < size ? until + 1 : size, near, apart, begun, &before);
        if (i > until)
            begun = 0;
        if (begun == 0)
            i = pass_over(self, text, i, size, near, apart, 0, &before);
        if (i == size)
            break;
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        Clues of = clues_of(self, c);
        uint32_t last = before.last, hits = (last | before.last_but_one) & of.ends, begins = of.begins & apart;
        before = (Before){of.begins & near, last & self->by_one};
        hits |= (begins & self->alone) | (begun & of.ends);
        for (; (hits &= wanted) != 0; hits &= hits - 1) {
            int clue = lowest(hits);
            uint32_t bit = 1u << clue;
            Py_ssize_t place = i;
            if (near & bit)
                place = last & bit ? i - 1 : i - 2;
            else if (!(self->alone & bit)) {
                place = at[clue];
                if (i - place > self->between[clue] + 1)
                    continue;
            }
            /* It is the clue of its beginning, whatever else follows. */
            begun &= ~bit;
            before.last_but_one &= ~bit;
            /* In front of a text there is a line end. */
            if ((self->led & bit) && !(clues_of(self, place > 0 ? PyUnicode_READ(kind, data, place - 1) : '\n').leads & bit))
                continue;
            if (place < next[clue])
                continue;
            next[clue] = asked_again_from(text, place, self->apart[clue]);
            int is_so = confirmed(self, clue, text, place);
            if (is_so < 0)
                return -1;
            if (is_so && places != NULL) {
                if (add_place(PyTuple_GET_ITEM(places, self->group[clue]), place) < 0)
                    return -1;
            } else if (is_so) {
                *found |= 1u << self->group[clue];
                wanted &= ~self->in_group[self->group[clue]];
                if (first_only || wanted == 0)
                    return 0;
                near &= wanted;
                apart &= wanted;
            }
        }
        begins &= wanted & ~self->alone;
        begun = (begun | begins) & wanted;
        for (; begins != 0; begins &= begins - 1) {
            int clue = lowest(begins);
            at[clue] = i;
            if (i + self->between[clue] + 1 > until)
                until = i + self->between[clue] + 1;
        }
    }
    return 0;
}

static PyObject *
scan_any(Scan *self, PyObject *text)
{
    uint32_t found;
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "a text is needed");
    return look(self, text, 1, NULL, &found) < 0 ? NULL : PyBool_FromLong(found != 0);
}

static PyObject *
scan_which(Scan *self, PyObject *text)
{
    uint32_t found;
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "a text is needed");
    return look(self, text, 0, NULL, &found) < 0 ? NULL : PyLong_FromUnsignedLong(found);
}

static PyObject *
scan_places(Scan *self, PyObject *text)
{
    uint32_t found;
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "a text is needed");
    PyObject *places = PyTuple_New(self->groups);
    int failed = places == NULL;
    for (Py_ssize_t g = 0; g < self->groups && !failed; g++) {
        PyObject *of_group = PyList_New(0);
        failed = of_group == NULL;
        PyTuple_SET_ITEM(places, g, of_group);
    }
    failed = failed || look(self, text, 0, places, &found) < 0;
    for (Py_ssize_t g = 0; g < self->groups && !failed; g++)
        failed = PyList_Sort(PyTuple_GET_ITEM(places, g)) < 0;
    if (failed)
        Py_CLEAR(places);
    return places;
}

/* Tell which parts of a text have a clue, each looked at by itself; the first of them up to so many. */
static PyObject *
scan_which_of(Scan *self, PyObject *args)
{
    PyObject *text, *parts;
    Py_ssize_t most = PY_SSIZE_T_MAX, start, end;
    if (!PyArg_ParseTuple(args, "UO!|n:which_of", &text, &PyList_Type, &parts, &most))
        return NULL;
    PyObject *found = PyList_New(0);
    for (Py_ssize_t i = 0; found != NULL && i < PyList_GET_SIZE(parts) && PyList_GET_SIZE(found) < most; i++) {
        uint32_t groups;
        PyObject *span = Py_NewRef(PyList_GET_ITEM(parts, i)), *part = NULL;
        if (!PyTuple_Check(span))
            PyErr_Format(PyExc_TypeError, "where each part begins and ends is needed");
        else if (PyArg_ParseTuple(span, "nn", &start, &end))
            part = PyUnicode_Substring(text, start, end);
        if (part == NULL || look(self, part, 1, NULL, &groups) < 0 || (groups != 0 && add_place(found, i) < 0))
            Py_CLEAR(found);
        Py_XDECREF(part);
        Py_DECREF(span);
    }
    return found;
}

static PyMethodDef scan_methods[] = {
    {"which_of", (PyCFunction)scan_which_of, METH_VARARGS, NULL},
    {"which", (PyCFunction)scan_which, METH_O, NULL},
    {"any", (PyCFunction)scan_any, METH_O, NULL},
    {"places", (PyCFunction)scan_places, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot scan_slots[] = {
    {Py_tp_new, scan_new},
    {Py_tp_dealloc, scan_dealloc},
    {Py_tp_traverse, scan_traverse},
    {Py_tp_clear, scan_clear},
    {Py_tp_methods, scan_methods},
    {0, NULL},
};

static PyType_Spec scan_spec = {
    .name = "mojimend.kernel._loops.Scan",
    .basicsize = sizeof(Scan),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = scan_slots,
};

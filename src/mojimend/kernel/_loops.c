/* The inner loops over characters, for where a C compiler was at hand when mojimend was installed.

   Each function does what a Python function of the same package does, which stays and is used elsewhere; the tests hold
   the two against each other. `kernel/__init__.py` tells what stands for what. Clean text is told by a look at every
   character, and Python's regular expressions take 5 ns for each where this takes 1; to weigh text the model's numbers
   are looked up 30 times as fast.

   Nothing here is global, so it works in subinterpreters and without the GIL. What a cache holds for a character or for
   two bytes is worked out again if two threads ask at once, is the same for both, and is written and read in one piece;
   whole tables are written once, under a lock. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>
#include <stdint.h>
#include <structmember.h>

#define CODE_POINTS 0x110000

/* Ask for memory before it is needed. Tables are large and looked up all over, so that most of the time goes into waiting
   for it, and what is asked for at once comes at once. */
#if defined(__GNUC__)
#define FETCH(address) __builtin_prefetch(address)
#else
#define FETCH(address) ((void)(address))
#endif

/* Where there is no lock for the whole interpreter, one for the object. */
#if PY_VERSION_HEX >= 0x030D0000
#define BEGIN_CRITICAL_SECTION Py_BEGIN_CRITICAL_SECTION
#define END_CRITICAL_SECTION Py_END_CRITICAL_SECTION
#else
#define BEGIN_CRITICAL_SECTION(object)
#define END_CRITICAL_SECTION()
#endif

/* Without that lock, who sees that something is there must see what is in it, too. */
#if defined(Py_GIL_DISABLED) && defined(__GNUC__)
#define SHARED(place) __atomic_load_n(&(place), __ATOMIC_ACQUIRE)
#define SHARE(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELEASE)
#else
#define SHARED(place) (place)
#define SHARE(place, value) ((void)((place) = (value)))
#endif

/* --- characters: a set of them, a bit for each ---------------------------------------------------------------- */

/* Read the range of characters that begins at a place of what stands in the brackets of a regular expression: a-z, or
   one character. Return where the next begins. */
static Py_ssize_t
read_range(PyObject *inside, Py_ssize_t at, Py_UCS4 *first, Py_UCS4 *last)
{
    *first = *last = PyUnicode_READ_CHAR(inside, at);
    if (at + 2 >= PyUnicode_GET_LENGTH(inside) || PyUnicode_READ_CHAR(inside, at + 1) != '-')
        return at + 1;
    *last = PyUnicode_READ_CHAR(inside, at + 2);
    return at + 3;
}

typedef struct {
    PyObject_HEAD
    Py_UCS4 size;      /* of so many characters it is told by a bit each */
    int has_rest;      /* and of all others at once: to take memory for all planes takes longer than to set the bits */
    uint8_t *bits;
    int ranges;        /* how many ranges they are, */
    Py_UCS4 first, last;  /* and the one, if it is only one */
} Characters;

static inline int
has(const Characters *self, Py_UCS4 c)
{
    return c < self->size ? self->bits[c >> 3] >> (c & 7) & 1 : self->has_rest;
}

/* Set the bits of a range; some reach over several planes. */
static void
set_bits(uint8_t *bits, Py_UCS4 c, Py_UCS4 last)
{
    for (; c <= last && c % 8 != 0; c++)
        bits[c >> 3] |= 1 << (c & 7);
    if (c <= last) {
        memset(bits + (c >> 3), 0xFF, (last + 1 - c) / 8);
        c += (last + 1 - c) / 8 * 8;
    }
    for (; c <= last; c++)
        bits[c >> 3] |= 1 << (c & 7);
}

static PyObject *
characters_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *inside;
    static char *names[] = {"inside", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "U", names, &inside))
        return NULL;
    Characters *self = (Characters *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    Py_UCS4 c, last;
    for (Py_ssize_t at = 0; at < PyUnicode_GET_LENGTH(inside); self->ranges++) {
        at = read_range(inside, at, &c, &last);
        self->first = c;
        self->last = last;
        Py_UCS4 end = last < CODE_POINTS - 1 ? last + 1 : c;
        self->has_rest |= last == CODE_POINTS - 1;
        if (end > self->size)
            self->size = end;
    }
    self->bits = PyMem_Calloc(self->size / 8 + 1, 1);
    if (self->bits == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    for (Py_ssize_t at = 0; at < PyUnicode_GET_LENGTH(inside) && self->size > 0;) {
        at = read_range(inside, at, &c, &last);
        set_bits(self->bits, c, last < self->size ? last : self->size - 1);
    }
    return (PyObject *)self;
}

static void
characters_dealloc(Characters *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyMem_Free(self->bits);
    type->tp_free(self);
    Py_DECREF(type);
}

static inline Py_ssize_t
count_in(const Characters *self, const int kind, const void *data, Py_ssize_t start, Py_ssize_t end)
{
    Py_ssize_t found = 0;
    /* What is one range a processor compares several of at once. */
    Py_UCS4 first = self->first, span = self->last - first;
    if (self->ranges == 1 && first <= self->last)
        for (Py_ssize_t i = start; i < end; i++)
            found += PyUnicode_READ(kind, data, i) - first <= span;
    else
        for (Py_ssize_t i = start; i < end; i++)
            found += has(self, PyUnicode_READ(kind, data, i));
    return found;
}

static PyObject *
characters_count(Characters *self, PyObject *args)
{
    PyObject *text;
    Py_ssize_t start = 0, end = PY_SSIZE_T_MAX;
    if (!PyArg_ParseTuple(args, "U|nn:count", &text, &start, &end))
        return NULL;
    const void *data = PyUnicode_DATA(text);
    if (end > PyUnicode_GET_LENGTH(text))
        end = PyUnicode_GET_LENGTH(text);
    if (start < 0)
        start = 0;
    switch (PyUnicode_KIND(text)) {
    case PyUnicode_1BYTE_KIND:
        return PyLong_FromSsize_t(count_in(self, PyUnicode_1BYTE_KIND, data, start, end));
    case PyUnicode_2BYTE_KIND:
        return PyLong_FromSsize_t(count_in(self, PyUnicode_2BYTE_KIND, data, start, end));
    default:
        return PyLong_FromSsize_t(count_in(self, PyUnicode_4BYTE_KIND, data, start, end));
    }
}

static PyMethodDef characters_methods[] = {
    {"count", (PyCFunction)characters_count, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot characters_slots[] = {
    {Py_tp_new, characters_new},
    {Py_tp_dealloc, characters_dealloc},
    {Py_tp_methods, characters_methods},
    {0, NULL},
};

static PyType_Spec characters_spec = {
    .name = "mojimend.kernel._loops.Characters",
    .basicsize = sizeof(Characters),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = characters_slots,
};

/* --- scan: a look for several things at once -------------------------------------------------------------------- */

#define MOST_CLUES 32
#define MOST_KINDS 0x100
#define BMP 0x10000

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

typedef struct {
    int kinds;
    uint16_t kind_of[BMP], become[MOST_KINDS_ON_THE_WAY];
    Clues of[MOST_KINDS_ON_THE_WAY];
} Kinds;

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

/* Add a clue to what characters do in clues: to the kind of each of `inside` in the BMP, and to ranges beyond it.
   Return -1 where Python raised. */
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

/* Add a clue to a group, and to what each character does in clues. Return -1 where Python raised. */
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
    if (mark(self, first, (Clues){bit, 0, 0}, all) < 0 || mark(self, second, (Clues){0, bit, 0}, all) < 0
        || mark(self, before, (Clues){0, 0, bit}, all) < 0)
        return -1;
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
    Kinds *all = PyMem_Calloc(1, sizeof(Kinds));
    self->kind_of = PyMem_Malloc(BMP);
    self->of = PyMem_Malloc(MOST_KINDS * sizeof(Clues));
    int failed = all == NULL || self->kind_of == NULL || self->of == NULL;
    if (failed)
        PyErr_NoMemory();
    else
        all->kinds = 1;  /* of what is in no clue */
    for (Py_ssize_t g = 0; g < PyTuple_GET_SIZE(groups); g++) {
        PyObject *clues = PyTuple_GET_ITEM(groups, g);
        for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(clues) && !failed; k++)
            failed = add_clue(self, PyTuple_GET_ITEM(clues, k), (int)g, all) < 0;
    }
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

/* Note where a clue stands. Return -1 where Python raised. */
static int
note(PyObject *places, Py_ssize_t at)
{
    PyObject *place = PyLong_FromSsize_t(at);
    int failed = place == NULL || PyList_Append(places, place) < 0;
    Py_XDECREF(place);
    return failed ? -1 : 0;
}

/* Find which groups have a clue in a text, or the first of them, or all places at which one stands; return -1 where
   Python raised. */
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
            if ((self->led & bit) && !(place > 0 && (clues_of(self, PyUnicode_READ(kind, data, place - 1)).leads & bit)))
                continue;
            if (place < next[clue])
                continue;
            next[clue] = place + self->apart[clue];
            int is_so = confirmed(self, clue, text, place);
            if (is_so < 0)
                return -1;
            if (is_so && places != NULL) {
                if (note(places, place) < 0)
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
    PyObject *places = PyList_New(0);
    if (places != NULL && (look(self, text, 0, places, &found) < 0 || PyList_Sort(places) < 0))
        Py_CLEAR(places);
    return places;
}

static PyMethodDef scan_methods[] = {
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

/* Tell whether an object is of a type of this module; -1 where Python raised. */
static int
is_of(PyTypeObject *type, PyObject *object, const char *name)
{
    PyObject *module = PyType_GetModule(type);
    PyObject *wanted = module == NULL ? NULL : PyObject_GetAttrString(module, name);
    int is_so = wanted == NULL ? -1 : PyObject_TypeCheck(object, (PyTypeObject *)wanted);
    Py_XDECREF(wanted);
    return is_so;
}

/* Tell whether an object is of a type of this module; raise where it is not. */
static int
is_one(PyTypeObject *type, PyObject *object, const char *name)
{
    int is_so = is_of(type, object, name);
    if (is_so == 0)
        PyErr_Format(PyExc_TypeError, "a %s is needed", name);
    return is_so == 1;
}

/* --- costs: what characters cost under a model ---------------------------------------------------------------- */

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
   so that threads can share them. */
#define PAIRS_MET_BITS 17

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

/* Return what the cache holds for a character; UNSEEN where Python raised. */
static uint32_t
entry_of(Costs *self, Py_UCS4 c)
{
    uint32_t entry = self->cache[c];
    if (entry != UNSEEN)
        return entry;
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
    entry = number >= 0 ? NUMBER | (uint32_t)number : (depends ? DEPENDS : ALONE) | (uint32_t)first;
    return self->cache[c] = entry;
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

/* Walk over a text from the edge of a line; into a list if there is one. Return the sum, -1 where Python raised. */
static long
walk(Costs *self, PyObject *text, PyObject *list)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    Py_UCS4 first = '\n';
    uint32_t before = entry_of(self, first);
    long total = 0;
    if (before == UNSEEN)
        return -1;
    for (Py_ssize_t i = 0; i < size; i++) {
        Py_UCS4 second = PyUnicode_READ(kind, data, i);
        uint32_t entry = entry_of(self, second);
        long cost = entry == UNSEEN ? -1 : cost_behind(self, first, before, second, entry);
        if (cost < 0)
            return -1;
        total += cost;
        if (list != NULL) {
            PyObject *item = PyLong_FromLong(cost);
            if (item == NULL)
                return -1;
            PyList_SET_ITEM(list, i, item);
        }
        first = second;
        before = entry;
    }
    return total;
}

static PyObject *
costs_cost(Costs *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "a text is needed");
    long total = walk(self, text, NULL);
    return total < 0 ? NULL : PyLong_FromLong(total);
}

static PyObject *
costs_costs(Costs *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "a text is needed");
    PyObject *list = PyList_New(PyUnicode_GET_LENGTH(text));
    if (list != NULL && walk(self, text, list) < 0)
        Py_CLEAR(list);
    return list;
}

/* Return the cost of a character by itself, given the cache's entry for it; -1 where there is none. */
static inline long
cost_of_entry(const Costs *self, uint32_t entry)
{
    if ((entry & KIND) == NUMBER)
        return ((const uint8_t *)self->unigrams.buf)[entry & ~KIND];
    return entry == UNSEEN ? -1 : (long)(entry & ~KIND);
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

static PyObject *
costs_alone(Costs *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "a text is needed");
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    long total = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        long cost = cost_alone(self, PyUnicode_READ(kind, data, i));
        if (cost < 0)
            return NULL;
        total += cost;
    }
    return PyLong_FromLong(total);
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

/* Add a part to a list. Return -1 where Python raised. */
static int
add_part(PyObject *list, Py_ssize_t start, Py_ssize_t end)
{
    PyObject *part = Py_BuildValue("nn", start, end);
    int added = part == NULL ? -1 : PyList_Append(list, part);
    Py_XDECREF(part);
    return added;
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
            if (best > least && add_part(list, start, end) < 0)
                goto failed;
            start = -1;
        }
    }
    if (start >= 0 && best > least && add_part(list, start, end) < 0)
        goto failed;
    return list;
failed:
    Py_XDECREF(list);
    return NULL;
}

/* Tell how many pairs of neighbours of a text have a number. */
static PyObject *
costs_count_known_pairs(Costs *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "a text is needed");
    long count = 0;
    uint32_t before = 0, entry;
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(text); i++, before = entry) {
        entry = entry_of(self, PyUnicode_READ_CHAR(text, i));
        if (entry == UNSEEN)
            return NULL;
        if ((before & KIND) == NUMBER && (entry & KIND) == NUMBER) {
            Sought pair = find_pair(self, before & ~KIND, entry & ~KIND);
            count += is_kept(self, &pair);
        }
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

/* Where a line of a text begins and ends, and what it costs. */
typedef struct {
    Py_ssize_t start, end;
    long cost, alone;
} Line;

/* Go on to the next line of a text, given that before it with an end of -1 at first, and tell what it costs. Return 0
   where there is no more, -1 where Python raised. */
static int
weigh_next_line(Costs *self, PyObject *text, Line *line)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    if (line->end >= size)
        return 0;
    line->cost = line->alone = 0;
    Py_UCS4 first = '\n', second;
    uint32_t before = entry_of(self, first), entry;
    if (before == UNSEEN)
        return -1;
    Py_ssize_t i = line->start = line->end + 1;
    for (; i < size && (second = PyUnicode_READ(kind, data, i)) != '\n'; i++, first = second, before = entry) {
        entry = entry_of(self, second);
        long cost = entry == UNSEEN ? -1 : cost_behind(self, first, before, second, entry);
        if (cost < 0)
            return -1;
        line->cost += cost;
        line->alone += cost_of_entry(self, entry);
    }
    line->end = i;
    return 1;
}

/* Tell whether so much of what is not ASCII in a part of a text is in a set. */
static int
has_share(const Characters *wanted, PyObject *text, Py_ssize_t start, Py_ssize_t end, double share)
{
    Py_ssize_t beyond = 0, found = 0;
    for (Py_ssize_t i = start; i < end; i++) {
        Py_UCS4 c = PyUnicode_READ_CHAR(text, i);
        beyond += c >= 0x80;
        found += has(wanted, c);
    }
    return found >= share * beyond;
}

/* Tell of the lines of a text, as far as they gain, how much more each costs than that of another, which would stand
   there: see `gains_of_lines` of models/plausibility.py. */
static PyObject *
costs_gains_of_lines(Costs *self, PyObject *args)
{
    PyObject *old, *new, *wanted;
    long usual;
    double share, of_pairs, of_characters, of_new, least;
    if (!PyArg_ParseTuple(args, "UU(dd)dlOdd", &old, &new, &of_pairs, &of_characters, &of_new, &usual, &wanted, &share,
                          &least))
        return NULL;
    if (!is_one(Py_TYPE(self), wanted, "Characters"))
        return NULL;
    PyObject *list = PyList_New(0);
    Line was = {.end = -1}, would = {.end = -1};
    int more = list == NULL ? -1 : 1;
    while (more > 0) {
        more = weigh_next_line(self, new, &would);
        int has_other = more < 0 ? -1 : weigh_next_line(self, old, &was);
        if (has_other != more) {
            if (has_other >= 0)
                PyErr_SetString(PyExc_ValueError, "both texts need as many lines");
            more = -1;
        }
        if (more <= 0)
            break;
        double stands = of_pairs * was.cost + of_characters * was.alone;
        double gain = stands - of_new * (of_pairs * would.cost + of_characters * would.alone);
        if (gain <= least || would.cost >= usual * (would.end - would.start) ||
            !has_share((const Characters *)wanted, new, would.start, would.end, share))
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

/* --- suspicion: a clue that is confirmed by what is around it, and asked of Python only then --------------------- */

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

static inline Py_ssize_t
smaller(Py_ssize_t one, Py_ssize_t other)
{
    return one < other ? one : other;
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

/* Tell whether there are kana and what Japanese has not; -1 where Python raised. */
static int
mixes_kana(Suspicion *self, const Place *place)
{
    Py_ssize_t i = place->first;
    while (i < place->last && !has(self->kana, read_at(place, i)))
        i++;
    if (i == place->last)
        return 0;
    if (SHARED(self->with_kana) == NULL && keep(self, self->load_with_kana, "Characters", &self->with_kana) < 0)
        return -1;
    for (i = place->first; i < place->last; i++)
        if (!has((Characters *)self->with_kana, read_at(place, i)))
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
    if (!has_another(self, &place))
        return 0;
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

/* --- bytes: what a text was read from, and what its characters cost up to each byte -------------------------------- */

/* Characters are asked for in blocks, as to write many at once takes hardly longer than to write one. Memory that is
   touched for the first time costs more than what is kept in it, so that one text asks for few; each time twice as many
   are asked, as a process that has met many texts will meet all. Beyond so many the next is no cheaper, and may be of
   another script, which the answer is chosen by. */
#define BLOCK 0x40
#define BLOCKS (BMP / BLOCK)
#define MOST_AT_ONCE 0x10

typedef struct {
    PyObject_HEAD
    Costs *costs;
    PyObject *look_up, *every;
    int is_loaded;     /* whether it was asked which characters have bytes: most encodings of a process are never needed */
    int is_single;     /* whether all characters that have bytes are known: each has one, and none is beyond the BMP */
    uint8_t row_of[0x100];     /* then for each 0x100 characters which of the rows is theirs, counted from 1 on */
    uint8_t (*rows)[0x100];    /* and in it the byte of each, or 0 */
    int at_once;               /* else how many blocks are asked for next */
    uint32_t *blocks[BLOCKS];  /* and for each character that was asked for and its neighbours: how many bytes, in the
                                  highest byte, and up to three of them; or four of them, the first in the highest byte
                                  and above ASCII */
} Bytes;

/* No bytes, and so many that no block can hold them. */
enum { NO_BYTES = 4u << 24, MANY_BYTES = 5u << 24, FOUR_BYTES = 0x80u << 24 };

static int
bytes_traverse(Bytes *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->costs);
    Py_VISIT(self->look_up);
    Py_VISIT(self->every);
    return 0;
}

static int
bytes_clear(Bytes *self)
{
    Py_CLEAR(self->costs);
    Py_CLEAR(self->look_up);
    Py_CLEAR(self->every);
    return 0;
}

static void
bytes_dealloc(Bytes *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    bytes_clear(self);
    PyMem_Free(self->rows);
    for (int i = 0; i < BLOCKS; i++)
        PyMem_Free(self->blocks[i]);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
bytes_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *costs, *look_up, *every;
    static char *names[] = {"costs", "look_up", "every", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOO", names, &costs, &look_up, &every))
        return NULL;
    if (!is_one(type, costs, "Costs"))
        return NULL;
    Bytes *self = (Bytes *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->costs = (Costs *)Py_NewRef(costs);
    self->look_up = Py_NewRef(look_up);
    self->every = Py_NewRef(every);
    self->at_once = 1;
    return (PyObject *)self;
}

/* Keep the byte of each character, which is its place among all of them. Return -1 where there is no memory. */
static int
keep_every(Bytes *self, PyObject *every)
{
    Py_ssize_t count = PyUnicode_GET_LENGTH(every);
    int rows = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_UCS4 c = PyUnicode_READ_CHAR(every, i);
        if (c < BMP && self->row_of[c >> 8] == 0)
            self->row_of[c >> 8] = (uint8_t)++rows;
    }
    self->rows = rows == 0 ? NULL : PyMem_Calloc(rows, sizeof *self->rows);
    if (rows > 0 && self->rows == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        Py_UCS4 c = PyUnicode_READ_CHAR(every, i);
        if (c < BMP)
            self->rows[self->row_of[c >> 8] - 1][c & 0xFF] = (uint8_t)i;
    }
    self->is_single = count > 0;
    SHARE(self->is_loaded, 1);
    return 0;
}

/* Ask which characters have bytes. Return -1 where Python raised.

   Another thread may do the same meanwhile, and be at work with what it was told, so that the first stays. */
static int
load_bytes(Bytes *self)
{
    PyObject *every = PyObject_CallNoArgs(self->every);
    if (every == NULL || !PyUnicode_Check(every)) {
        if (every != NULL)
            PyErr_SetString(PyExc_TypeError, "all characters are needed, as a text");
        Py_XDECREF(every);
        return -1;
    }
    int kept = 0;
    BEGIN_CRITICAL_SECTION(self);
    if (!self->is_loaded)
        kept = keep_every(self, every);
    END_CRITICAL_SECTION();
    Py_DECREF(every);
    return kept;
}

/* Return how a block keeps the bytes of a character, as far as it can. */
static uint32_t
entry_of_bytes(const uint8_t *data, Py_ssize_t count)
{
    if (count == 4 && data[0] >= 0x80)
        return (uint32_t)data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
    uint32_t entry = count == 0 ? NO_BYTES : count > 3 ? MANY_BYTES : (uint32_t)count << 24;
    for (Py_ssize_t i = 0; entry < NO_BYTES && i < count; i++)
        entry |= (uint32_t)data[i] << (8 * i);
    return entry;
}

/* Keep a block of what was told, which begins there; return where the next begins, NULL where there is none. */
static const uint8_t *
keep_block(Bytes *self, uint32_t **place, const uint8_t *told, const uint8_t *end)
{
    uint32_t *block = PyMem_Malloc(BLOCK * sizeof(uint32_t));
    if (block == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (int i = 0; i < BLOCK; i++, told++) {
        const uint8_t *first = told;
        while (told < end && *told != '\n')
            told++;
        if (told == end) {
            PyErr_SetString(PyExc_TypeError, "the bytes of each character are needed, and a line feed behind each");
            PyMem_Free(block);
            return NULL;
        }
        block[i] = entry_of_bytes(first, told - first);
    }
    /* Another thread may do the same meanwhile, and be at work with what it was told, so that the first stays. */
    int is_first;
    BEGIN_CRITICAL_SECTION(self);
    is_first = *place == NULL;
    if (is_first)
        SHARE(*place, block);
    END_CRITICAL_SECTION();
    if (!is_first)
        PyMem_Free(block);
    return told;
}

/* Ask for the bytes of the block that a character beyond ASCII is in, and of some around it. Return -1 where Python
   raised. */
static int
load_blocks(Bytes *self, Py_UCS4 c)
{
    Py_UCS2 characters[2 * BLOCK * MOST_AT_ONCE];
    int at_once = SHARED(self->at_once), first = c / BLOCK / at_once * at_once, last = first + at_once;
    if (first < 0x80 / BLOCK)
        first = 0x80 / BLOCK;
    int count = (last - first) * BLOCK;
    for (int i = 0; i < count; i++) {
        characters[2 * i] = (Py_UCS2)(first * BLOCK + i);
        characters[2 * i + 1] = '\n';
    }
    PyObject *asked = PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, characters, 2 * count);
    PyObject *told = asked == NULL ? NULL : PyObject_CallOneArg(self->look_up, asked);
    Py_XDECREF(asked);
    if (told == NULL)
        return -1;
    if (!PyBytes_Check(told)) {
        Py_DECREF(told);
        PyErr_SetString(PyExc_TypeError, "bytes are needed");
        return -1;
    }
    const uint8_t *data = (const uint8_t *)PyBytes_AS_STRING(told), *end = data + PyBytes_GET_SIZE(told);
    for (int block = first; data != NULL && block < last; block++)
        data = keep_block(self, &self->blocks[block], data, end);
    Py_DECREF(told);
    if (data == NULL)
        return -1;
    if (at_once < MOST_AT_ONCE)
        SHARE(self->at_once, 2 * at_once);
    return 0;
}

/* Write the bytes of a character; return how many, -1 where Python raised. No character has more than eight. */
static Py_ssize_t
bytes_of(Bytes *self, Py_UCS4 c, uint8_t *out)
{
    *out = (uint8_t)c;
    if (c < 0x80)
        return 1;
    if (self->is_single) {
        int row = c < BMP ? self->row_of[c >> 8] : 0;
        *out = row > 0 ? self->rows[row - 1][c & 0xFF] : 0;
        return *out != 0;
    }
    uint32_t entry = MANY_BYTES;
    if (c < BMP) {
        if (SHARED(self->blocks[c / BLOCK]) == NULL && load_blocks(self, c) < 0)
            return -1;
        entry = SHARED(self->blocks[c / BLOCK])[c % BLOCK];
    }
    if (entry == NO_BYTES)
        return 0;
    if (entry & FOUR_BYTES) {
        for (int i = 0; i < 4; i++)
            out[i] = entry >> (8 * (3 - i));
        return 4;
    }
    if (entry != MANY_BYTES) {
        Py_ssize_t count = entry >> 24;
        for (Py_ssize_t i = 0; i < count; i++)
            out[i] = entry >> (8 * i);
        return count;
    }
    PyObject *character = PyUnicode_FromOrdinal(c);
    PyObject *told = character == NULL ? NULL : PyObject_CallOneArg(self->look_up, character);
    Py_XDECREF(character);
    if (told == NULL)
        return -1;
    if (!PyBytes_Check(told) || PyBytes_GET_SIZE(told) > 8) {
        Py_DECREF(told);
        PyErr_SetString(PyExc_TypeError, "up to eight bytes are needed");
        return -1;
    }
    Py_ssize_t count = PyBytes_GET_SIZE(told);
    memcpy(out, PyBytes_AS_STRING(told), count);
    Py_DECREF(told);
    return count;
}

#define MOST_BYTES 3

#define IN_NO_PAIRS (-1)

/* Write the bytes of text[start:end], at most eight for each character, and what stands up to each of them costs, each
   character by itself or behind the one before it, and then so much at the most. What has no bytes is passed over, and
   ends the line where each character has one byte. Return how many, -1 where Python raised. */
static Py_ssize_t
write_run(Bytes *self, PyObject *text, Py_ssize_t start, Py_ssize_t end, long most_in_pairs, uint8_t *data,
          int32_t *stands, int *has_singles)
{
    int kind = PyUnicode_KIND(text);
    const void *units = PyUnicode_DATA(text);
    Py_ssize_t at = 0;
    *has_singles = 0;
    stands[0] = 0;
    if (!SHARED(self->is_loaded) && load_bytes(self) < 0)
        return -1;
    int in_pairs = most_in_pairs != IN_NO_PAIRS;
    if (in_pairs)
        meet_pairs(self->costs, text, start + 1, end);
    for (Py_ssize_t i = start; i < end; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, units, i);
        Py_ssize_t count = bytes_of(self, c, data + at);
        if (count < 0)
            return -1;
        if (count == 0 && self->is_single && at > 0 && data[at - 1] != '\n') {
            data[at++] = '\n';
            stands[at] = stands[at - 1];
        }
        /* Four bytes of GB18030 have digits in them, as two characters of nothing else have. */
        if (count == 0 || count > MOST_BYTES)
            continue;
        long cost = in_pairs && i > start ? cost_of_pair(self->costs, PyUnicode_READ(kind, units, i - 1), c)
                                          : cost_alone(self->costs, c);
        if (cost < 0)
            return -1;
        if (in_pairs && cost > most_in_pairs)
            cost = most_in_pairs;
        for (Py_ssize_t k = 1; k < count; k++)
            stands[at + k] = stands[at];
        stands[at + count] = stands[at] + (int32_t)cost;
        at += count;
        *has_singles |= count == 1;
    }
    return at;
}

static PyType_Slot bytes_slots[] = {
    {Py_tp_new, bytes_new},
    {Py_tp_dealloc, bytes_dealloc},
    {Py_tp_traverse, bytes_traverse},
    {Py_tp_clear, bytes_clear},
    {0, NULL},
};

static PyType_Spec bytes_spec = {
    .name = "mojimend.kernel._loops.Bytes",
    .basicsize = sizeof(Bytes),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = bytes_slots,
};

/* --- runs: what bytes gain if they are read in another encoding ------------------------------------------------- */

/* No pair of bytes ends with one before the first of these. Digits may stand in four bytes. */
enum { FIRST_TRAIL = 0x40, FIRST_DIGIT = '0', TRAILS = 0x100 - FIRST_DIGIT };

typedef struct {
    PyObject_HEAD
    Costs *costs;
    PyObject *table_of;   /* None for UTF-8, which is read here */
    int least_width;      /* how many bytes a character of that has, if it is not ASCII */
    PyObject *first_of;
    int has_table;
    uint32_t alone[0x100];        /* what each byte is by itself, 0 for what begins more: see below */
    uint32_t (*pairs)[TRAILS];    /* what begins with each two bytes, the first of them not in ASCII */
} Runs;

/* Two bytes from here on that are no character are broken together, as in encodings/lenient.py. */
#define FIRST_OF_PAIR 0xA1
#define NO_CHARACTER UINT32_MAX

/* What begins with two bytes: a character in the low bits, and how many bytes it has, that it is none, or that more than
   two bytes tell. In the highest byte one more than it costs, once that was asked. */
enum { CHARACTER = 0x1FFFFF, WHICH = 7 << 21, COST_AT = 24, MOST_COST = 0xFE };
enum { ONE = 1 << 21, TWO = 2 << 21, BROKEN = 3 << 21, BROKEN_PAIR = 4 << 21, LONGER = 5 << 21 };

static int
runs_traverse(Runs *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->costs);
    Py_VISIT(self->table_of);
    Py_VISIT(self->first_of);
    return 0;
}

static int
runs_clear(Runs *self)
{
    Py_CLEAR(self->costs);
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
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
runs_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *costs, *table_of, *first_of;
    int least_width = 2;
    static char *names[] = {"costs", "table_of", "first_of", "least_width", NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOO|i", names, &costs, &table_of, &first_of, &least_width))
        return NULL;
    if (!is_one(type, costs, "Costs"))
        return NULL;
    Runs *self = (Runs *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->costs = (Costs *)Py_NewRef(costs);
    self->table_of = Py_NewRef(table_of);
    self->least_width = least_width;
    self->first_of = Py_NewRef(first_of);
    return (PyObject *)self;
}

/* Return how many bytes the character of UTF-8 has that begins at a place, and the character; 0 if none does. */
static int
read_utf_8(const uint8_t *data, Py_ssize_t size, Py_UCS4 *character)
{
    uint8_t lead = data[0];
    *character = lead;
    if (lead < 0x80)
        return 1;
    int more = lead >= 0xC2 && lead < 0xE0 ? 1 : lead >= 0xE0 && lead < 0xF0 ? 2 : lead >= 0xF0 && lead < 0xF5 ? 3 : 0;
    if (more == 0 || size <= more)
        return 0;
    Py_UCS4 c = lead & (0x3F >> more);
    for (int i = 1; i <= more; i++) {
        if ((data[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (data[i] & 0x3F);
    }
    if ((more == 2 && (c < 0x800 || (c >= 0xD800 && c < 0xE000))) || (more == 3 && (c < 0x10000 || c > 0x10FFFF)))
        return 0;
    *character = c;
    return more + 1;
}

/* Return the entry of a character that begins with two bytes, with what it costs where that is known: most are met later,
   one here and one there, and then have to be waited for. */
static inline uint32_t
entry_of_two(const Runs *self, Py_UCS4 c)
{
    long cost = cost_of_entry(self->costs, self->costs->cache[c]);
    return TWO | c | (cost >= 0 && cost <= MOST_COST ? (uint32_t)(cost + 1) << COST_AT : 0);
}

/* What an encoding shows: each byte by itself, and behind each lead byte each of the others, with a line feed behind. */
typedef struct {
    PyObject *alone, *pairs;
    const uint8_t *leads, *trails;
    Py_ssize_t count_leads, count_trails;
} Shown;

/* Keep what begins with each two bytes, as far as two tell. Return -1 where there is no memory. */
static int
keep_shown(Runs *self, const Shown *shown)
{
    self->pairs = PyMem_Calloc(0x80, sizeof *self->pairs);
    if (self->pairs == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (int byte = 0; byte < 0x100 && byte < PyUnicode_GET_LENGTH(shown->alone); byte++) {
        Py_UCS4 c = PyUnicode_READ_CHAR(shown->alone, byte);
        self->alone[byte] = c != 0xFFFD ? ONE | c : byte < 0x80 ? BROKEN : 0;
    }
    int kind = PyUnicode_KIND(shown->pairs);
    const void *data = PyUnicode_DATA(shown->pairs);
    Py_ssize_t size = PyUnicode_GET_LENGTH(shown->pairs), at = 0;
    const uint8_t *trails = shown->trails;
    for (Py_ssize_t i = 0; i < shown->count_leads; i++) {
        uint8_t lead = shown->leads[i];
        uint32_t *row = self->pairs[lead & 0x7F];
        for (int trail = '9' + 1; trail < FIRST_TRAIL && self->alone[lead] == 0; trail++)
            row[trail - FIRST_DIGIT] = BROKEN;
        for (Py_ssize_t k = 0; k < shown->count_trails && at < size; k++, at++) {
            Py_UCS4 first = PyUnicode_READ(kind, data, at), c = first;
            int is_broken = first == '\n', is_pair = lead >= FIRST_OF_PAIR && trails[k] >= FIRST_OF_PAIR;
            for (; c != '\n' && at < size; c = ++at < size ? PyUnicode_READ(kind, data, at) : '\n')
                is_broken |= c == 0xFFFD;
            if (self->alone[lead] == 0 && trails[k] >= FIRST_TRAIL)
                row[trails[k] - FIRST_DIGIT] = !is_broken ? entry_of_two(self, first) : is_pair ? BROKEN_PAIR : BROKEN;
        }
    }
    SHARE(self->has_table, 1);
    return 0;
}

/* Ask what begins with each two bytes. Return -1 where Python raised.

   Another thread may do the same meanwhile, and be at work with what it was told, so that the first stays. */
static int
load_table(Runs *self)
{
    Shown shown;
    PyObject *told = PyObject_CallNoArgs(self->table_of);
    if (told == NULL)
        return -1;
    int kept = PyArg_ParseTuple(told, "Uy#y#U", &shown.alone, &shown.leads, &shown.count_leads, &shown.trails,
                                &shown.count_trails, &shown.pairs) ? 0 : -1;
    if (kept == 0) {
        BEGIN_CRITICAL_SECTION(self);
        if (!self->has_table)
            kept = keep_shown(self, &shown);
        END_CRITICAL_SECTION();
    }
    Py_DECREF(told);
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
    uint32_t entry = *place;
    if (entry == 0 || entry == LONGER) {
        PyObject *told = PyObject_CallFunction(self->first_of, "y#", data, size > 4 ? 4 : size), *text;
        int by_two, is_told = told != NULL && PyArg_ParseTuple(told, "Uip", &text, width, &by_two);
        if (is_told && PyUnicode_GET_LENGTH(text) > 0)
            *c = PyUnicode_READ_CHAR(text, 0);
        Py_XDECREF(told);
        if (!is_told)
            return -1;
        if (!by_two) {
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

static PyType_Slot runs_slots[] = {
    {Py_tp_new, runs_new},
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

/* --- gains: what a text gains if it is read back, in each of several ways ---------------------------------------- */

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
    if (best < 0 || !is_cut || runs->table_of == Py_None)
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
        for (Py_ssize_t k = 1; k < PyTuple_GET_SIZE(way) && data[i] >= 0x80 && data[i + 1] >= FIRST_DIGIT; k++) {
            const Runs *runs = (const Runs *)PyTuple_GET_ITEM(way, k);
            if (SHARED(runs->has_table))
                FETCH(&runs->pairs[data[i] & 0x7F][data[i + 1] - FIRST_DIGIT]);
        }
}

/* What is asked: the text, what a byte costs that is none of a character, whether the text may begin inside a character,
   from what gain on it is counted in pairs, and what each character that stands there then counts at the most, and what
   gain is enough, so that no more is asked. */
typedef struct {
    PyObject *text;
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
    int has_singles, is_paired = 0;
    Py_ssize_t size = write_run(bytes, asked->text, start, end, IN_NO_PAIRS, room->data, room->stands, &has_singles);
    if (size < 0)
        return -1;
    int is_known = is_as_before(room, way, size), is_cut = asked->is_cut || has_singles;
    if (!is_known)
        fetch_runs(way, room->data, size);
    for (Py_ssize_t k = 1; k < PyTuple_GET_SIZE(way); k++) {
        Runs *runs = (Runs *)PyTuple_GET_ITEM(way, k);
        long best = is_known ? room->gained[k - 1]
                             : best_of_starts(runs, room->data, size, room->stands, asked->broken, is_cut, 0);
        if (!is_known && best >= 0 && best < asked->in_pairs_from)
            best = 0;
        else if (!is_known && best >= 0 && asked->in_pairs_from >= 0) {
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
    size_t most = 8 * characters + 1;
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

/* Ask for what the bytes of a text are in each way, and what its characters cost. */
static void
fetch_bytes(const Gains *self, PyObject *text)
{
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(text); i++) {
        Py_UCS4 c = PyUnicode_READ(kind, data, i);
        for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(self->ways) && c < BMP; k++) {
            const Bytes *bytes = (const Bytes *)PyTuple_GET_ITEM(PyTuple_GET_ITEM(self->ways, k), 0);
            if (k == 0)
                FETCH(&bytes->costs->cache[c]);
            const uint32_t *block = SHARED(bytes->blocks[c / BLOCK]);
            if (block != NULL)
                FETCH(&block[c % BLOCK]);
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

/* Find what a text gains in each way. Return whether one of them is enough, which ends it; -1 where Python raised. */
static int
find_gains(Gains *self, const Asked *asked, long *totals)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(asked->text);
    Room room;
    if (room_init(&room, size, count_totals(self)) < 0)
        return -1;
    int is_enough = 0;
    fetch_bytes(self, asked->text);
    /* Behind a byte that was lost it begins anew. */
    for (Py_ssize_t start = 0, end; start < size && is_enough == 0; start = end + 1) {
        end = PyUnicode_FindChar(asked->text, 0xFFFD, start, size, 1);
        if (end < 0)
            end = size;
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

static PyObject *
gains_reach(Gains *self, PyObject *args)
{
    Asked asked;
    /* The text comes last, as most ask the same of many. */
    if (!PyArg_ParseTuple(args, "lplllU:reach", &asked.broken, &asked.is_cut, &asked.in_pairs_from,
                          &asked.most_in_pairs, &asked.enough, &asked.text))
        return NULL;
    long *totals = PyMem_Calloc(count_totals(self) + 1, sizeof(long));
    if (totals == NULL)
        return PyErr_NoMemory();
    int is_enough = find_gains(self, &asked, totals);
    PyMem_Free(totals);
    return is_enough < 0 ? NULL : PyBool_FromLong(is_enough);
}

static PyMethodDef gains_methods[] = {
    {"of", (PyCFunction)gains_of, METH_VARARGS, NULL},
    {"reach", (PyCFunction)gains_reach, METH_VARARGS, NULL},
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

/* --- walks: the best ways through a window of a line for one misreading ------------------------------------------- */

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

/* --- UTF-8 ----------------------------------------------------------------------------------------------------- */

/* What stands for a lost byte. */
#define LOST 0xFF

static inline int
goes_on(const uint8_t *data, Py_ssize_t at, Py_ssize_t size)
{
    return at < size && (data[at] & 0xC0) == 0x80;
}

/* Return how many bytes a character has by its first, as `encodings/lost.py` does. */
static inline Py_ssize_t
length_by(uint8_t lead)
{
    return lead < 0xE0 ? 2 : lead >= 0xF0 && lead < LOST ? 4 : 3;
}

/* Return how many bytes at a place are left of characters that lost some, as `BROKEN` of rules/lossy_throughout.py has
   them; 0 if they are none. */
static Py_ssize_t
length_of_broken(const uint8_t *data, Py_ssize_t at, Py_ssize_t size)
{
    Py_ssize_t end = at;
    uint8_t lead = data[at];
    if (lead >= 0xC2 && lead <= 0xF4) {
        Py_ssize_t most = at + length_by(lead) - 1;
        for (end++; end < most && goes_on(data, end, size);)
            end++;
        if (end == size || data[end] == '\n' || data[end] == '\r')
            return end - at;
    }
    if (end == size || data[end] != LOST)
        return 0;
    while (end < size && data[end] == LOST)
        end++;
    while (goes_on(data, end, size))
        end++;
    return end - at;
}

/* Return how many characters such bytes were; 0 if more goes on behind than a character has. */
static Py_ssize_t
count_broken(const uint8_t *known, Py_ssize_t size)
{
    Py_ssize_t behind = 0, count = 0;
    while (behind < size && known[size - 1 - behind] != LOST)
        behind++;
    for (Py_ssize_t at = 0; at < size; count++) {
        Py_ssize_t left = size - at, of_one;
        if (known[at] != LOST)
            of_one = Py_MIN(length_by(known[at]), left);
        else {
            /* What goes on belongs to the last of them, which lost its first bytes. */
            Py_ssize_t before = behind > 0 ? left - Py_MAX(3, behind + 1) : left;
            of_one = before > 0 ? Py_MIN(3, before) : left;
            if (of_one > 3)
                return 0;
        }
        at += of_one;
    }
    return count;
}

/* Read what is left of UTF-8: see `pure_left_of_utf_8` of rules/lossy_throughout.py. */
static PyObject *
left_of_utf_8(PyObject *Py_UNUSED(module), PyObject *bytes)
{
    if (!PyBytes_Check(bytes))
        return PyErr_Format(PyExc_TypeError, "bytes are needed");
    const uint8_t *data = (const uint8_t *)PyBytes_AS_STRING(bytes);
    Py_ssize_t size = PyBytes_GET_SIZE(bytes), end = 0;
    Py_UCS4 *text = PyMem_New(Py_UCS4, size + 1);
    if (text == NULL)
        return PyErr_NoMemory();
    PyObject *read = NULL;
    for (Py_ssize_t at = 0; at < size;) {
        int whole = read_utf_8(data + at, size - at, &text[end]);
        if (whole > 0) {
            at += whole;
            end++;
            continue;
        }
        Py_ssize_t broken = length_of_broken(data, at, size), count = count_broken(data + at, broken);
        if (count == 0) {
            PyErr_SetString(PyExc_UnicodeError, "no character, whole or not");
            goto done;
        }
        for (at += broken; count > 0; count--)
            text[end++] = 0xFFFD;
    }
    read = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, text, end);
done:
    PyMem_Free(text);
    return read;
}

/* What a byte is in a character of three: it begins one, or goes on with it. */
enum { LEAD = 1, TRAIL = 2 };

static inline int
part_of_three(uint8_t byte)
{
    return LEAD * ((uint8_t)(byte - 0xE1) <= 0xEF - 0xE1) | TRAIL * ((byte & 0xC0) == 0x80);
}

/* Tell whether three characters of three bytes each stand at a place. */
static int
are_three(const uint8_t *data, Py_ssize_t size, Py_ssize_t at)
{
    if (at < 0 || at + 9 > size)
        return 0;
    for (int i = 0; i < 9; i++)
        if (part_of_three(data[at + i]) != (i % 3 == 0 ? LEAD : TRAIL))
            return 0;
    return 1;
}

/* Find where three such characters stand side by side, from a place on; -1 if they do nowhere: see `pure_find_utf_8` of
   decoding/regions.py. Each third byte is looked at: it is the same part of all three. */
static PyObject *
find_utf_8(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *bytes;
    Py_ssize_t from;
    if (!PyArg_ParseTuple(args, "Sn", &bytes, &from))
        return NULL;
    const uint8_t *data = (const uint8_t *)PyBytes_AS_STRING(bytes);
    Py_ssize_t size = PyBytes_GET_SIZE(bytes);
    int part = 0, before = 0, first = 0;
    for (Py_ssize_t at = from < 0 ? 0 : from; at < size; at += 3) {
        first = before;
        before = part;
        part = part_of_three(data[at]);
        if ((part & before & first) == 0)
            continue;
        for (Py_ssize_t start = at - 8; start <= at - 6; start++)
            if (start >= from && are_three(data, size, start))
                return PyLong_FromSsize_t(start);
    }
    return PyLong_FromLong(-1);
}

/* --- the module -------------------------------------------------------------------------------------------------- */

static int
add_types(PyObject *module)
{
    PyType_Spec *specs[] = {&characters_spec, &scan_spec,  &costs_spec, &suspicion_spec,
                            &bytes_spec,      &runs_spec, &gains_spec, &walks_spec};
    for (size_t i = 0; i < Py_ARRAY_LENGTH(specs); i++) {
        PyObject *type = PyType_FromModuleAndSpec(module, specs[i], NULL);
        int added = type == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)type);
        Py_XDECREF(type);
        if (added < 0)
            return -1;
    }
    return 0;
}

static PyMethodDef module_methods[] = {
    {"left_of_utf_8", left_of_utf_8, METH_O, NULL},
    {"find_utf_8", find_utf_8, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, add_types},
#if PY_VERSION_HEX >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
#if PY_VERSION_HEX >= 0x030D0000
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "mojimend.kernel._loops",
    .m_size = 0,
    .m_methods = module_methods,
    .m_slots = module_slots,
};

PyMODINIT_FUNC
PyInit__loops(void)
{
    return PyModuleDef_Init(&module);
}

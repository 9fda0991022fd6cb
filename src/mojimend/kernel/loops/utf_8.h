/* UTF-8: its characters, what is left of them where bytes were lost, and where some stand among other bytes. */

#pragma once

#include "leaves.h"

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

/* What stands for a lost byte, and for two that one mark stands for. */
#define LOST 0xFF
#define LOST_PAIR 0xFE

/* Nearly all characters of CJK have three bytes, and none has more than four. */
enum { OF_THREE = 3, MOST_OF_UTF_8 = 4 };

#define NO_CHARACTER_AT_ALL "no character, whole or not"

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

/* Return how many bytes behind the last lost one there are of such bytes. */
static inline Py_ssize_t
behind_lost(const uint8_t *known, Py_ssize_t size)
{
    Py_ssize_t behind = 0;
    while (behind < size && known[size - 1 - behind] != LOST)
        behind++;
    return behind;
}

/* Return how many of such bytes, of which so many are behind the last lost one, are of the character that begins them. */
static inline Py_ssize_t
length_of_one(const uint8_t *known, Py_ssize_t size, Py_ssize_t behind)
{
    if (known[0] != LOST)
        return smaller(length_by(known[0]), size);
    /* What goes on belongs to the last of them, which lost its first bytes. */
    Py_ssize_t before = behind > 0 ? size - Py_MAX(OF_THREE, behind + 1) : size;
    return before > 0 ? smaller(OF_THREE, before) : size;
}

/* Return how many characters such bytes were; 0 if more goes on behind than a character has. */
static Py_ssize_t
count_broken(const uint8_t *known, Py_ssize_t size)
{
    Py_ssize_t behind = behind_lost(known, size), count = 0;
    for (Py_ssize_t at = 0; at < size; count++) {
        Py_ssize_t of_one = length_of_one(known + at, size - at, behind);
        if (known[at] == LOST && of_one > OF_THREE)
            return 0;
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
            PyErr_SetString(PyExc_UnicodeError, NO_CHARACTER_AT_ALL);
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

/* A mark of a loss, or where a line ends: its place in the text, and where it begins and ends among the bytes. */
typedef struct {
    Py_ssize_t at, start, end;
} Mark;

/* A text that lost bytes, those it has and FF for each that it lost; its marks, and behind the last of them its end,
   which has no bytes; and what tells the bytes that a character was read from. */
typedef struct {
    PyObject *text, *bytes_of;
    uint8_t *data;
    Py_ssize_t size;
    Mark *marks;
} Lossy;

static inline int
is_mark(Py_UCS4 c)
{
    return c == 0xFFFD || c == '?' || c == '\n' || c == '\r';
}

/* Tell whether a byte stands for lost ones or is a mark. */
static inline int
is_marking(uint8_t byte)
{
    return byte >= LOST_PAIR || is_mark(byte);
}

/* Find the marks of a text by its bytes as `_with_losses` of rules/lossy_throughout.py tells them. A mark is one of those,
   which is part of no character, so that both have the same marks in the same order. Return -1 where Python raised. */
static int
find_marks(Lossy *lossy, const uint8_t *marked, Py_ssize_t size)
{
    int kind = PyUnicode_KIND(lossy->text);
    const void *units = PyUnicode_DATA(lossy->text);
    Py_ssize_t length = PyUnicode_GET_LENGTH(lossy->text), at = 0;
    Mark *mark = lossy->marks;
    for (Py_ssize_t i = 0; i < size; i++) {
        Py_ssize_t start = lossy->size;
        lossy->data[lossy->size++] = marked[i] == LOST_PAIR ? LOST : marked[i];
        if (marked[i] == LOST_PAIR)
            lossy->data[lossy->size++] = LOST;
        if (!is_marking(marked[i]))
            continue;
        while (at < length && !is_mark(PyUnicode_READ(kind, units, at)))
            at++;
        if (at == length) {
            PyErr_SetString(PyExc_ValueError, "there are more marks among the bytes than in the text");
            return -1;
        }
        *mark++ = (Mark){at++, start, lossy->size};
    }
    *mark = (Mark){length, lossy->size, lossy->size};
    return 0;
}

/* Return how many bytes a character was read from, those that begin or end at a place: nearly all can have come from one
   sequence alone. Return -1 where Python raised. */
static Py_ssize_t
length_in(const Lossy *lossy, Py_ssize_t at, Py_ssize_t place, int ends)
{
    PyObject *character = PyUnicode_Substring(lossy->text, at, at + 1);
    PyObject *several = character == NULL ? NULL : PyObject_CallOneArg(lossy->bytes_of, character);
    Py_XDECREF(character);
    if (several == NULL)
        return -1;
    Py_ssize_t length = 0, count = PyTuple_Check(several) ? PyTuple_GET_SIZE(several) : 0;
    for (Py_ssize_t i = 0; i < count && length == 0; i++) {
        PyObject *one = PyTuple_GET_ITEM(several, i);
        Py_ssize_t size = PyBytes_Check(one) ? PyBytes_GET_SIZE(one) : 0, start = ends ? place - size : place;
        int stands_there = start >= 0 && start + size <= lossy->size &&
                           memcmp(lossy->data + start, PyBytes_AS_STRING(one), (size_t)size) == 0;
        if (count == 1 || stands_there)
            length = size;
    }
    Py_DECREF(several);
    return length;
}

/* Turn a range of bytes, in which a mark stands or which one ends, into one of the characters that have some of them.
   Return -1 where Python raised. */
static int
to_characters(const Lossy *lossy, const Mark *mark, Py_ssize_t *start, Py_ssize_t *end)
{
    Py_ssize_t at = mark->at, place = mark->start, size = 0;
    while (size >= 0 && place > *start && at > 0) {
        size = length_in(lossy, --at, place, 1);
        place -= size;
    }
    *start = at;
    while (mark->end < *end && mark[1].start < *end)
        mark++;
    int is_inside = mark->start < *end;
    at = mark->at + is_inside;
    place = is_inside ? mark->end : mark->start;
    while (size >= 0 && place < *end && at < PyUnicode_GET_LENGTH(lossy->text)) {
        size = length_in(lossy, at++, place, 0);
        place += size;
    }
    *end = at;
    return size < 0 ? -1 : 0;
}

/* Make the bytes of a character, FF for those that are not known. */
static PyObject *
known_of(const uint8_t *data, Py_ssize_t size)
{
    uint8_t known[MOST_OF_UTF_8] = {LOST, LOST, LOST, LOST};
    Py_ssize_t lost = 0;
    while (lost < size && data[lost] == LOST)
        lost++;
    Py_ssize_t length = lost == size ? size : Py_MAX(length_by(data[0]), size);
    memcpy(known + (lost > 0 ? length - size : 0), data, (size_t)size);
    return PyBytes_FromStringAndSize((const char *)known, length);
}

/* Add to a list what is told of a character that lost bytes. Return -1 where Python raised. */
static int
add_lost(PyObject *list, PyTypeObject *type, const Lossy *lossy, const Mark *mark, Py_ssize_t at, Py_ssize_t start,
         Py_ssize_t size)
{
    Py_ssize_t end = start + size;
    PyObject *known = known_of(lossy->data + start, size), *told = NULL;
    if (known != NULL && to_characters(lossy, mark, &start, &end) == 0)
        told = Py_BuildValue("(nnnO)", at, start, end, known);
    PyObject *lost = told == NULL ? NULL : make_leaf(type, told);
    int added = lost == NULL ? -1 : PyList_Append(list, lost);
    Py_XDECREF(known);
    Py_XDECREF(told);
    Py_XDECREF(lost);
    return added;
}

/* Tell which characters of a text lost bytes: see `pure_lost_of_utf_8` of rules/lossy_throughout.py. */
static PyObject *
lost_of_utf_8(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *type, *bytes, *list = NULL;
    Lossy lossy = {0};
    if (!PyArg_ParseTuple(args, "O!USO", &PyType_Type, &type, &lossy.text, &bytes, &lossy.bytes_of))
        return NULL;
    const uint8_t *marked = (const uint8_t *)PyBytes_AS_STRING(bytes);
    Py_ssize_t size = PyBytes_GET_SIZE(bytes), pairs = 0, marks = 0, in_text = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        pairs += marked[i] == LOST_PAIR;
        marks += is_marking(marked[i]);
    }
    lossy.data = PyMem_Malloc((size_t)(size + pairs) + 1);
    lossy.marks = PyMem_New(Mark, marks + 1);
    if (lossy.data == NULL || lossy.marks == NULL)
        PyErr_NoMemory();
    else if (find_marks(&lossy, marked, size) == 0)
        list = PyList_New(0);
    const Mark *mark = lossy.marks;
    for (Py_ssize_t at = 0; list != NULL && at < lossy.size;) {
        Py_UCS4 character;
        int whole = read_utf_8(lossy.data + at, lossy.size - at, &character);
        if (whole > 0) {
            at += whole;
            in_text++;
            continue;
        }
        Py_ssize_t end = at + length_of_broken(lossy.data, at, lossy.size);
        if (count_broken(lossy.data + at, end - at) == 0) {
            PyErr_SetString(PyExc_UnicodeError, NO_CHARACTER_AT_ALL);
            Py_CLEAR(list);
        }
        for (Py_ssize_t behind = behind_lost(lossy.data + at, end - at); list != NULL && at < end;) {
            Py_ssize_t of_one = length_of_one(lossy.data + at, end - at, behind);
            while (mark->end <= at)
                mark++;
            if (add_lost(list, (PyTypeObject *)type, &lossy, mark, in_text++, at, of_one) < 0)
                Py_CLEAR(list);
            at += of_one;
        }
    }
    PyMem_Free(lossy.data);
    PyMem_Free(lossy.marks);
    return list;
}

/* Places are looked at in blocks, several side by side. */
enum { PLACES = 0x400 };

/* Return where three characters of three bytes each stand side by side, from a place on; -1 if they do nowhere. */
static Py_ssize_t
find_three(const uint8_t *data, Py_ssize_t size, Py_ssize_t at)
{
    uint8_t begins[PLACES];
    for (; at + 3 * OF_THREE <= size; at += PLACES - 2 * OF_THREE) {
        const uint8_t *here = data + at;
        Py_ssize_t count = smaller(PLACES, size - at - (OF_THREE - 1));
        uint8_t any = 0;
        for (Py_ssize_t i = 0; i < count; i++)
            begins[i] = ((uint8_t)(here[i] - 0xE1) <= 0xEF - 0xE1) & ((here[i + 1] & 0xC0) == 0x80) & ((here[i + 2] & 0xC0) == 0x80);
        for (Py_ssize_t i = 0; i + 2 * OF_THREE < count; i++)
            any |= begins[i] & begins[i + OF_THREE] & begins[i + 2 * OF_THREE];
        for (Py_ssize_t i = 0; any && i + 2 * OF_THREE < count; i++)
            if (begins[i] & begins[i + OF_THREE] & begins[i + 2 * OF_THREE])
                return at + i;
    }
    return -1;
}

/* Find such a place: see `pure_find_utf_8` of decoding/regions.py. */
static PyObject *
find_utf_8(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *bytes;
    Py_ssize_t from;
    if (!PyArg_ParseTuple(args, "Sn", &bytes, &from))
        return NULL;
    const uint8_t *data = (const uint8_t *)PyBytes_AS_STRING(bytes);
    return PyLong_FromSsize_t(find_three(data, PyBytes_GET_SIZE(bytes), from < 0 ? 0 : from));
}

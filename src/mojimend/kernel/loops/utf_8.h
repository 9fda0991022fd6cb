/* UTF-8: its characters, what is left of them where bytes were lost, and where some stand among other bytes. */

#pragma once

#include "python.h"

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

/* Places are looked at in blocks, several side by side. */
enum { PLACES = 0x400, OF_THREE = 3 };

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
